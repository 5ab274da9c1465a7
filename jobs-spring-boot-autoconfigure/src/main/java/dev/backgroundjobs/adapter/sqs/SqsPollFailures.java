package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * Says why nothing can be received, and the way out.
 */
final class SqsPollFailures {

	private static final Logger logger = LoggerFactory.getLogger(SqsPollFailures.class);

	private static final int FORBIDDEN = 403;

	private SqsPollFailures() {
	}

	/**
	 * Log a failure.
	 * @param queue the queue of ours
	 * @param thrown what was thrown
	 * @param pause when it is tried again
	 */
	static void log(String queue, Throwable thrown, Duration pause) {
		// What looks the queue up may have said it in its own words.
		Throwable failure = (thrown.getCause() instanceof SdkException cause) ? cause : thrown;
		if (failure instanceof QueueDoesNotExistException) {
			logger.error(
					"SQS has no queue for queue '{}': create it, or set 'jobs.sqs.queues.{}.url' or "
							+ "'jobs.sqs.queues.{}.name' to the one there is ({}). Tried again in {} s",
					queue, queue, queue, failure.getMessage(), pause.toSeconds());
		}
		else if (failure instanceof SqsException refused && refused.statusCode() == FORBIDDEN) {
			logger.error("The credentials may not receive from queue '{}': grant them sqs:ReceiveMessage, "
					+ "sqs:DeleteMessage, sqs:ChangeMessageVisibility and sqs:GetQueueUrl on it, or give others "
					+ "({}). Tried again in {} s", queue, failure.getMessage(), pause.toSeconds());
		}
		else if (failure instanceof SdkClientException) {
			logger.warn(
					"SQS cannot be asked for messages of queue '{}': see 'jobs.sqs.region', 'jobs.sqs.endpoint', the "
							+ "credentials and the network ({}). Tried again in {} s",
					queue, thrown.getMessage(), pause.toSeconds());
		}
		else {
			logger.warn("Nothing could be received from queue '{}', tried again in {} s", queue, pause.toSeconds(),
					thrown);
		}
	}

}
