package dev.backgroundjobs.adapter.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.aws.LambdaEvents;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.DeliveryBatch;
import dev.backgroundjobs.delivery.DeliveryResponse;
import dev.backgroundjobs.message.UnreadableMessageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Runs the jobs of an application in a Lambda function without a web server: its image,
 * with Lambda's runtime client as the entry point and
 * {@code dev.backgroundjobs.adapter.lambda.JobsLambdaHandler::handleRequest} as the
 * handler. Takes what the endpoint takes from Lambda: jobs, batches of SQS, and events.
 * Needs {@code com.amazonaws:aws-lambda-java-core}. Safe for use by several threads.
 */
public final class JobsLambdaHandler implements RequestStreamHandler {

	private static final Logger logger = LoggerFactory.getLogger(JobsLambdaHandler.class);

	private static final int DONE = 200;

	private final LambdaEvents events;

	private final DeliveryBatch batch;

	private final Clock clock;

	/**
	 * Start the application, for all invocations to come, by the {@code main} of the
	 * class that the variable {@code MAIN_CLASS} names, or else the manifest of Spring
	 * Boot's jar.
	 * @throws IllegalStateException when there is no such class, or it starts no Spring
	 * application
	 */
	public JobsLambdaHandler() {
		this(LambdaApplication.start(LambdaMainClass.find(System.getenv(LambdaMainClass.VARIABLE), loader())));
	}

	JobsLambdaHandler(ApplicationContext context) {
		this.events = context.getBean(LambdaEvents.class);
		this.batch = context.getBean(DeliveryBatch.class);
		this.clock = context.getBean(JobsClock.class).get();
	}

	private static ClassLoader loader() {
		ClassLoader loader = ClassUtils.getDefaultClassLoader();
		return (loader != null) ? loader : ClassLoader.getSystemClassLoader();
	}

	/**
	 * Run what an event asks for, until shortly before Lambda ends the invocation.
	 * @param input the event, JSON of at most 7 MB
	 * @param output takes the result: of a batch of SQS the messages that are to come
	 * again, otherwise what became of the event
	 * @param context says how much time is left
	 * @throws IOException when the event cannot be read or the result not be written
	 * @throws JobException when the event is to come again, so that Lambda counts the
	 * invocation as failed; nothing of the event is in its message
	 */
	@Override
	public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
		Instant deadline = this.clock.instant().plusMillis(context.getRemainingTimeInMillis());
		byte[] event = input.readNBytes(LambdaEvents.MAX_BYTES + 1);
		DeliveryResponse response = process(event, deadline, context.getAwsRequestId());
		if (response.status() != DONE) {
			throw failed(context.getAwsRequestId(), "is to come again (" + response.status() + ")");
		}
		if (response.body() != null) {
			output.write(response.body().getBytes(StandardCharsets.UTF_8));
		}
	}

	private DeliveryResponse process(byte[] event, Instant deadline, String requestId) {
		if (event.length > LambdaEvents.MAX_BYTES) {
			throw failed(requestId, "has more than " + LambdaEvents.MAX_BYTES + " bytes");
		}
		try {
			DecodedRequest request = this.events.decode(event, deadline);
			return this.batch.process(request);
		}
		catch (UnreadableMessageException ex) {
			logger.error("The event of invocation {} cannot be decoded: it {}", requestId, ex.getMessage());
			throw failed(requestId, String.valueOf(ex.getMessage()));
		}
		catch (RuntimeException ex) {
			// Its text is for the log only: Lambda passes on what is thrown here.
			logger.error("The event of invocation {} was not processed", requestId, ex);
			throw failed(requestId, "was not processed");
		}
	}

	private static JobException failed(String requestId, String what) {
		return new JobException("The event of invocation " + requestId + " " + what);
	}

}
