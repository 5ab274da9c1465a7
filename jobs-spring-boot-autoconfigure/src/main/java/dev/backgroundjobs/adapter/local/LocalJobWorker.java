package dev.backgroundjobs.adapter.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;

import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobWorker;
import dev.backgroundjobs.delivery.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the messages of {@link LocalJobBackend} on a fixed number of threads.
 */
final class LocalJobWorker implements JobWorker {

	private static final Logger logger = LoggerFactory.getLogger(LocalJobWorker.class);

	private static final int NAMED_WHEN_LEFT = 20;

	private final LocalQueues queues;

	private final DeliveryProcessor processor;

	private final int concurrency;

	private final ThreadFactory threadFactory;

	private final LocalPlatformCheck platform;

	private final List<Thread> threads = new ArrayList<>();

	LocalJobWorker(LocalQueues queues, DeliveryProcessor processor, int concurrency, ThreadFactory threadFactory,
			LocalPlatformCheck platform) {
		this.queues = queues;
		this.processor = processor;
		this.concurrency = concurrency;
		this.threadFactory = threadFactory;
		this.platform = platform;
	}

	@Override
	public synchronized void start() {
		this.platform.check();
		int generation = this.queues.open();
		for (int i = 0; i < this.concurrency; i++) {
			Thread thread = this.threadFactory.newThread(() -> work(generation));
			this.threads.add(thread);
			thread.start();
		}
	}

	@Override
	public synchronized void stop(Duration grace) {
		this.queues.close();
		long end = System.nanoTime() + grace.toNanos();
		for (Thread thread : this.threads) {
			join(thread, end);
		}
		this.threads.clear();
		logLeft();
	}

	private void work(int generation) {
		LocalEntry done = null;
		while (true) {
			LocalEntry entry;
			try {
				entry = this.queues.next(done, generation);
			}
			catch (InterruptedException ex) {
				// A late interrupt of a run that has ended.
				done = null;
				continue;
			}
			if (entry == null) {
				return;
			}
			done = deliver(entry) ? entry : null;
		}
	}

	/**
	 * Deliver a message.
	 * @return whether it is done with; if not, it was released
	 */
	private boolean deliver(LocalEntry entry) {
		Settlement settlement = Settlement.RELEASED;
		try {
			settlement = this.processor.process(Delivery.inProcess(entry.message(), "local", entry.redeliveries()));
		}
		catch (Throwable ex) {
			logger.error("Job {} of '{}' is delivered again", entry.jobId(), entry.job(), ex);
		}
		// What nobody can read gets no better by waiting.
		if (settlement.isAcknowledged() || settlement == Settlement.UNREADABLE) {
			return true;
		}
		// Only what may have been run counts towards the crash guard.
		switch (settlement) {
			case UNAVAILABLE -> this.queues.putBack(entry);
			case BUSY -> this.queues.postpone(entry, Duration.ofSeconds(1));
			// Signed in the future, by a clock that went back since.
			case UNTRUSTED -> this.queues.postpone(entry, Duration.ofSeconds(60));
			default -> this.queues.release(entry, pause(entry.redeliveries()));
		}
		return false;
	}

	private static Duration pause(int redeliveries) {
		return Duration.ofSeconds(Math.min(60, 1L << Math.min(redeliveries, 6)));
	}

	private static void join(Thread thread, long end) {
		try {
			thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void logLeft() {
		List<LocalEntry> left = this.queues.stop();
		if (left.isEmpty()) {
			return;
		}
		Map<String, Long> byJob = new TreeMap<>(
				left.stream().collect(Collectors.groupingBy(LocalEntry::job, Collectors.counting())));
		List<String> ids = left.stream().map(LocalEntry::jobId).limit(NAMED_WHEN_LEFT).toList();
		logger.warn("{} jobs are left in memory and lost when the process ends: {}, the first ids: {}", left.size(),
				byJob, ids);
	}

}
