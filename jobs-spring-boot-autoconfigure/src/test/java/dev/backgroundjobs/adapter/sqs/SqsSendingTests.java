package dev.backgroundjobs.adapter.sqs;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.Mockito;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.KmsAccessDeniedException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
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
class SqsSendingTests {

	private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.250Z");

	private static final String URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/reports";

	private static final SqsException FORBIDDEN = (SqsException) SqsException.builder()
		.statusCode(403)
		.message("no")
		.build();

	private static final SdkClientException UNREACHABLE = SdkClientException.create("no way",
			new IOException("refused"));

	private final SqsClient client = Mockito.mock(SqsClient.class, SqsSendingTests::callsWithConsumers);

	private final List<String> counted = new ArrayList<>();

	private final SqsJobBackend backend = backend(this.client);

	// The client's methods that take a consumer lead to those that take a request.
	private static Object callsWithConsumers(org.mockito.invocation.InvocationOnMock invocation) throws Throwable {
		boolean isConsumer = invocation.getArguments().length == 1 && invocation.getArgument(0) instanceof Consumer;
		return isConsumer ? invocation.callRealMethod() : Mockito.RETURNS_DEFAULTS.answer(invocation);
	}

	private SqsJobBackend backend(SqsClient client) {
		BackendRequests requests = (backend, operation, bytes) -> this.counted.add(operation);
		SqsFailures failures = new SqsFailures(() -> true, SqsEntry.PATIENCE);
		SqsQueues queues = new SqsQueues(TestSqs.properties(Map.of("reports", TestSqs.queue(URL))),
				new SqsQueue.Surroundings(() -> client, failures, (queue, isFifo, attributes) -> {
				}, requests));
		return new SqsJobBackend(() -> client, null, queues, failures,
				new JobMessageCodec(SigningKeys.none(), Clock.systemUTC()), requests, Clock.fixed(NOW, ZoneOffset.UTC));
	}

	private void attributes(Map<QueueAttributeName, String> attributes) {
		given(this.client.getQueueAttributes(any(GetQueueAttributesRequest.class)))
			.willReturn(GetQueueAttributesResponse.builder().attributes(attributes).build());
	}

	private void takes() {
		given(this.client.sendMessage(any(SendMessageRequest.class)))
			.willReturn(SendMessageResponse.builder().messageId("m-1").build());
	}

	private static JobMessage message(int size) {
		return JobMessage
			.builder(UUID.randomUUID().toString(), "reports.make", "reports", "[\"" + "x".repeat(size) + "\"]", NOW)
			.build();
	}

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
		assertFailure(UNREACHABLE, "SQS was not reached for sqs:SendMessage");
	}

	private void assertFailure(SdkException failure, String message) {
		SqsClient failing = Mockito.mock(SqsClient.class, SqsSendingTests::callsWithConsumers);
		given(failing.getQueueAttributes(any(GetQueueAttributesRequest.class)))
			.willReturn(GetQueueAttributesResponse.builder().build());
		given(failing.sendMessage(any(SendMessageRequest.class))).willThrow(failure);
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(failing).enqueue(message(1)))
			.withMessageContaining(message)
			.withCause(failure);
	}

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
		this.backend.enqueueAll(IntStream.range(0, 21).mapToObj(SqsSendingTests::message).toList());
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
			.enqueueAll(IntStream.range(0, 21).mapToObj(SqsSendingTests::message).toList());
		assertThat(results).hasSize(21).allMatch((result) -> result instanceof SendResult.Failed);
		then(this.client).should(times(3)).sendMessageBatch(any(SendMessageBatchRequest.class));
	}

	@Test
	void waitsForTheWayToSqsOnlyOnceForABatch() {
		attributes(Map.of());
		given(this.client.sendMessageBatch(any(SendMessageBatchRequest.class))).willThrow(UNREACHABLE);
		List<SendResult> results = this.backend
			.enqueueAll(IntStream.range(0, 21).mapToObj(SqsSendingTests::message).toList());
		assertThat(results).hasSize(21).allMatch((result) -> result instanceof SendResult.Failed);
		then(this.client).should(times(1)).sendMessageBatch(any(SendMessageBatchRequest.class));
	}

	@Test
	void findsTheDeadLetterQueueOfAnotherAccount() {
		attributes(Map.of(QueueAttributeName.REDRIVE_POLICY,
				"{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:210987654321:dead\",\"maxReceiveCount\":25}"));
		given(this.client.getQueueUrl(any(GetQueueUrlRequest.class)))
			.willReturn(GetQueueUrlResponse.builder().queueUrl("https://dead").build());
		takes();
		assertThat(this.backend.enqueueDead(message(1))).isEqualTo("dead");
		assertThat(this.backend.enqueueDead(message(1))).isEqualTo("dead");
		ArgumentCaptor<GetQueueUrlRequest> lookUp = ArgumentCaptor.forClass(GetQueueUrlRequest.class);
		then(this.client).should(times(1)).getQueueUrl(lookUp.capture());
		assertThat(lookUp.getValue().queueName()).isEqualTo("dead");
		assertThat(lookUp.getValue().queueOwnerAWSAccountId()).isEqualTo("210987654321");
		ArgumentCaptor<SendMessageRequest> requests = ArgumentCaptor.forClass(SendMessageRequest.class);
		then(this.client).should(times(2)).sendMessage(requests.capture());
		assertThat(requests.getAllValues()).extracting(SendMessageRequest::queueUrl).containsOnly("https://dead");
	}

	@Test
	void putsADeadCopyInOrderWhereTheDeadLetterQueueIsFifo() {
		attributes(Map.of(QueueAttributeName.REDRIVE_POLICY,
				"{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:210987654321:dead.fifo\",\"maxReceiveCount\":\"25\"}"));
		given(this.client.getQueueUrl(any(GetQueueUrlRequest.class)))
			.willReturn(GetQueueUrlResponse.builder().queueUrl("https://dead.fifo").build());
		takes();
		this.backend.enqueueDead(message(1));
		ArgumentCaptor<SendMessageRequest> request = ArgumentCaptor.forClass(SendMessageRequest.class);
		then(this.client).should().sendMessage(request.capture());
		assertThat(request.getValue().messageGroupId()).isEqualTo("reports");
		assertThat(request.getValue().messageDeduplicationId()).hasSize(64);
	}

	@Test
	void failsADeadCopyWhereItMayNotReadTheRedrivePolicy() {
		given(this.client.getQueueAttributes(any(GetQueueAttributesRequest.class))).willThrow(FORBIDDEN);
		takes();
		this.backend.enqueue(message(1));
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.backend.enqueueDead(message(1)))
			.withMessageContaining("sqs:GetQueueAttributes");
	}

}
