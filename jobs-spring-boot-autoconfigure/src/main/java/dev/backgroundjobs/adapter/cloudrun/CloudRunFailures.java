package dev.backgroundjobs.adapter.cloudrun;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.run.v2.JobName;
import dev.backgroundjobs.JobException;

/**
 * Says what a failed call to Cloud Run means for whoever has set it up.
 */
final class CloudRunFailures {

	/** What a call needs that starts an execution as this library does. */
	static final String RUN = "run.jobs.runWithOverrides";

	private CloudRunFailures() {
	}

	/**
	 * Say what a call failed of.
	 * @param failure the client's exception
	 * @param queue the queue
	 * @param job its Cloud Run job
	 * @param permission the permission that the call needs
	 */
	static JobException of(ApiException failure, String queue, JobName job, String permission) {
		return new JobException(sentence(failure, queue, job, permission), failure);
	}

	private static String sentence(ApiException failure, String queue, JobName job, String permission) {
		String named = "job '" + job.getJob() + "' of queue '" + queue + "'";
		String place = "project '" + job.getProject() + "', location '" + job.getLocation() + "'";
		return switch (failure.getStatusCode().getCode()) {
			case NOT_FOUND -> "Cloud Run has no " + named + " in " + place + ": create it, or set '"
					+ CloudRunQueues.property(queue, "job") + "' to the name it has, and check "
					+ "'jobs.cloud-run.project' and 'jobs.cloud-run.location'";
			case PERMISSION_DENIED -> "The credentials may not use " + named + " in " + place + ": they need "
					+ permission + " on it, which roles/run.developer has, such as by 'gcloud run jobs "
					+ "add-iam-policy-binding " + job.getJob() + " --region=" + job.getLocation()
					+ " --member=serviceAccount:<account> --role=roles/run.developer'. The answer is the same where "
					+ "'jobs.cloud-run.project' or 'jobs.cloud-run.location' does not exist";
			case UNAUTHENTICATED -> "Cloud Run does not accept the credentials for " + named
					+ ": give the application a service account, or log in again with 'gcloud auth "
					+ "application-default login'";
			case RESOURCE_EXHAUSTED -> "Cloud Run starts no more executions of " + named
					+ " for now: enqueue fewer jobs at once, lower 'jobs.cloud-run.concurrency', or have the "
					+ "project's quota raised (" + failure.getMessage() + ")";
			case UNAVAILABLE ->
				"Cloud Run was not reached for " + named + ": check 'jobs.cloud-run.endpoint' and the way there";
			case DEADLINE_EXCEEDED -> "Cloud Run has not answered for " + named + " within "
					+ CloudRunClientFactory.TIMEOUT.toSeconds() + " s: it may still run the message";
			case CANCELLED -> "Interrupted while " + named + " was asked for";
			default ->
				"Cloud Run refuses " + permission + " for " + named + " in " + place + ": " + failure.getMessage();
		};
	}

}
