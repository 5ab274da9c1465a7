package dev.backgroundjobs.adapter.cloudtasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import dev.backgroundjobs.autoconfigure.JobTimeouts;
import dev.backgroundjobs.autoconfigure.StartProblems;
import org.jspecify.annotations.Nullable;

/**
 * What would keep tasks from being created, or from getting in.
 */
final class CloudTasksProblems implements StartProblems {

	private final CloudTasksJobProperties properties;

	private final JobTimeouts timeouts;

	private final BooleanSupplier endpointIsClosed;

	private final BooleanSupplier needsToken;

	CloudTasksProblems(CloudTasksJobProperties properties, JobTimeouts timeouts, BooleanSupplier endpointIsClosed,
			BooleanSupplier needsToken) {
		this.properties = properties;
		this.timeouts = timeouts;
		this.endpointIsClosed = endpointIsClosed;
		this.needsToken = needsToken;
	}

	@Override
	public List<String> find() {
		List<String> problems = new ArrayList<>();
		require(this.properties.project(), "project", "the id of the project that has the queues", problems);
		require(this.properties.location(), "location", "where the queues are, such as europe-west1", problems);
		require(this.properties.url(), "url", "the address of this service with /_jobs at its end", problems);
		if (this.properties.concurrency() < 1) {
			problems.add(
					"Property 'jobs.cloud-tasks.concurrency' is " + this.properties.concurrency() + ": give 1 or more");
		}
		for (Map.Entry<String, Duration> job : this.timeouts.onBackend(CloudTasksJobBackend.NAME).entrySet()) {
			Duration timeout = job.getValue();
			if (timeout.compareTo(CloudTasksTasks.MIN_DEADLINE) < 0
					|| timeout.compareTo(CloudTasksTasks.MAX_DEADLINE) > 0) {
				problems.add("Job '" + job.getKey() + "' has a timeout of " + timeout
						+ ", Cloud Tasks allows 15 s to 30 min: give one within, or return an Iteration, which may take "
						+ "as long as it likes in slices");
			}
		}
		if (this.needsToken.getAsBoolean()) {
			require(this.properties.serviceAccountEmail(), "service-account-email",
					"the service account whose token tasks are delivered with: without one the endpoint refuses them",
					problems);
		}
		if (this.endpointIsClosed.getAsBoolean()) {
			problems.add("Backend 'cloud-tasks' delivers to the endpoint, which would refuse it: set "
					+ "'jobs.google-oidc.audience', 'jobs.google-oidc.emails' and "
					+ "'jobs.cloud-tasks.service-account-email', or sign messages (jobs.signing.keys)");
		}
		return problems;
	}

	private static void require(@Nullable Object value, String property, String what, List<String> problems) {
		if (value == null || value.toString().isBlank()) {
			problems.add("Property 'jobs.cloud-tasks." + property + "' is not set: give " + what);
		}
	}

}
