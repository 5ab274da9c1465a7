package dev.backgroundjobs.adapter.scheduler;

import java.util.function.BooleanSupplier;

import dev.backgroundjobs.JobException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.scheduler.model.ResourceNotFoundException;
import software.amazon.awssdk.services.scheduler.model.SchedulerException;
import software.amazon.awssdk.services.scheduler.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.scheduler.model.ThrottlingException;
import software.amazon.awssdk.services.scheduler.model.ValidationException;

/**
 * Says what a failed call to EventBridge Scheduler means for whoever has set it up.
 */
final class SchedulerFailures {

	private static final int FORBIDDEN = 403;

	private final BooleanSupplier hasCredentials;

	SchedulerFailures(BooleanSupplier hasCredentials) {
		this.hasCredentials = hasCredentials;
	}

	/**
	 * Say why a schedule was not created.
	 * @param failure the SDK's exception
	 * @param queue the queue
	 * @param group the group of schedules, or {@code null} for the account's default
	 */
	JobException of(SdkException failure, String queue, @Nullable String group) {
		return new JobException("A delayed message of queue '" + queue + "' was not taken: " + reason(failure, group),
				failure);
	}

	private String reason(SdkException failure, @Nullable String group) {
		if (failure instanceof ResourceNotFoundException) {
			return "EventBridge Scheduler has no group '" + ((group != null) ? group : "default")
					+ "'. Create it, or set 'jobs.eventbridge-scheduler.group-name' to the one there is, and check "
					+ "'jobs.eventbridge-scheduler.region'";
		}
		if (failure instanceof ThrottlingException) {
			return "EventBridge Scheduler takes no more schedules for now. Enqueue fewer at once, or have the account's "
					+ "quota raised";
		}
		if (failure instanceof ServiceQuotaExceededException) {
			return "EventBridge Scheduler holds as many schedules as the account may have. Have the quota raised, or "
					+ "delete some";
		}
		if (failure instanceof ValidationException) {
			return "EventBridge Scheduler finds it wrong. Check that 'jobs.eventbridge-scheduler.role-arn' trusts "
					+ "scheduler.amazonaws.com, and the ARNs: " + failure.getMessage();
		}
		if (failure instanceof SchedulerException answer && answer.statusCode() == FORBIDDEN) {
			return "the credentials may not create it. Allow them scheduler:CreateSchedule on the group, and "
					+ "iam:PassRole on the role of 'jobs.eventbridge-scheduler.role-arn'";
		}
		if (failure instanceof SchedulerException answer) {
			return "EventBridge Scheduler refuses it: " + answer.getMessage();
		}
		if (failure instanceof AbortedException) {
			return "interrupted";
		}
		if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
			return "EventBridge Scheduler has not answered within " + SchedulerClientFactory.TOTAL_TIMEOUT.toSeconds()
					+ " s, and may still take it";
		}
		// What has a cause failed on its way.
		if (failure.getCause() == null && !this.hasCredentials.getAsBoolean()) {
			return "no credentials. Give the application a role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
					+ "declare a SchedulerJobCustomizer bean that sets others";
		}
		return "EventBridge Scheduler was not reached. Check 'jobs.eventbridge-scheduler.region', "
				+ "'jobs.eventbridge-scheduler.endpoint' and the way there";
	}

}
