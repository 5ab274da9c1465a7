package dev.backgroundjobs.adapter.sqs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.SendResult;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/**
 * Messages for one queue that go in one request. Not safe for use by several threads.
 */
final class SqsBatch {

	// SQS's limit.
	private static final int MAX_ENTRIES = 10;

	private final SqsQueue queue;

	private final String url;

	private final List<SqsEntry> entries = new ArrayList<>(MAX_ENTRIES);

	// Where each stands among all messages that are being sent.
	private final List<Integer> positions = new ArrayList<>(MAX_ENTRIES);

	private int bytes;

	SqsBatch(SqsQueue queue, String url) {
		this.queue = queue;
		this.url = url;
	}

	boolean hasRoomFor(SqsEntry entry) {
		return this.entries.size() < MAX_ENTRIES && this.bytes + entry.bytes() <= SqsAttributes.MAX_BYTES;
	}

	void add(int position, SqsEntry entry) {
		this.positions.add(position);
		this.entries.add(entry);
		this.bytes += entry.bytes();
	}

	SqsQueue queue() {
		return this.queue;
	}

	String url() {
		return this.url;
	}

	int bytes() {
		return this.bytes;
	}

	SendMessageBatchRequest request() {
		return SendMessageBatchRequest.builder()
			.queueUrl(this.url)
			.entries(IntStream.range(0, this.entries.size())
				.mapToObj((i) -> this.entries.get(i).batchEntry(Integer.toString(i)))
				.toList())
			.overrideConfiguration(SqsEntry.OVERRIDES)
			.build();
	}

	/**
	 * Tell what became of each message.
	 * @param response SQS's answer
	 * @param results takes the position and the result of each
	 * @return why one was not taken that may be the next time, or {@code null}
	 */
	@Nullable RuntimeException answer(SendMessageBatchResponse response, Results results) {
		Map<String, String> sent = response.successful()
			.stream()
			.collect(Collectors.toMap(SendMessageBatchResultEntry::id, SendMessageBatchResultEntry::messageId));
		Map<String, BatchResultErrorEntry> refused = response.failed()
			.stream()
			.collect(Collectors.toMap(BatchResultErrorEntry::id, Function.identity()));
		RuntimeException passing = null;
		for (int i = 0; i < this.entries.size(); i++) {
			String id = Integer.toString(i);
			String messageId = sent.get(id);
			if (messageId != null) {
				results.put(this.positions.get(i), new SendResult.Sent(messageId));
			}
			else {
				BatchResultErrorEntry error = refused.get(id);
				RuntimeException failure = refused(this.entries.get(i), error);
				results.put(this.positions.get(i), new SendResult.Failed(failure));
				boolean isFinal = error != null && Boolean.TRUE.equals(error.senderFault());
				passing = isFinal ? passing : failure;
			}
		}
		return passing;
	}

	private JobException refused(SqsEntry entry, @Nullable BatchResultErrorEntry error) {
		return new JobException("SQS has not taken " + entry.message() + " for queue '" + this.queue.queue() + "': "
				+ ((error != null) ? error.code() + ", " + error.message() : "it says nothing of it"));
	}

	/**
	 * Tell that nothing was taken for certain.
	 * @param failure why
	 * @param results takes the position and the result of each
	 */
	void fail(RuntimeException failure, Results results) {
		this.positions.forEach((position) -> results.put(position, new SendResult.Failed(failure)));
	}

	/**
	 * Takes what became of each message.
	 */
	@FunctionalInterface
	interface Results {

		/**
		 * Take a result.
		 * @param position where the message stands among all
		 * @param result what became of it
		 */
		void put(int position, SendResult result);

	}

}
