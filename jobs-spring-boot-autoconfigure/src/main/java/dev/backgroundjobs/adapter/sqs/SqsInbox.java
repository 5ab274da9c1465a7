package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.backgroundjobs.backend.BackendRequests;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * What is asked of SQS about the messages of one queue. Calls wait for the answer and
 * throw what the SDK throws. Safe for use by several threads.
 */
final class SqsInbox {

	// SQS's own limit of messages in one request.
	static final int MAX_BATCH = 10;

	private static final String BACKEND = "sqs";

	private static final List<MessageSystemAttributeName> ATTRIBUTES = List.of(
			MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, MessageSystemAttributeName.MESSAGE_GROUP_ID,
			MessageSystemAttributeName.SENT_TIMESTAMP);

	private static final Duration MIN_PATIENCE = Duration.ofSeconds(1);

	private static final Duration MAX_PATIENCE = Duration.ofSeconds(10);

	private final Supplier<SqsClient> client;

	private final Supplier<String> url;

	private final Duration waitTime;

	private final Duration visibilityTimeout;

	private final Duration patience;

	private final BackendRequests requests;

	/**
	 * Create the calls of a queue.
	 * @param client returns the client, asked for each call
	 * @param url returns the address of the queue, asked for each call
	 * @param settings how messages are received
	 * @param requests counts requests
	 */
	SqsInbox(Supplier<SqsClient> client, Supplier<String> url, SqsPollSettings settings, BackendRequests requests) {
		this.client = client;
		this.url = url;
		this.waitTime = settings.waitTime();
		this.visibilityTimeout = settings.visibilityTimeout();
		this.patience = patience(settings.visibilityTimeout());
		this.requests = requests;
	}

	// A call that hangs leaves time for another one before the message is somebody
	// else's.
	private static Duration patience(Duration visibilityTimeout) {
		Duration quarter = visibilityTimeout.dividedBy(4);
		if (quarter.compareTo(MIN_PATIENCE) < 0) {
			return MIN_PATIENCE;
		}
		return (quarter.compareTo(MAX_PATIENCE) < 0) ? quarter : MAX_PATIENCE;
	}

	/**
	 * Wait for messages.
	 * @param max how many at most, 1 to 10
	 * @return the messages; none when there were none for the wait time
	 */
	List<Message> receive(int max) {
		SqsClient client = this.client.get();
		String url = this.url.get();
		this.requests.count(BACKEND, "receive", 0);
		return client
			.receiveMessage((request) -> request.queueUrl(url)
				.maxNumberOfMessages(max)
				.waitTimeSeconds((int) this.waitTime.toSeconds())
				.visibilityTimeout(wholeSeconds(this.visibilityTimeout))
				.messageSystemAttributeNames(ATTRIBUTES)
				// Those of the client may be shorter than an answer takes.
				.overrideConfiguration(
						(configuration) -> configuration.apiCallAttemptTimeout(this.waitTime.plus(MAX_PATIENCE))
							.apiCallTimeout(this.waitTime.plus(MAX_PATIENCE).plus(MAX_PATIENCE))))
			.messages();
	}

	/**
	 * Delete messages.
	 * @param handles their receipt handles, 1 to 10
	 * @return those that are not deleted
	 */
	List<Refusal> delete(List<String> handles) {
		List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>(handles.size());
		for (String handle : handles) {
			entries.add(DeleteMessageBatchRequestEntry.builder()
				.id(Integer.toString(entries.size()))
				.receiptHandle(handle)
				.build());
		}
		String url = this.url.get();
		this.requests.count(BACKEND, "delete", 0);
		return refusals(handles,
				this.client.get()
					.deleteMessageBatch((request) -> request.queueUrl(url)
						.entries(entries)
						.overrideConfiguration((configuration) -> configuration.apiCallTimeout(this.patience)))
					.failed());
	}

	/**
	 * Say when others receive messages.
	 * @param handles their receipt handles, 1 to 10
	 * @param timeout from now, up to 12 h; zero for at once, otherwise rounded up to
	 * seconds
	 * @return those for which it is refused
	 */
	List<Refusal> changeVisibility(List<String> handles, Duration timeout) {
		List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>(handles.size());
		for (String handle : handles) {
			entries.add(ChangeMessageVisibilityBatchRequestEntry.builder()
				.id(Integer.toString(entries.size()))
				.receiptHandle(handle)
				.visibilityTimeout(wholeSeconds(timeout))
				.build());
		}
		String url = this.url.get();
		this.requests.count(BACKEND, "change-visibility", 0);
		return refusals(handles,
				this.client.get()
					.changeMessageVisibilityBatch((request) -> request.queueUrl(url)
						.entries(entries)
						.overrideConfiguration((configuration) -> configuration.apiCallTimeout(this.patience)))
					.failed());
	}

	private static int wholeSeconds(Duration duration) {
		return (int) duration.plusNanos(999_999_999).toSeconds();
	}

	private static List<Refusal> refusals(List<String> handles, List<BatchResultErrorEntry> failed) {
		return failed.stream()
			.map((entry) -> new Refusal(handles.get(Integer.parseInt(entry.id())),
					Boolean.TRUE.equals(entry.senderFault()), entry.code() + ": " + entry.message()))
			.toList();
	}

	/**
	 * What SQS did not do of a request for several messages.
	 *
	 * @param handle the message's receipt handle
	 * @param isFinal whether asking again is of no use, as when the message is somebody
	 * else's or gone
	 * @param reason what SQS says
	 */
	record Refusal(String handle, boolean isFinal, String reason) {
	}

}
