package dev.backgroundjobs.adapter.sqs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.adapter.sqs.SqsAttributes.Redrive;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.DeadLetterBackend;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.batchmanager.SqsAsyncBatchManager;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * Sends every message to the queue of its queue in SQS. Safe for use by several threads.
 */
final class SqsJobBackend implements JobBackend, DeadLetterBackend {

	static final String NAME = "sqs";

	/** The longest delay of a message in SQS. */
	static final Duration MAX_DELAY = Duration.ofMinutes(15);

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxDelay(MAX_DELAY)
		.withMaxMessageBytes(SqsAttributes.MAX_BYTES - SqsEntry.MAX_ATTRIBUTE_BYTES)
		.withDurable()
		.withHoldsDeadLetters();

	private static final BackendCapabilities FIFO = CAPABILITIES.withOrderedQueues().withDeduplicates();

	// A little longer than the client tries, so that its own error is the one told.
	private static final Duration PATIENCE = SqsEntry.PATIENCE.plusSeconds(5);

	private final Supplier<SqsClient> client;

	private final @Nullable Supplier<SqsAsyncBatchManager> batchManager;

	private final SqsQueues queues;

	private final SqsFailures failures;

	private final SqsBatches batches;

	private final JobMessageCodec codec;

	private final BackendRequests requests;

	private final Clock clock;

	/**
	 * Create a backend.
	 * @param client returns the client
	 * @param batchManager returns what gathers single sends, or {@code null} when each
	 * goes alone
	 */
	SqsJobBackend(Supplier<SqsClient> client, @Nullable Supplier<SqsAsyncBatchManager> batchManager, SqsQueues queues,
			SqsFailures failures, JobMessageCodec codec, BackendRequests requests, Clock clock) {
		this.client = client;
		this.batchManager = batchManager;
		this.queues = queues;
		this.failures = failures;
		this.batches = new SqsBatches(client, queues, failures, codec, requests);
		this.codec = codec;
		this.requests = requests;
		this.clock = clock;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String enqueue(JobMessage message) {
		return send(message, null);
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		String queue = message.destination();
		if (this.queues.isFifo(queue)) {
			throw new SchedulingNotSupportedException("Queue '" + queue
					+ "' is a FIFO queue, which cannot delay single " + "messages: drop the delay of job '"
					+ message.job() + "', or send it to a queue without order");
		}
		return send(message, delaySeconds(time));
	}

	// Never 0, since the queue's own delay would be taken for it; never early.
	private int delaySeconds(Instant time) {
		Duration delay = Duration.between(this.clock.instant(), time);
		long seconds = delay.toSeconds() + ((delay.toNanosPart() > 0) ? 1 : 0);
		return (int) Math.max(1, Math.min(seconds, MAX_DELAY.toSeconds()));
	}

	private String send(JobMessage message, @Nullable Integer delaySeconds) {
		SqsQueue queue = this.queues.queue(message.destination());
		SqsEntry entry = entry(message, queue);
		SendMessageRequest.Builder request = entry.request(queue.url(), delaySeconds);
		// A manager has several requests of a queue on their way at once, in any order.
		return (this.batchManager != null && !queue.isFifo())
				? gathered(this.batchManager.get(), queue.queue(), entry, request.build())
				: alone(queue.queue(), entry, request);
	}

	private SqsEntry entry(JobMessage message, SqsQueue queue) {
		SqsEntry entry = SqsEntry.of(message, this.codec.encode(message), queue.isFifo());
		entry.checkSize(queue.queue(), queue.knownAttributes());
		return entry;
	}

	private String alone(String queue, SqsEntry entry, SendMessageRequest.Builder builder) {
		SendMessageRequest request = builder.overrideConfiguration(SqsEntry.OVERRIDES).build();
		this.requests.count(NAME, "enqueue", entry.bytes());
		try {
			return this.client.get().sendMessage(request).messageId();
		}
		catch (SdkException ex) {
			throw this.failures.of(queue, request.queueUrl(), "sqs:SendMessage", ex);
		}
	}

	// Without settings of its own, which the manager would take for a part of the
	// address.
	private String gathered(SqsAsyncBatchManager batchManager, String queue, SqsEntry entry,
			SendMessageRequest request) {
		this.requests.count(NAME, "enqueue", entry.bytes());
		try {
			return batchManager.sendMessage(request).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).messageId();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new JobException("Interrupted while " + entry.message() + " was sent to queue '" + queue + "'", ex);
		}
		catch (TimeoutException ex) {
			throw new JobException("SQS has not taken " + entry.message() + " for queue '" + queue + "' within "
					+ PATIENCE.toSeconds() + " s: it may still take it", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof SdkException failure) {
				throw this.failures.of(queue, request.queueUrl(), "sqs:SendMessage", failure);
			}
			throw new JobException("SQS has not taken " + entry.message() + " for queue '" + queue + "'", ex);
		}
	}

	/**
	 * Send messages of a queue together, up to ten in a request.
	 */
	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		return this.batches.sendAll(messages);
	}

	/**
	 * Send a copy to the queue that the redrive policy names, which SQS itself would move
	 * the message to.
	 */
	@Override
	public @Nullable String enqueueDead(JobMessage copy) {
		SqsQueue queue = this.queues.queue(copy.queue());
		Redrive redrive = queue.attributes().redrive();
		if (redrive == null) {
			return null;
		}
		SqsEntry entry = SqsEntry.of(copy, this.codec.encode(copy), redrive.name().endsWith(SqsQueues.FIFO));
		alone(queue.queue(), entry, entry.request(queue.deadLetterUrl(redrive), null));
		return redrive.name();
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public BackendCapabilities capabilities(String queue) {
		return this.queues.isFifo(queue) ? FIFO : CAPABILITIES;
	}

}
