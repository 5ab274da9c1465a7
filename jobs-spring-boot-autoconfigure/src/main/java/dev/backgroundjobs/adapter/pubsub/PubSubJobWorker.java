package dev.backgroundjobs.adapter.pubsub;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobWorker;
import org.jspecify.annotations.Nullable;

/**
 * Pulls the messages of every queue that has jobs here.
 */
final class PubSubJobWorker implements JobWorker {

	private final BackendJobs jobs;

	private final PubSubQueues queues;

	private final PubSubJobProperties.Worker properties;

	private final Function<String, PubSubSubscription> subscriptions;

	private final DeliveryProcessor processor;

	private final Clock clock;

	private final Function<String, ThreadFactory> threads;

	private final List<PubSubPuller> pullers = new ArrayList<>();

	private @Nullable ScheduledExecutorService leases;

	/**
	 * Create a worker.
	 * @param subscriptions creates the client of a subscription
	 * @param threads creates threads with a prefix
	 */
	PubSubJobWorker(BackendJobs jobs, PubSubQueues queues, PubSubJobProperties.Worker properties,
			Function<String, PubSubSubscription> subscriptions, DeliveryProcessor processor, Clock clock,
			Function<String, ThreadFactory> threads) {
		this.jobs = jobs;
		this.queues = queues;
		this.properties = properties;
		this.subscriptions = subscriptions;
		this.processor = processor;
		this.clock = clock;
		this.threads = threads;
	}

	@Override
	public synchronized void start() {
		if (!this.properties.enabled()) {
			return;
		}
		TreeSet<String> names = new TreeSet<>();
		for (BackendJob job : this.jobs.on(PubSubJobBackend.NAME)) {
			names.add(job.queue());
		}
		for (String queue : names) {
			PubSubPullSettings settings = new PubSubPullSettings(queue, this.queues.concurrency(queue),
					this.properties.maxLease(), this.properties.releaseDelay());
			this.pullers.add(new PubSubPuller(settings, this.subscriptions.apply(this.queues.subscription(queue)),
					this.processor, this.clock, this.threads.apply("jobs-pubsub-" + queue + "-")));
		}
		ThreadFactory factory = this.threads.apply("jobs-pubsub-leases-");
		ScheduledExecutorService leases = Executors.newSingleThreadScheduledExecutor(factory);
		this.leases = leases;
		for (PubSubPuller puller : this.pullers) {
			Future<?> unused = leases.scheduleWithFixedDelay(puller::tick, 1, 1, TimeUnit.SECONDS);
			puller.start();
		}
	}

	@Override
	public boolean keepsAlive() {
		return this.properties.enabled();
	}

	@Override
	public synchronized void stop(Duration grace) {
		long end = System.nanoTime() + grace.toNanos();
		this.pullers.forEach(PubSubPuller::stopPulling);
		try {
			for (PubSubPuller puller : this.pullers) {
				puller.awaitRuns(end);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.leases != null) {
			this.leases.shutdownNow();
		}
		this.pullers.forEach(PubSubPuller::close);
		this.pullers.clear();
	}

}
