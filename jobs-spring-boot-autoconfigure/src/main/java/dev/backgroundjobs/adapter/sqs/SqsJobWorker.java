package dev.backgroundjobs.adapter.sqs;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobWorker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Receives the messages of every queue that has jobs here.
 */
final class SqsJobWorker implements JobWorker {

	private static final Logger logger = LoggerFactory.getLogger(SqsJobWorker.class);

	private final SqsWorkerQueues queues;

	private final SqsJobProperties.Worker properties;

	private final Supplier<SqsClient> client;

	private final BackendRequests requests;

	private final DeliveryProcessor processor;

	private final Clock clock;

	private final Function<String, ThreadFactory> threads;

	private final List<SqsPoller> pollers = new ArrayList<>();

	private @Nullable ScheduledExecutorService timer;

	private @Nullable ExecutorService calls;

	/**
	 * Create a worker.
	 * @param client returns the client, which nobody closes before the worker is stopped
	 * @param requests counts requests
	 * @param threads creates threads with a prefix
	 */
	SqsJobWorker(SqsWorkerQueues queues, SqsJobProperties.Worker properties, Supplier<SqsClient> client,
			BackendRequests requests, DeliveryProcessor processor, Clock clock,
			Function<String, ThreadFactory> threads) {
		this.queues = queues;
		this.properties = properties;
		this.client = client;
		this.requests = requests;
		this.processor = processor;
		this.clock = clock;
		this.threads = threads;
	}

	@Override
	public synchronized void start() {
		if (!this.properties.enabled()) {
			return;
		}
		ScheduledExecutorService timer = Executors
			.newSingleThreadScheduledExecutor(this.threads.apply("jobs-sqs-timer-"));
		ExecutorService calls = Executors.newCachedThreadPool(this.threads.apply("jobs-sqs-calls-"));
		this.timer = timer;
		this.calls = calls;
		for (String queue : new TreeSet<>(this.queues.names().get())) {
			SqsPollSettings settings = settings(queue);
			SqsInbox inbox = new SqsInbox(this.client, () -> this.queues.url().apply(queue), settings, this.requests);
			SqsLeases leases = new SqsLeases(settings, inbox, calls);
			SqsPoller poller = new SqsPoller(settings, inbox, () -> reader(settings), this.processor, this.clock,
					leases, new SqsDeletes(queue, inbox, timer, calls), this.threads.apply("jobs-sqs-" + queue + "-"));
			this.pollers.add(poller);
			long period = leases.period().toMillis();
			Future<?> unused = timer.scheduleWithFixedDelay(() -> extend(leases, queue), period, period,
					TimeUnit.MILLISECONDS);
			poller.start();
		}
	}

	private static void extend(SqsLeases leases, String queue) {
		try {
			leases.tick(System.nanoTime());
		}
		catch (RuntimeException | Error ex) {
			// What is thrown here would end the timer's calls, and with them all leases.
			logger.warn("Messages of queue '{}' are extended a little later", queue, ex);
		}
	}

	private SqsPollSettings settings(String queue) {
		return new SqsPollSettings(queue, this.queues.isFifo().test(queue), this.queues.concurrency().applyAsInt(queue),
				this.properties.waitTime(), this.properties.visibilityTimeout(), this.properties.maxLease(),
				this.properties.releaseDelay());
	}

	private Function<Message, SqsReceived> reader(SqsPollSettings settings) {
		boolean hasRedrivePolicy = this.queues.hasRedrivePolicy().test(settings.queue());
		return (message) -> SqsReceived.of(message, settings.isFifo(), hasRedrivePolicy, System.nanoTime());
	}

	@Override
	public boolean keepsAlive() {
		return this.properties.enabled();
	}

	@Override
	public synchronized void stop(Duration grace) {
		long end = System.nanoTime() + grace.toNanos();
		this.pollers.forEach(SqsPoller::stopReceiving);
		try {
			for (SqsPoller poller : this.pollers) {
				poller.awaitRuns(end);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.timer != null && this.calls != null) {
			this.timer.shutdownNow();
			this.calls.shutdown();
		}
		this.pollers.clear();
	}

}
