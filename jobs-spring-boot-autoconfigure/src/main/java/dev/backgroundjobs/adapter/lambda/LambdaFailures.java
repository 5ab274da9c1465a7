package dev.backgroundjobs.adapter.lambda;

import java.util.function.BooleanSupplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.lambda.LambdaFunctions.Function;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/**
 * Says what a failed call to Lambda means for whoever has set it up.
 */
final class LambdaFailures {

	private static final int FORBIDDEN = 403;

	private final BooleanSupplier hasCredentials;

	LambdaFailures(BooleanSupplier hasCredentials) {
		this.hasCredentials = hasCredentials;
	}

	/**
	 * Say what a call failed of.
	 * @param failure the SDK's exception
	 * @param queue the queue
	 * @param function its function
	 * @param permission the permission that the call needs
	 */
	JobException of(SdkException failure, String queue, Function function, String permission) {
		String named = "function '" + function.name() + "'"
				+ ((function.qualifier() != null) ? ", qualifier '" + function.qualifier() + "'," : "") + " of queue '"
				+ queue + "'";
		return new JobException(sentence(failure, queue, named, permission), failure);
	}

	private String sentence(SdkException failure, String queue, String function, String permission) {
		if (failure instanceof ResourceNotFoundException) {
			return "Lambda has no " + function + ": create it, or set '" + LambdaFunctions.property(queue)
					+ "' to the one there is, and check 'jobs.lambda.region'";
		}
		if (failure instanceof TooManyRequestsException) {
			return "Lambda takes no more invocations of " + function + " for now: enqueue fewer jobs at once, lower "
					+ "'jobs.lambda.concurrency', or have the account's quota raised";
		}
		if (failure instanceof RequestTooLargeException) {
			return "A message is too large for " + function + ": Lambda takes " + LambdaJobBackend.MAX_MESSAGE_BYTES
					+ " bytes. Keep what is large elsewhere and send its address";
		}
		if (failure instanceof LambdaException answer && answer.statusCode() == FORBIDDEN) {
			return "The credentials may not use " + function + ": allow them " + permission + " on it";
		}
		if (failure instanceof LambdaException answer) {
			return "Lambda refuses " + permission + " for " + function + ": " + answer.getMessage();
		}
		if (failure instanceof AbortedException) {
			return "Interrupted while " + function + " was invoked";
		}
		if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
			return "Lambda has not answered for " + function + " within "
					+ LambdaClientFactory.TOTAL_TIMEOUT.toSeconds() + " s: it may still take the message";
		}
		// What has a cause failed on its way.
		if (failure.getCause() == null && !this.hasCredentials.getAsBoolean()) {
			return "No credentials for " + function + ": give the application a role, or AWS_ACCESS_KEY_ID and "
					+ "AWS_SECRET_ACCESS_KEY, or declare a LambdaJobCustomizer bean that sets others";
		}
		return "Lambda was not reached for " + function + ": check 'jobs.lambda.region', 'jobs.lambda.endpoint' and "
				+ "the way there";
	}

}
