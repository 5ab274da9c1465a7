package dev.backgroundjobs.autoconfigure;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueRouter.Route;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The declared jobs by the backend of their queues, for adapters: which queues a worker
 * takes messages from, and what a platform's limits are compared with. Safe for use by
 * several threads.
 */
public final class BackendJobs {

	private final DeclaredJobs jobs;

	private final ObjectProvider<QueueRouter> router;

	BackendJobs(DeclaredJobs jobs, ObjectProvider<QueueRouter> router) {
		this.jobs = jobs;
		this.router = router;
	}

	/**
	 * Return the jobs whose queues a backend serves.
	 * @param backend the backend's name
	 * @return the jobs
	 */
	public List<BackendJob> on(String backend) {
		return this.jobs.get()
			.all()
			.stream()
			.filter((job) -> this.router.getObject().route(job.queue()).backend().name().equals(backend))
			.map(BackendJob::of)
			.toList();
	}

	/**
	 * Find a declared job.
	 * @param name its name or an alias
	 * @return the job, or {@code null} when none has the name
	 */
	public @Nullable BackendJob find(String name) {
		JobDefinition job = this.jobs.get().find(name);
		return (job != null) ? BackendJob.of(job) : null;
	}

	/**
	 * Return the queues of declared jobs whose messages a backend holds, the delayed ones
	 * of another backend's queues among them.
	 * @param backend the backend's name
	 * @return the queues, in their order
	 */
	public Set<String> queuesOn(String backend) {
		Set<String> queues = new TreeSet<>();
		for (JobDefinition job : this.jobs.get().all()) {
			Route route = this.router.getObject().route(job.queue());
			JobBackend delayBackend = route.delayBackend();
			if (route.backend().name().equals(backend)
					|| (delayBackend != null && delayBackend.name().equals(backend))) {
				queues.add(job.queue());
			}
		}
		return queues;
	}

	/**
	 * Return the backend of a queue.
	 * @param queue the queue
	 * @return the backend's name
	 */
	public String backendOf(String queue) {
		return this.router.getObject().route(queue).backend().name();
	}

	/**
	 * Return the queue that keeps the dead jobs of a queue.
	 * @param queue the queue
	 * @return its {@code dead-letter}, or {@code null} when it has none
	 */
	public @Nullable String deadLetterOf(String queue) {
		return this.router.getObject().route(queue).deadLetter();
	}

	/**
	 * What an adapter wants to know of a declared job.
	 *
	 * @param name its name
	 * @param queue its queue
	 * @param maxAttempts how often it is run at most, failures only
	 * @param timeout how long it may run, or {@code null} when it does not say
	 * @param method the method, for annotations of an adapter's own
	 * @param isIteration whether it runs in slices
	 */
	public record BackendJob(String name, String queue, int maxAttempts, @Nullable Duration timeout, Method method,
			boolean isIteration) {

		private static BackendJob of(JobDefinition job) {
			return new BackendJob(job.name(), job.queue(), job.maxAttempts(), job.timeout(), job.method(),
					job.isIteration());
		}

	}

}
