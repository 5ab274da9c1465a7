package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.cloud.spring.pubsub.core.PubSubTemplate;
import com.google.protobuf.ByteString;
import com.google.pubsub.v1.PubsubMessage;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes every message to the topic of its queue. Safe for use by several threads.
 */
final class PubSubJobBackend implements JobBackend {

	private static final Logger logger = LoggerFactory.getLogger(PubSubJobBackend.class);

	static final String NAME = "pubsub";

	// Pub/Sub takes messages of 10 MB, the library's own limit is lower.
	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withDurable()
		.withHoldsDeadLetters();

	private static final BackendCapabilities ORDERED = CAPABILITIES.withOrderedQueues();

	// A little longer than a publisher tries, so that its own error is the one told.
	private static final Duration PATIENCE = PubSubPublishers.TOTAL_TIMEOUT.plusSeconds(5);

	// Whatever a caller wrote there: an attribute takes 1024 bytes.
	private static final int MAX_TRACEPARENT = 256;

	private final Supplier<PubSubTemplate> template;

	private final PubSubQueues queues;

	private final JobMessageCodec codec;

	private final BackendRequests requests;

	PubSubJobBackend(Supplier<PubSubTemplate> template, PubSubQueues queues, JobMessageCodec codec,
			BackendRequests requests) {
		this.template = template;
		this.queues = queues;
		this.codec = codec;
		this.requests = requests;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String enqueue(JobMessage message) {
		return publish(message).result();
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		throw new SchedulingNotSupportedException("Pub/Sub cannot delay a message: set 'jobs.queues."
				+ message.destination() + ".delay-backend' to a backend that can, such as cloud-tasks");
	}

	/**
	 * Publish all, and only then wait, so that the publisher makes batches of them.
	 */
	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		List<Supplier<String>> results = new ArrayList<>(messages.size());
		for (JobMessage message : messages) {
			try {
				results.add(publish(message)::result);
			}
			catch (RuntimeException ex) {
				results.add(() -> {
					throw ex;
				});
			}
		}
		return results.stream().map(SendResult::of).toList();
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public BackendCapabilities capabilities(String queue) {
		return this.queues.isOrdered(queue) ? ORDERED : CAPABILITIES;
	}

	private Publication publish(JobMessage message) {
		String queue = message.destination();
		String topic = this.queues.topic(queue);
		byte[] body = this.codec.encode(message).bytes();
		PubsubMessage.Builder builder = PubsubMessage.newBuilder()
			.setData(ByteString.copyFrom(body))
			.putAttributes("job", message.job())
			.putAttributes("id", message.id())
			.putAttributes("queue", message.queue());
		String traceparent = message.headers().get("traceparent");
		if (traceparent != null && traceparent.length() <= MAX_TRACEPARENT) {
			builder.putAttributes("traceparent", traceparent);
		}
		String key = this.queues.isOrdered(queue) ? orderingKey(message) : null;
		if (key != null) {
			builder.setOrderingKey(key);
		}
		this.requests.count(NAME, "enqueue", body.length);
		return new Publication(queue, topic, key, publish(topic, builder.build()));
	}

	// Without credentials no publisher can be made, which is told like any other failure.
	private CompletableFuture<String> publish(String topic, PubsubMessage message) {
		try {
			return this.template.get().publish(topic, message);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	// Or nothing of that key would be published ever again.
	private void resume(String topic, String orderingKey) {
		try {
			this.template.get().getPublisherFactory().createPublisher(topic).resumePublish(orderingKey);
		}
		catch (RuntimeException ex) {
			logger.debug("Publishing to topic '{}' is not resumed", topic, ex);
		}
	}

	private static String orderingKey(JobMessage message) {
		return (message.group() != null) ? message.group() : message.queue();
	}

	/**
	 * A message that is on its way.
	 */
	private final class Publication {

		private final String queue;

		private final String topic;

		private final @Nullable String orderingKey;

		private final CompletableFuture<String> messageId;

		Publication(String queue, String topic, @Nullable String orderingKey, CompletableFuture<String> messageId) {
			this.queue = queue;
			this.topic = topic;
			this.orderingKey = orderingKey;
			this.messageId = messageId;
		}

		String result() {
			try {
				return this.messageId.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new JobException("Interrupted while a message was published to topic '" + this.topic + "'", ex);
			}
			catch (TimeoutException ex) {
				throw new JobException("Topic '" + this.topic + "' of queue '" + this.queue + "' has taken no message "
						+ "within " + PATIENCE.toSeconds() + " s: Pub/Sub may still take it", ex);
			}
			catch (ExecutionException ex) {
				throw failed((ex.getCause() != null) ? ex.getCause() : ex);
			}
		}

		private JobException failed(Throwable failure) {
			if (this.orderingKey != null) {
				resume(this.topic, this.orderingKey);
			}
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				if (cause instanceof NotFoundException) {
					return new JobException("Pub/Sub has no topic '" + this.topic + "' for queue '" + this.queue
							+ "': create it, or set 'jobs.pubsub.queues." + this.queue
							+ ".topic' to the one there is, and check 'spring.cloud.gcp.project-id'", cause);
				}
				if (cause instanceof PermissionDeniedException) {
					return new JobException("The credentials may not publish to topic '" + this.topic + "' of queue '"
							+ this.queue + "': grant them roles/pubsub.publisher on it", cause);
				}
			}
			return new JobException("Topic '" + this.topic + "' of queue '" + this.queue + "' has not taken a message",
					failure);
		}

	}

}
