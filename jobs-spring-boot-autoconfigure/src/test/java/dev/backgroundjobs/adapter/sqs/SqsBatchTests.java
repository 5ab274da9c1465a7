package dev.backgroundjobs.adapter.sqs;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.times;

/**
 * What is asked of SQS for many messages, and what its answers mean.
 */
class SqsBatchTests extends MockedSqs {

	@Test
	void tellsWhatBecameOfEachMessageOfABatch() {
		attributes(Map.of());
		given(this.client.sendMessageBatch(any(SendMessageBatchRequest.class)))
			.willReturn(SendMessageBatchResponse.builder()
				.successful(SendMessageBatchResultEntry.builder().id("2").messageId("m-3").build())
				.failed(BatchResultErrorEntry.builder().id("0").code("InternalError").message("try again").build())
				.build());
		List<JobMessage> messages = List.of(message(1), message(2), message(3));
		List<SendResult> results = this.backend.enqueueAll(messages);
		assertThat(((SendResult.Failed) results.get(0)).cause()).hasMessageContainingAll(messages.get(0).toString(),
				"queue 'reports'", "InternalError, try again");
		assertThat(((SendResult.Failed) results.get(1)).cause()).hasMessageContaining("it says nothing of it");
		assertThat(results.get(2)).isEqualTo(new SendResult.Sent("m-3"));
	}

	@Test
	void fillsRequestsWithTenMessages() {
		attributes(Map.of());
		given(this.client.sendMessageBatch(any(SendMessageBatchRequest.class)))
			.willReturn(SendMessageBatchResponse.builder().build());
		this.backend.enqueueAll(IntStream.range(0, 21).mapToObj(MockedSqs::message).toList());
		ArgumentCaptor<SendMessageBatchRequest> requests = ArgumentCaptor.forClass(SendMessageBatchRequest.class);
		then(this.client).should(times(3)).sendMessageBatch(requests.capture());
		assertThat(requests.getAllValues()).extracting((request) -> request.entries().size())
			.containsExactly(10, 10, 1);
		assertThat(this.counted).containsExactly("describe", "enqueue", "enqueue", "enqueue");
	}

	@Test
	void goesOnAfterARequestThatSqsRefused() {
		attributes(Map.of());
		given(this.client.sendMessageBatch(any(SendMessageBatchRequest.class))).willThrow(FORBIDDEN);
		List<SendResult> results = this.backend
			.enqueueAll(IntStream.range(0, 21).mapToObj(MockedSqs::message).toList());
		assertThat(results).hasSize(21).allMatch((result) -> result instanceof SendResult.Failed);
		then(this.client).should(times(3)).sendMessageBatch(any(SendMessageBatchRequest.class));
	}

	// The caller sends the first again, and would find the others before them.
	@Test
	void letsNothingOvertakeWhatAFifoQueueHasNotTaken() {
		attributes(Map.of());
		given(this.client.sendMessageBatch(any(SendMessageBatchRequest.class))).willThrow(FORBIDDEN);
		assertThat(sendToFifo(21)).hasSize(21).allMatch((result) -> result instanceof SendResult.Failed);
		then(this.client).should(times(1)).sendMessageBatch(any(SendMessageBatchRequest.class));
	}

	@Test
	void letsNothingOvertakeAMessageThatAFifoQueueHasNotTaken() {
		attributes(Map.of());
		given(this.client.sendMessageBatch(any(SendMessageBatchRequest.class)))
			.willReturn(SendMessageBatchResponse.builder()
				.successful(IntStream.range(0, 9)
					.mapToObj((i) -> SendMessageBatchResultEntry.builder().id("" + i).messageId("m-" + i).build())
					.toList())
				.failed(BatchResultErrorEntry.builder().id("9").code("InternalError").message("try again").build())
				.build());
		List<SendResult> results = sendToFifo(11);
		assertThat(results.subList(0, 9)).allMatch((result) -> result instanceof SendResult.Sent);
		assertThat(((SendResult.Failed) results.get(10)).cause())
			.hasMessage("Not sent, since queue 'reports' keeps order and has not taken a message before it")
			.hasRootCauseMessage(((SendResult.Failed) results.get(9)).cause().getMessage());
		then(this.client).should(times(1)).sendMessageBatch(any(SendMessageBatchRequest.class));
	}

	@Test
	void letsTheOthersOfAFifoQueueGoOnAfterAMessageThatIsNeverTaken() {
		attributes(Map.of());
		BatchResultErrorEntry poison = BatchResultErrorEntry.builder()
			.id("0")
			.code("InvalidMessageContents")
			.senderFault(true)
			.build();
		given(this.client.sendMessageBatch(any(SendMessageBatchRequest.class))).willAnswer((call) -> {
			SendMessageBatchRequest request = call.getArgument(0);
			boolean isFirst = request.entries().size() == 10;
			return SendMessageBatchResponse.builder()
				.failed(isFirst ? List.of(poison) : List.of())
				.successful(IntStream.range(isFirst ? 1 : 0, request.entries().size())
					.mapToObj((i) -> SendMessageBatchResultEntry.builder().id("" + i).messageId("m-" + i).build())
					.toList())
				.build();
		});
		List<SendResult> results = sendToFifo(11);
		assertThat(results.get(0)).isInstanceOf(SendResult.Failed.class);
		assertThat(results.subList(1, 11)).allMatch((result) -> result instanceof SendResult.Sent);
	}

	private List<SendResult> sendToFifo(int count) {
		return backend(this.client, URL + ".fifo")
			.enqueueAll(IntStream.range(0, count).mapToObj(MockedSqs::message).toList());
	}

	@Test
	void waitsForTheWayToSqsOnlyOnceForABatch() {
		attributes(Map.of());
		given(this.client.sendMessageBatch(any(SendMessageBatchRequest.class))).willThrow(UNREACHABLE);
		List<SendResult> results = this.backend
			.enqueueAll(IntStream.range(0, 21).mapToObj(MockedSqs::message).toList());
		assertThat(results).hasSize(21).allMatch((result) -> result instanceof SendResult.Failed);
		then(this.client).should(times(1)).sendMessageBatch(any(SendMessageBatchRequest.class));
	}

}
