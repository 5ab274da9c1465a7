package dev.backgroundjobs.adapter.cloudrun;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import com.google.cloud.run.v2.JobName;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The Cloud Run job of every queue. Safe for use by several threads.
 */
final class CloudRunQueues {

	private final Map<String, Target> targets = new HashMap<>();

	CloudRunQueues(CloudRunJobProperties properties) {
		properties.queues().forEach((queue, settings) -> {
			if (StringUtils.hasText(settings.job())) {
				JobName job = JobName.of(orEmpty(properties.project()), orEmpty(properties.location()),
						settings.job().strip());
				String container = StringUtils.hasText(settings.container()) ? settings.container().strip() : null;
				this.targets.put(MessageNames.withoutDashes(queue),
						new Target(job, container, settings.timeout(), settings.tasks()));
			}
		});
	}

	/**
	 * Return what runs the jobs of a queue, or {@code null} when the properties do not
	 * say.
	 */
	@Nullable Target find(String queue) {
		return this.targets.get(MessageNames.withoutDashes(queue));
	}

	Target get(String queue) {
		Target target = find(queue);
		if (target == null) {
			throw new JobException("Queue '" + queue + "' has no Cloud Run job: set '" + property(queue, "job")
					+ "' to the name of the one that runs its jobs");
		}
		return target;
	}

	static String property(String queue, String name) {
		return "jobs.cloud-run.queues." + queue + "." + name;
	}

	private static String orEmpty(@Nullable String value) {
		return (value != null) ? value.strip() : "";
	}

	/**
	 * What runs the jobs of a queue.
	 *
	 * @param job the Cloud Run job
	 * @param container the container that gets the message, or {@code null} for the only
	 * one
	 * @param timeout how long a task may run where the job does not say, or {@code null}
	 * for what the Cloud Run job says
	 * @param tasks how many tasks a message is run in
	 */
	record Target(JobName job, @Nullable String container, @Nullable Duration timeout, int tasks) {
	}

}
