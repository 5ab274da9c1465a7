package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.Map;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobException;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.Mockito;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.KmsAccessDeniedException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SqsException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * What is asked of SQS and what its answers mean, where the local one does not give them.
 */
class SqsSendingTests extends MockedSqs {

	@Test
	void roundsADelayUpAndNeverToNothing() {
		attributes(Map.of());
		takes();
		this.backend.enqueueAt(message(1), NOW.plusNanos(1));
		this.backend.enqueueAt(message(1), NOW);
		this.backend.enqueueAt(message(1), NOW.plusMillis(1_001));
		this.backend.enqueueAt(message(1), NOW.plusSeconds(900));
		ArgumentCaptor<SendMessageRequest> requests = ArgumentCaptor.forClass(SendMessageRequest.class);
		then(this.client).should(times(4)).sendMessage(requests.capture());
		assertThat(requests.getAllValues()).extracting(SendMessageRequest::delaySeconds).containsExactly(1, 1, 2, 900);
	}

	@Test
	void saysNothingOfADelayWhereThereIsNone() {
		attributes(Map.of());
		takes();
		this.backend.enqueue(message(1));
		ArgumentCaptor<SendMessageRequest> request = ArgumentCaptor.forClass(SendMessageRequest.class);
		then(this.client).should().sendMessage(request.capture());
		assertThat(request.getValue().delaySeconds()).isNull();
		assertThat(request.getValue().overrideConfiguration().orElseThrow().apiCallTimeout())
			.contains(Duration.ofSeconds(10));
	}

	@Test
	void readsAttributesOnce() {
		attributes(Map.of());
		takes();
		this.backend.enqueue(message(1));
		this.backend.enqueue(message(1));
		then(this.client).should(times(1)).getQueueAttributes(any(GetQueueAttributesRequest.class));
		assertThat(this.counted).containsExactly("describe", "enqueue", "enqueue");
	}

	@Test
	void sendsWithoutAttributesThatItMayNotReadAndWarnsOnce() {
		given(this.client.getQueueAttributes(any(GetQueueAttributesRequest.class))).willThrow(FORBIDDEN);
		takes();
		try (CapturedLog log = new CapturedLog()) {
			assertThat(this.backend.enqueue(message(1))).isEqualTo("m-1");
			assertThat(this.backend.enqueue(message(1))).isEqualTo("m-1");
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN")
				.contains("queue 'reports' without a look at its limits", "grant", "sqs:GetQueueAttributes");
		}
	}

	@Test
	void waitsForTheWayToSqsOnlyOnceForAMessage() {
		given(this.client.getQueueAttributes(any(GetQueueAttributesRequest.class))).willThrow(UNREACHABLE);
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.backend.enqueue(message(1)))
			.withMessageContainingAll("SQS was not reached", "'jobs.sqs.region'", "'jobs.sqs.endpoint'");
		then(this.client).should(never()).sendMessage(any(SendMessageRequest.class));
	}

	@Test
	void refusesAMessageBeyondTheQueuesOwnLimit() {
		attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "2048"));
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.backend.enqueue(message(3_000)))
			.withMessageMatching("A message of job 'reports.make' has 3\\d+ bytes with its attributes, and queue "
					+ "'reports' takes 2048: raise its MaximumMessageSize, up to 1048576, or store the data and send its "
					+ "id");
		then(this.client).should(never()).sendMessage(any(SendMessageRequest.class));
	}

	@Test
	void saysWhatAFailureMeans() {
		assertFailure(FORBIDDEN, "SQS refuses sqs:SendMessage on '" + URL + "' of queue 'reports': grant");
		assertFailure(QueueDoesNotExistException.builder().statusCode(400).build(), "SQS has no queue '" + URL + "'");
		assertFailure(KmsAccessDeniedException.builder().statusCode(400).build(), "kms:GenerateDataKey");
		assertFailure((SdkException) SqsException.builder().statusCode(500).message("internal").build(),
				"SQS refuses sqs:SendMessage on '" + URL + "' of queue 'reports': internal");
		assertFailure(ApiCallTimeoutException.create(10_000), "within 10 s: it may still do it");
		assertFailure(AbortedException.create("stopped", new InterruptedException()),
				"Interrupted during sqs:SendMessage");
		assertFailure(UNREACHABLE, "SQS was not reached for sqs:SendMessage");
	}

	private void assertFailure(SdkException failure, String message) {
		SqsClient failing = Mockito.mock(SqsClient.class, MockedSqs::callsWithConsumers);
		given(failing.getQueueAttributes(any(GetQueueAttributesRequest.class)))
			.willReturn(GetQueueAttributesResponse.builder().build());
		given(failing.sendMessage(any(SendMessageRequest.class))).willThrow(failure);
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(failing).enqueue(message(1)))
			.withMessageContaining(message)
			.withCause(failure);
	}

}
