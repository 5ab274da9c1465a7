package dev.backgroundjobs.adapter.sqs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * A client that plays SQS for what ElasticMQ cannot be made to answer, and writes down
 * what it is asked.
 */
final class RecordingSqs implements SqsClient {

	/** Handles and seconds of each change of visibility, such as {@code [a, b] 60}. */
	final List<String> changes = new CopyOnWriteArrayList<>();

	/** The handles of each delete. */
	final List<List<String>> deletes = new CopyOnWriteArrayList<>();

	/** What receives bring, one batch each. */
	final BlockingQueue<List<Message>> batches = new LinkedBlockingQueue<>();

	final List<ReceiveMessageRequest> receives = new CopyOnWriteArrayList<>();

	volatile boolean isDown;

	/** The code with which a handle is refused, or {@code null}; "!" means: for now. */
	volatile Function<String, @Nullable String> refuses = (handle) -> null;

	static Message message(String handle, @Nullable String group, int receiveCount) {
		return Message.builder()
			.receiptHandle(handle)
			.messageId(handle)
			.body("body of " + handle)
			.attributes((group != null)
					? Map.of(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "" + receiveCount,
							MessageSystemAttributeName.MESSAGE_GROUP_ID, group)
					: Map.of(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "" + receiveCount))
			.build();
	}

	@Override
	public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
		this.receives.add(request);
		failWhenDown();
		try {
			List<Message> batch = this.batches.poll(request.waitTimeSeconds(), TimeUnit.SECONDS);
			return ReceiveMessageResponse.builder().messages((batch != null) ? batch : List.of()).build();
		}
		catch (InterruptedException ex) {
			throw SdkClientException.create("Interrupted", ex);
		}
	}

	@Override
	public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
		this.deletes.add(request.entries().stream().map(DeleteMessageBatchRequestEntry::receiptHandle).toList());
		failWhenDown();
		List<BatchResultErrorEntry> failed = new ArrayList<>();
		request.entries().forEach((entry) -> refuse(entry.id(), entry.receiptHandle(), failed));
		return DeleteMessageBatchResponse.builder().failed(failed).build();
	}

	@Override
	public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
			ChangeMessageVisibilityBatchRequest request) {
		this.changes.add(request.entries()
			.stream()
			.map(ChangeMessageVisibilityBatchRequestEntry::receiptHandle)
			.sorted()
			.toList() + " " + request.entries().get(0).visibilityTimeout());
		failWhenDown();
		List<BatchResultErrorEntry> failed = new ArrayList<>();
		request.entries().forEach((entry) -> refuse(entry.id(), entry.receiptHandle(), failed));
		return ChangeMessageVisibilityBatchResponse.builder().failed(failed).build();
	}

	private void failWhenDown() {
		if (this.isDown) {
			throw SdkClientException.create("The network is down");
		}
	}

	private void refuse(String id, String handle, List<BatchResultErrorEntry> failed) {
		String code = this.refuses.apply(handle);
		if (code != null) {
			failed.add(BatchResultErrorEntry.builder().id(id).code(code).senderFault(!code.startsWith("!")).build());
		}
	}

	@Override
	public String serviceName() {
		return SERVICE_NAME;
	}

	@Override
	public void close() {
	}

}
