package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.backgroundjobs.JobException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.KmsAccessDeniedException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * Says what a failed call to SQS means for whoever has set it up. Told by the types of
 * exceptions, since not everything that speaks SQS has its error codes.
 */
final class SqsFailures {

	private static final int FORBIDDEN = 403;

	private final BooleanSupplier hasCredentials;

	private final Duration patience;

	SqsFailures(BooleanSupplier hasCredentials, Duration patience) {
		this.hasCredentials = hasCredentials;
		this.patience = patience;
	}

	/**
	 * Describe a failure.
	 * @param queue the queue
	 * @param name what it is called in SQS: a name or an address
	 * @param permission what the call needs to be allowed, such as
	 * {@code sqs:SendMessage}
	 * @param failure what the client has thrown
	 */
	JobException of(String queue, String name, String permission, SdkException failure) {
		String property = "'jobs.sqs.queues." + queue + ".url'";
		String described = "'" + name + "' of queue '" + queue + "'";
		if (failure instanceof QueueDoesNotExistException) {
			return new JobException("SQS has no queue '" + name + "' for queue '" + queue + "': create it, or set "
					+ property + " to the one there is, and check 'jobs.sqs.region' and the account", failure);
		}
		if (failure instanceof KmsAccessDeniedException) {
			return new JobException("The credentials may not use the key that encrypts SQS queue " + described
					+ ": grant them kms:GenerateDataKey and kms:Decrypt on it", failure);
		}
		if (failure instanceof SqsException refused) {
			return (refused.statusCode() == FORBIDDEN)
					? new JobException("SQS refuses " + permission + " on " + described
							+ ": grant the credentials of the application " + permission + " on it", failure)
					: new JobException("SQS refuses " + permission + " on " + described + ": " + refused.getMessage(),
							failure);
		}
		if (failure instanceof AbortedException) {
			return new JobException("Interrupted during " + permission + " on " + described + ": SQS may have done it",
					failure);
		}
		if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
			return new JobException("SQS has not answered " + permission + " on " + described + " within "
					+ this.patience.toSeconds() + " s: it may still do it", failure);
		}
		// What has a cause failed on its way.
		if (failure instanceof SdkClientException && failure.getCause() == null
				&& !this.hasCredentials.getAsBoolean()) {
			return new JobException("No credentials were found for SQS queue " + described + " by the default chain of "
					+ "AWS's SDK: give the application a role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
					+ "declare an SqsJobCustomizer bean that sets others", failure);
		}
		return new JobException("SQS was not reached for " + permission + " on " + described
				+ ": check 'jobs.sqs.region', 'jobs.sqs.endpoint' and the way there", failure);
	}

}
