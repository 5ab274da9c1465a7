package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the {@code pubsub} backend. Project, credentials and emulator are those
 * of {@code spring.cloud.gcp}.
 *
 * @param ackDeadline Acknowledgement deadline of the subscriptions that push, which is
 * the time a delivery may take: 10s to 600s.
 * @param worker Pull loop.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs.pubsub")
public record PubSubJobProperties(@DefaultValue("10s") Duration ackDeadline, @DefaultValue Worker worker,
		@DefaultValue Map<String, Queue> queues) {

	/**
	 * Settings of the pull loop.
	 *
	 * @param enabled Whether this application pulls the messages of its jobs.
	 * @param concurrency Number of jobs of one queue that run at once.
	 * @param maxLease Longest time a message is kept from others while its job runs.
	 * @param releaseDelay Time after which a message that could not be settled is
	 * delivered again, up to 600s. On ordered queues the subscription's retry policy says
	 * it.
	 */
	public record Worker(@DefaultValue("false") boolean enabled, @DefaultValue("10") int concurrency,
			@DefaultValue("1h") Duration maxLease, @DefaultValue("10s") Duration releaseDelay) {
	}

	/**
	 * Settings of one queue.
	 *
	 * @param topic Topic that messages are published to: an id, or
	 * projects/.../topics/.... The queue's name by default.
	 * @param subscription Subscription that the worker pulls from: an id, or
	 * projects/.../subscriptions/.... The topic's id by default.
	 * @param ordered Whether messages of one group keep their order.
	 * @param maxDeliveryAttempts Number of deliveries after which the subscription's
	 * dead-letter policy gives a message up: 5 to 100. None by default.
	 * @param concurrency Number of jobs of the queue that the worker runs at once.
	 * 'jobs.pubsub.worker.concurrency' by default.
	 */
	public record Queue(@Nullable String topic, @Nullable String subscription, @DefaultValue("false") boolean ordered,
			@Nullable Integer maxDeliveryAttempts, @Nullable Integer concurrency) {
	}

}
