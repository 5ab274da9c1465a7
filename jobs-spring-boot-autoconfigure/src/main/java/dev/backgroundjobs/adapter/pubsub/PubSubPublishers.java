package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;

import com.google.api.gax.core.InstantiatingExecutorProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.pubsub.v1.Publisher;
import com.google.cloud.spring.pubsub.core.publisher.PublisherCustomizer;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Sets up the publishers of the topics that are queues, and of no others. An
 * application's own customizer comes later and may change what is done here.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
final class PubSubPublishers implements PublisherCustomizer {

	// How long a publisher tries; the least that it takes.
	static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(10);

	private static final RetrySettings RETRY = RetrySettings.newBuilder()
		.setInitialRetryDelayDuration(Duration.ofMillis(100))
		.setRetryDelayMultiplier(2)
		.setMaxRetryDelayDuration(Duration.ofSeconds(2))
		.setInitialRpcTimeoutDuration(Duration.ofSeconds(5))
		.setRpcTimeoutMultiplier(1)
		.setMaxRpcTimeoutDuration(Duration.ofSeconds(5))
		.setTotalTimeoutDuration(TOTAL_TIMEOUT)
		.build();

	private final PubSubQueues queues;

	PubSubPublishers(PubSubQueues queues) {
		this.queues = queues;
	}

	@Override
	public void apply(Publisher.Builder publisher, String topic) {
		if (!this.queues.isOurs(topic)) {
			return;
		}
		// Threads of its own: those that all publishers share end as soon as the context
		// begins to close, when jobs that are stopped still have successors to send.
		publisher.setRetrySettings(RETRY)
			.setExecutorProvider(InstantiatingExecutorProvider.newBuilder().setExecutorThreadCount(2).build());
		if (this.queues.isOrderedTopic(topic)) {
			publisher.setEnableMessageOrdering(true);
		}
	}

}
