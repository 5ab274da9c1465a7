package dev.backgroundjobs.adapter.sqs;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the {@code sqs} backend. Credentials are those of the SDK's default
 * chain.
 *
 * @param region Region of the queues. That of the SDK's default chain by default.
 * @param endpoint Address of SQS, as for a local one. AWS's own by default.
 * @param batch Gathering of single sends.
 * @param worker Loop that receives.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs.sqs")
public record SqsJobProperties(@Nullable String region, @Nullable URI endpoint, @DefaultValue Batch batch,
		@DefaultValue Worker worker, @DefaultValue Map<String, Queue> queues) {

	/**
	 * Gathering of single sends.
	 *
	 * @param enabled Whether messages that are enqueued one by one at about the same time
	 * are sent in one request, by the SDK's batch manager. Each then waits for the others
	 * a little.
	 */
	public record Batch(@DefaultValue("false") boolean enabled) {
	}

	/**
	 * Settings of the loop that receives.
	 *
	 * @param enabled Whether this application receives the messages of its jobs.
	 * @param concurrency Number of jobs of one queue that run at once.
	 * @param waitTime Time that an empty queue is asked before it answers, up to 20s.
	 * @param visibilityTimeout Time after which others receive the messages of an
	 * instance that is gone: 10s to 12h. Extended while a job runs.
	 * @param maxLease Longest time a message is kept from others while its job runs, up
	 * to 12h.
	 * @param releaseDelay Time after which a message that could not be settled is
	 * received again, up to 12h.
	 */
	public record Worker(@DefaultValue("false") boolean enabled, @DefaultValue("10") int concurrency,
			@DefaultValue("20s") Duration waitTime, @DefaultValue("60s") Duration visibilityTimeout,
			@DefaultValue("1h") Duration maxLease, @DefaultValue("10s") Duration releaseDelay) {
	}

	/**
	 * Settings of one queue.
	 *
	 * @param url Address of the queue in SQS. Looked up by name by default.
	 * @param name Name of the queue in SQS, where the address is not given; one that ends
	 * in .fifo keeps order. That of the queue by default.
	 * @param concurrency Number of jobs of the queue that the worker runs at once.
	 * 'jobs.sqs.worker.concurrency' by default.
	 */
	public record Queue(@Nullable URI url, @Nullable String name, @Nullable Integer concurrency) {
	}

}
