package dev.backgroundjobs.adapter.sqs;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Sends many messages in few requests, each queue's in their order. Safe for use by
 * several threads.
 */
final class SqsBatches {

	private final Supplier<SqsClient> client;

	private final SqsQueues queues;

	private final SqsFailures failures;

	private final JobMessageCodec codec;

	private final BackendRequests requests;

	SqsBatches(Supplier<SqsClient> client, SqsQueues queues, SqsFailures failures, JobMessageCodec codec,
			BackendRequests requests) {
		this.client = client;
		this.queues = queues;
		this.failures = failures;
		this.codec = codec;
		this.requests = requests;
	}

	List<SendResult> sendAll(List<JobMessage> messages) {
		Sending sending = new Sending(messages.size());
		for (int i = 0; i < messages.size(); i++) {
			sending.add(i, messages.get(i));
		}
		return sending.finish();
	}

	/**
	 * The messages of one call.
	 */
	private final class Sending {

		private final SendResult[] results;

		// By address, since several queues may be one in SQS.
		private final Map<String, SqsBatch> batches = new LinkedHashMap<>();

		// Queues that get nothing more of this call. Where there is no way to SQS each
		// request would only wait for its end; and where order is kept, what follows
		// would overtake what is sent again.
		private final Map<String, RuntimeException> closed = new HashMap<>();

		Sending(int size) {
			this.results = new SendResult[size];
		}

		void add(int position, JobMessage message) {
			SqsQueue queue = SqsBatches.this.queues.queue(message.destination());
			try {
				reach(queue);
				SqsEntry entry = SqsEntry.of(message, SqsBatches.this.codec.encode(message), queue.isFifo());
				entry.checkSize(queue.queue(), queue.knownAttributes());
				SqsBatch batch = this.batches.computeIfAbsent(queue.url(), (url) -> new SqsBatch(queue, url));
				if (!batch.hasRoomFor(entry)) {
					send(batch);
					batch = new SqsBatch(queue, batch.url());
					this.batches.put(batch.url(), batch);
				}
				batch.add(position, entry);
			}
			catch (RuntimeException ex) {
				this.results[position] = new SendResult.Failed(ex);
			}
		}

		private void reach(SqsQueue queue) {
			RuntimeException failure = this.closed.get(queue.queue());
			if (failure != null) {
				throw failure;
			}
			try {
				queue.url();
				queue.knownAttributes();
			}
			catch (RuntimeException ex) {
				this.closed.put(queue.queue(), ex);
				throw ex;
			}
		}

		private void send(SqsBatch batch) {
			RuntimeException known = this.closed.get(batch.queue().queue());
			if (known != null) {
				batch.fail(known, this::put);
				return;
			}
			SqsBatches.this.requests.count(SqsJobBackend.NAME, "enqueue", batch.bytes());
			try {
				RuntimeException refused = batch.answer(SqsBatches.this.client.get().sendMessageBatch(batch.request()),
						this::put);
				if (refused != null) {
					keepOrder(batch.queue(), refused);
				}
			}
			catch (SdkException ex) {
				RuntimeException failure = SqsBatches.this.failures.of(batch.queue().queue(), batch.url(),
						"sqs:SendMessage", ex);
				if (ex instanceof SdkClientException) {
					this.closed.put(batch.queue().queue(), failure);
				}
				keepOrder(batch.queue(), failure);
				batch.fail(failure, this::put);
			}
			catch (RuntimeException ex) {
				keepOrder(batch.queue(), ex);
				batch.fail(ex, this::put);
			}
		}

		private void keepOrder(SqsQueue queue, RuntimeException failure) {
			if (queue.isFifo()) {
				this.closed.putIfAbsent(queue.queue(), new JobException("Not sent, since queue '" + queue.queue()
						+ "' keeps order and has not taken a message before it", failure));
			}
		}

		private void put(int position, SendResult result) {
			this.results[position] = result;
		}

		List<SendResult> finish() {
			this.batches.values().forEach(this::send);
			return List.of(this.results);
		}

	}

}
