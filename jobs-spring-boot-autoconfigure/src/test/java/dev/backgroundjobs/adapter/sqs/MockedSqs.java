package dev.backgroundjobs.adapter.sqs;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import org.mockito.Mockito;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * A backend over a client that answers as it is told.
 */
abstract class MockedSqs {

	static final Instant NOW = Instant.parse("2026-06-01T12:00:00.250Z");

	static final String URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/reports";

	static final SqsException FORBIDDEN = (SqsException) SqsException.builder().statusCode(403).message("no").build();

	static final SdkClientException UNREACHABLE = SdkClientException.create("no way", new IOException("refused"));

	final SqsClient client = Mockito.mock(SqsClient.class, MockedSqs::callsWithConsumers);

	final List<String> counted = new ArrayList<>();

	final SqsJobBackend backend = backend(this.client);

	// The client's methods that take a consumer lead to those that take a request.
	static Object callsWithConsumers(org.mockito.invocation.InvocationOnMock invocation) throws Throwable {
		boolean isConsumer = invocation.getArguments().length == 1 && invocation.getArgument(0) instanceof Consumer;
		return isConsumer ? invocation.callRealMethod() : Mockito.RETURNS_DEFAULTS.answer(invocation);
	}

	SqsJobBackend backend(SqsClient client) {
		return backend(client, URL);
	}

	SqsJobBackend backend(SqsClient client, String url) {
		BackendRequests requests = (backend, operation, bytes) -> this.counted.add(operation);
		SqsFailures failures = new SqsFailures(() -> true, SqsEntry.PATIENCE);
		SqsQueues queues = new SqsQueues(TestSqs.properties(Map.of("reports", TestSqs.queue(url))),
				new SqsQueue.Surroundings(() -> client, failures, (queue, isFifo, attributes) -> {
				}, requests));
		return new SqsJobBackend(() -> client, null, queues, failures,
				new JobMessageCodec(SigningKeys.none(), Clock.systemUTC()), requests, Clock.fixed(NOW, ZoneOffset.UTC));
	}

	void attributes(Map<QueueAttributeName, String> attributes) {
		given(this.client.getQueueAttributes(any(GetQueueAttributesRequest.class)))
			.willReturn(GetQueueAttributesResponse.builder().attributes(attributes).build());
	}

	void takes() {
		given(this.client.sendMessage(any(SendMessageRequest.class)))
			.willReturn(SendMessageResponse.builder().messageId("m-1").build());
	}

	static JobMessage message(int size) {
		return JobMessage
			.builder(UUID.randomUUID().toString(), "reports.make", "reports", "[\"" + "x".repeat(size) + "\"]", NOW)
			.build();
	}

}
