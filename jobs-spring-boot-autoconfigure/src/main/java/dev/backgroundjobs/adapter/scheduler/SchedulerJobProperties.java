package dev.backgroundjobs.adapter.scheduler;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the {@code eventbridge-scheduler} backend. Credentials are those of the
 * SDK's default chain.
 *
 * @param region Region of the schedules. That of the SDK's default chain by default.
 * @param endpoint Address of EventBridge Scheduler, as for a local one. AWS's own by
 * default.
 * @param roleArn ARN of the role that EventBridge Scheduler delivers messages with.
 * @param groupName Name of the group that schedules are created in. The account's default
 * group by default.
 * @param deadLetterArn ARN of the SQS queue that keeps messages which could not be
 * delivered.
 * @param maxAttempts Number of times a delivery is tried again, 0 to 185.
 * @param maxAge Time for which a delivery is tried, 60s to 24h.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs.eventbridge-scheduler")
public record SchedulerJobProperties(@Nullable String region, @Nullable URI endpoint, @Nullable String roleArn,
		@Nullable String groupName, @Nullable String deadLetterArn, @DefaultValue("185") int maxAttempts,
		@DefaultValue("24h") Duration maxAge, @DefaultValue Map<String, Queue> queues) {

	/**
	 * Settings of one queue.
	 *
	 * @param targetArn ARN of the SQS queue or function that messages are delivered to.
	 * That of the queue's own backend by default.
	 */
	public record Queue(@Nullable String targetArn) {
	}

}
