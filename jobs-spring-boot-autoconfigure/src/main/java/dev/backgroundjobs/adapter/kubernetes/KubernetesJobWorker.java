package dev.backgroundjobs.adapter.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.delivery.JobWorker;
import io.fabric8.kubernetes.client.Watcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does for Jobs what Kubernetes does not: resumes those whose time has come, reports
 * those that have failed, deletes those that nobody has completed, and warns of those
 * that cannot start. Runs no job.
 */
final class KubernetesJobWorker implements JobWorker {

	private static final Logger logger = LoggerFactory.getLogger(KubernetesJobWorker.class);

	// Delays are exact to about this. Only memory is asked.
	private static final Duration TICK = Duration.ofMillis(250);

	// Whoever sends a large message tries for seconds.
	static final Duration MAX_INCOMPLETE = Duration.ofMinutes(10);

	private static final int THREADS = 4;

	private final KubernetesJobProperties.Worker properties;

	private final KubernetesApi api;

	private final KubernetesSuccessors successors;

	private final DelayedJobs delayed;

	private final DeadJobs dead;

	private final WaitingPods pods;

	private final Clock clock;

	private final Function<String, ThreadFactory> threads;

	private List<WatchedNamespace> namespaces = List.of();

	private @Nullable ScheduledExecutorService timer;

	private @Nullable ExecutorService calls;

	// Their own: to report a dead job takes seconds where its copy cannot be kept, and
	// what is due would wait until all of them were tried.
	private @Nullable ExecutorService resumes;

	KubernetesJobWorker(KubernetesJobProperties.Worker properties, KubernetesApi api, KubernetesSuccessors successors,
			DelayedJobs delayed, DeadJobs dead, Clock clock, Function<String, ThreadFactory> threads) {
		this.properties = properties;
		this.api = api;
		this.successors = successors;
		this.delayed = delayed;
		this.dead = dead;
		this.pods = new WaitingPods(api, clock);
		this.clock = clock;
		this.threads = threads;
	}

	@Override
	public synchronized void start() {
		if (!this.properties.enabled()) {
			return;
		}
		long interval = this.properties.interval().toMillis();
		if (interval <= 0) {
			throw new JobException("Property 'jobs.kubernetes.worker.interval' is " + this.properties.interval()
					+ ": give a time, 30s by default");
		}
		ScheduledExecutorService timer = Executors.newScheduledThreadPool(2,
				this.threads.apply("jobs-kubernetes-timer-"));
		ExecutorService calls = Executors.newFixedThreadPool(THREADS, this.threads.apply("jobs-kubernetes-calls-"));
		ExecutorService resumes = Executors.newFixedThreadPool(THREADS, this.threads.apply("jobs-kubernetes-resumes-"));
		List<WatchedNamespace> namespaces = new ArrayList<>();
		for (String namespace : this.successors.namespaces()) {
			namespaces.add(
					new WatchedNamespace(namespace, this.api, this.delayed, (action, job) -> seen(calls, action, job)));
		}
		this.timer = timer;
		this.calls = calls;
		this.resumes = resumes;
		this.namespaces = List.copyOf(namespaces);
		for (WatchedNamespace namespace : namespaces) {
			Future<?> unused = timer.scheduleWithFixedDelay(() -> look(calls, namespace), 0, interval,
					TimeUnit.MILLISECONDS);
		}
		Future<?> unused = timer.scheduleWithFixedDelay(() -> resumeDue(resumes), TICK.toMillis(), TICK.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	private void seen(ExecutorService calls, Watcher.Action action, ObservedJob job) {
		if (action == Watcher.Action.DELETED) {
			this.delayed.gone(job);
			return;
		}
		if (action == Watcher.Action.ADDED || action == Watcher.Action.MODIFIED) {
			this.delayed.seen(job);
			if (this.dead.isUnreported(job)) {
				this.dead.report(job.outline(), calls);
			}
		}
	}

	// What is thrown here would end the timer's calls.
	private void look(ExecutorService calls, WatchedNamespace namespace) {
		try {
			List<ObservedJob> starting = new ArrayList<>();
			namespace.look((job) -> {
				// Of ten thousand of them the messages would be a gigabyte.
				ObservedJob outline = job.outline();
				if (this.dead.isUnreported(job)) {
					this.dead.report(outline, calls);
				}
				if (isAbandoned(job)) {
					run(calls, () -> delete(outline));
				}
				if (job.isStarting()) {
					starting.add(outline);
				}
			});
			run(calls, () -> this.pods.look(namespace.namespace(), starting));
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Jobs in namespace '{}' could not be looked at: {}", namespace.namespace(), ex.getMessage());
			logger.debug("Not looked at", ex);
		}
	}

	private void resumeDue(ExecutorService resumes) {
		try {
			this.delayed.takeDue().forEach((job) -> run(resumes, () -> this.delayed.resume(job)));
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Jobs are resumed a little later", ex);
		}
	}

	private boolean isAbandoned(ObservedJob job) {
		Instant created = ObservedJob.time(job.job().getMetadata().getCreationTimestamp());
		return job.isIncomplete() && created != null && created.plus(MAX_INCOMPLETE).isBefore(this.clock.instant());
	}

	private void delete(ObservedJob job) {
		logger.warn("{} is deleted: whoever sent its message has not completed it", job);
		this.api.deleteIfUnchanged(job);
	}

	private static void run(ExecutorService calls, Runnable call) {
		try {
			calls.execute(() -> {
				try {
					call.run();
				}
				catch (RuntimeException ex) {
					logger.warn("A call to the API server is made again in a while: {}", ex.getMessage());
				}
			});
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Not called since the application shuts down");
		}
	}

	/**
	 * Return whether every namespace is watched.
	 */
	synchronized boolean isWatching() {
		return !this.namespaces.isEmpty() && this.namespaces.stream().allMatch(WatchedNamespace::isWatched);
	}

	@Override
	public synchronized void stop(Duration grace) {
		ScheduledExecutorService timer = this.timer;
		ExecutorService calls = this.calls;
		ExecutorService resumes = this.resumes;
		if (timer == null || calls == null || resumes == null) {
			return;
		}
		timer.shutdownNow();
		this.namespaces.forEach(WatchedNamespace::stop);
		calls.shutdown();
		resumes.shutdown();
		long end = System.nanoTime() + grace.toNanos();
		await(calls, end);
		await(resumes, end);
		this.timer = null;
		this.calls = null;
		this.resumes = null;
		this.namespaces = List.of();
	}

	private static void await(ExecutorService executor, long end) {
		try {
			if (!executor.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
				executor.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			executor.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

}
