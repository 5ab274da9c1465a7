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
