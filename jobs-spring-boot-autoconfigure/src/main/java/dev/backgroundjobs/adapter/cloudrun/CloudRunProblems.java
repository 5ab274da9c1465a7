package dev.backgroundjobs.adapter.cloudrun;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.backgroundjobs.adapter.cloudrun.CloudRunJobProperties.Queue;
import dev.backgroundjobs.adapter.cloudrun.CloudRunQueues.Target;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.autoconfigure.StartProblems;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * What would keep executions from being started, or from running their jobs.
 */
final class CloudRunProblems implements StartProblems {

	private static final Logger logger = LoggerFactory.getLogger(CloudRunProblems.class);

	// https://cloud.google.com/run/quotas, tasks of one execution and retries of a task.
	private static final int MAX_TASKS = 10_000;

	private static final int MAX_RETRIES = 10;

	private static final Duration MAX_JOB_TIMEOUT = CloudRunRequests.MAX_TIMEOUT.minus(CloudRunRequests.MARGIN);

	private final CloudRunJobProperties properties;

	private final CloudRunQueues queues;

	private final BackendJobs jobs;

	private final CloudRunTask task;

	private final int maxRedeliveries;

	CloudRunProblems(CloudRunJobProperties properties, CloudRunQueues queues, BackendJobs jobs, CloudRunTask task,
			int maxRedeliveries) {
		this.properties = properties;
		this.queues = queues;
		this.jobs = jobs;
		this.task = task;
		this.maxRedeliveries = maxRedeliveries;
	}

	@Override
	public List<String> find() {
		Set<String> problems = new LinkedHashSet<>();
		require(this.properties.project(), "project", "the id of the project that has the Cloud Run jobs", problems);
		require(this.properties.location(), "location", "where the Cloud Run jobs are, such as europe-west1", problems);
		if (this.properties.concurrency() < 1) {
			problems
				.add("Property 'jobs.cloud-run.concurrency' is " + this.properties.concurrency() + ": give 1 or more");
		}
		this.properties.queues().forEach((queue, settings) -> checkQueue(queue, settings, problems));
		for (BackendJob job : this.jobs.on(CloudRunJobBackend.NAME)) {
			checkJob(job, problems);
		}
		// Elsewhere the property is about other backends.
		if (this.task.isHere() && this.maxRedeliveries > MAX_RETRIES) {
			logger
				.warn("Property 'jobs.max-redeliveries' is {}, and Cloud Run runs a task again at most {} times: what "
						+ "crashes or is released more often is given up without a word. Set it to the --max-retries of "
						+ "the Cloud Run job, whose last attempt reports the job as dead then", this.maxRedeliveries,
						MAX_RETRIES);
		}
		return List.copyOf(problems);
	}

	private static void require(@Nullable String value, String property, String what, Set<String> problems) {
		if (!StringUtils.hasText(value)) {
			problems.add("Property 'jobs.cloud-run." + property + "' is not set: give " + what);
		}
	}

	private static void checkQueue(String queue, Queue settings, Set<String> problems) {
		if (!StringUtils.hasText(settings.job())) {
			problems.add("Property '" + CloudRunQueues.property(queue, "job")
					+ "' is not set: give the name of the Cloud Run job that runs the queue's jobs");
		}
		else if (settings.job().indexOf('/') >= 0) {
			problems.add("Property '" + CloudRunQueues.property(queue, "job") + "' is '" + settings.job()
					+ "': give the name alone, and 'jobs.cloud-run.project' and 'jobs.cloud-run.location' besides");
		}
		if (settings.tasks() < 1 || settings.tasks() > MAX_TASKS) {
			problems.add("Property '" + CloudRunQueues.property(queue, "tasks") + "' is " + settings.tasks()
					+ ", an execution has 1 to 10,000 tasks");
		}
		Duration timeout = settings.timeout();
		if (timeout != null && (timeout.toSeconds() < 1 || timeout.compareTo(CloudRunRequests.MAX_TIMEOUT) > 0)) {
			problems.add("Property '" + CloudRunQueues.property(queue, "timeout") + "' is " + timeout
					+ ", Cloud Run allows 1 s to 168 h");
		}
	}

	private void checkJob(BackendJob job, Set<String> problems) {
		Target target = this.queues.find(job.queue());
		if (target == null) {
			problems.add("Queue '" + job.queue() + "' has backend 'cloud-run' and no Cloud Run job: set '"
					+ CloudRunQueues.property(job.queue(), "job") + "' to the name of the one that runs its jobs");
		}
		else if (target.tasks() > 1 && job.isIteration()) {
			problems.add("Job '" + job.name() + "' is an iteration, and each of the " + target.tasks()
					+ " tasks of queue '" + job.queue() + "' would walk all of it: remove '"
					+ CloudRunQueues.property(job.queue(), "tasks") + "' and return it with parallel(" + target.tasks()
					+ "), which gives each task a part, or put it on a queue of its own");
		}
		if (job.timeout() == null && !job.isIteration() && target != null && target.timeout() == null) {
			logger.warn(
					"Job '{}' has no timeout, and Cloud Run stops its tasks at that of the Cloud Run job, which is not "
							+ "known here: what it has left then may run twice. Give the job one, or set '{}'",
					job.name(), CloudRunQueues.property(job.queue(), "timeout"));
		}
		if (job.timeout() != null && job.timeout().compareTo(MAX_JOB_TIMEOUT) > 0) {
			problems.add("Job '" + job.name() + "' has a timeout of " + job.timeout()
					+ ", and Cloud Run stops a task after 168 h, of which " + CloudRunRequests.MARGIN
					+ " are kept for its start and its end: give a shorter one, or return an Iteration, which may take "
					+ "as long as it likes in slices");
		}
	}

}
