package dev.backgroundjobs.adapter.lambda;

import java.net.URI;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the {@code lambda} backend. Credentials are those of the SDK's default
 * chain.
 *
 * @param region Region of the functions. That of the SDK's default chain by default.
 * @param endpoint Address of Lambda, as for a local one. AWS's own by default.
 * @param concurrency Number of functions that are invoked at once when many jobs are
 * enqueued, 1 to 50.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs.lambda")
public record LambdaJobProperties(@Nullable String region, @Nullable URI endpoint, @DefaultValue("20") int concurrency,
		@DefaultValue Map<String, Queue> queues) {

	/**
	 * Settings of one queue.
	 *
	 * @param function Name or ARN of the function that runs the queue's jobs.
	 * @param qualifier Version or alias of the function. Its latest version by default.
	 */
	public record Queue(@Nullable String function, @Nullable String qualifier) {
	}

}
