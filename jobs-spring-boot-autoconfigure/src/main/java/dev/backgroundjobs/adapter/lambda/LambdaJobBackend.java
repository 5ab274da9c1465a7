package dev.backgroundjobs.adapter.lambda;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.adapter.lambda.LambdaFunctions.Function;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.ConcurrentSends;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/**
 * Invokes the function of a message's queue with the message, without waiting for it to
 * run. Safe for use by several threads.
 */
final class LambdaJobBackend implements JobBackend {

	static final String NAME = "lambda";

	// Lambda takes 1 MB for an invocation that nobody waits for. What is kept back is for
	// the quotation marks of a protected form, and for the record that Lambda puts around
	// the message where it fails, since its destination has a limit as well.
	static final int MAX_MESSAGE_BYTES = 1_000_000 - 16_000;

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxMessageBytes(MAX_MESSAGE_BYTES)
		.withDurable();

	private static final int ACCEPTED = 202;

	private final Supplier<LambdaClient> client;

	private final LambdaFunctions functions;

	private final LambdaFailures failures;

	private final JobMessageCodec codec;

	private final BackendRequests requests;

	private final int concurrency;

	LambdaJobBackend(Supplier<LambdaClient> client, LambdaFunctions functions, LambdaFailures failures,
			JobMessageCodec codec, BackendRequests requests, int concurrency) {
		this.client = client;
		this.functions = functions;
		this.failures = failures;
		this.codec = codec;
		this.requests = requests;
		this.concurrency = concurrency;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String enqueue(JobMessage message) {
		Function function = this.functions.get(message.destination());
		EncodedMessage encoded = this.codec.encode(message);
		InvokeRequest request = InvokeRequest.builder()
			.functionName(function.name())
			.qualifier(function.qualifier())
			.invocationType(InvocationType.EVENT)
			.payload(SdkBytes.fromUtf8String(encoded.json()))
			.build();
		this.requests.count(NAME, "enqueue", encoded.bytes().length);
		try {
			InvokeResponse response = this.client.get().invoke(request);
			if (response.statusCode() != ACCEPTED) {
				throw new JobException("Lambda has answered " + response.statusCode() + " for function '"
						+ function.name() + "' of queue '" + message.destination()
						+ "', where 202 says that it has taken a message");
			}
			return response.responseMetadata().requestId();
		}
		catch (SdkException ex) {
			throw this.failures.of(ex, message.destination(), function, "lambda:InvokeFunction");
		}
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		throw new SchedulingNotSupportedException("Lambda cannot delay a message: set 'jobs.queues."
				+ message.destination() + ".delay-backend' to a backend that can, such as eventbridge-scheduler");
	}

	/**
	 * Invoke side by side, as many at once as configured: Lambda has no call for several.
	 */
	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		return ConcurrentSends.send(messages, this.concurrency, NAME, this::enqueue);
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

}
