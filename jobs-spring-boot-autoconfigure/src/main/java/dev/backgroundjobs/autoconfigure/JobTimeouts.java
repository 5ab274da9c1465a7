package dev.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.dispatch.QueueRouter;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The timeouts of declared jobs, for backends whose platform wants to know. Safe for use
 * by several threads.
 */
public final class JobTimeouts {

	private final DeclaredJobs jobs;

	private final ObjectProvider<QueueRouter> router;

	JobTimeouts(DeclaredJobs jobs, ObjectProvider<QueueRouter> router) {
		this.jobs = jobs;
		this.router = router;
	}

	/**
	 * Return a job's timeout.
	 * @param job the job's name or alias
	 * @return the timeout, or {@code null} when it has none or is not declared here
	 */
	public @Nullable Duration of(String job) {
		JobDefinition definition = this.jobs.get().find(job);
		return (definition != null) ? definition.timeout() : null;
	}

	/**
	 * Return the timeouts of the jobs whose queues a backend serves.
	 * @param backend the backend's name
	 * @return the timeouts by job, without those that have none
	 */
	public Map<String, Duration> onBackend(String backend) {
		Map<String, Duration> timeouts = new TreeMap<>();
		for (JobDefinition job : this.jobs.get().all()) {
			if (job.timeout() != null && this.router.getObject().route(job.queue()).backend().name().equals(backend)) {
				timeouts.put(job.name(), job.timeout());
			}
		}
		return timeouts;
	}

}
