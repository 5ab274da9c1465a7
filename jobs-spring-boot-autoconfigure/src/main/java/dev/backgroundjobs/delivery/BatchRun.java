package dev.backgroundjobs.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run of a batch by several workers, until all is settled or its time is over. What
 * has no turn until then is released, and what still runs has lost its lease.
 */
final class BatchRun {

	private static final Logger logger = LoggerFactory.getLogger(BatchRun.class);

	// Less would only cost the job an attempt.
	private static final long MIN_TIME = TimeUnit.SECONDS.toNanos(1);

	private final DeliveryProcessor processor;

	private final List<BatchItem> items;

	private final Deque<BatchItem> waiting;

	private final boolean isOrdered;

	private final @Nullable Long end;

	private final AtomicInteger overdue;

	private long slowest;

	private int workers;

	private boolean isOver;

	private boolean isAbandoned;

	/**
	 * Create a run.
	 * @param isOrdered whether nothing is run after one that is not acknowledged
	 * @param time how long it may take, or {@code null} for as long as it takes
	 * @param overdue counts workers that are still busy when the time is over
	 */
	BatchRun(DeliveryProcessor processor, List<BatchItem> items, boolean isOrdered, @Nullable Duration time,
			AtomicInteger overdue) {
		this.processor = processor;
		this.items = items;
		this.waiting = new ArrayDeque<>(items);
		this.isOrdered = isOrdered;
		this.end = (time != null) ? System.nanoTime() + time.toNanos() : null;
		this.overdue = overdue;
	}

	synchronized void startedWorker() {
		this.workers++;
	}

	/**
	 * Run what waits, one after the other.
	 */
	void work() {
		try {
			for (BatchItem item = next(); item != null; item = next()) {
				long start = System.nanoTime();
				Settlement settlement = Settlement.RELEASED;
				try {
					settlement = this.processor.process(item.delivery(), item.read());
				}
				catch (Throwable ex) {
					logger.error("A message is released", ex);
				}
				settled(item, settlement, System.nanoTime() - start);
			}
		}
		finally {
			endedWorker();
		}
	}

	private synchronized @Nullable BatchItem next() {
		BatchItem item = this.isOver ? null : this.waiting.peek();
		if (item == null || !hasTimeFor(item)) {
			return null;
		}
		this.waiting.remove();
		item.start();
		return item;
	}

	// The first of each worker is started whatever it says that it needs, or nothing ever
	// would be.
	private boolean hasTimeFor(BatchItem item) {
		if (this.end == null) {
			return true;
		}
		long left = this.end - System.nanoTime();
		if (left < MIN_TIME || this.slowest == 0) {
			return left >= MIN_TIME;
		}
		Duration timeout = this.processor.timeout(item.read());
		long needed = (timeout != null) ? timeout.toNanos() : this.slowest;
		return left >= needed;
	}

	private synchronized void settled(BatchItem item, Settlement settlement, long nanos) {
		this.slowest = Math.max(this.slowest, Math.max(1, nanos));
		item.settle(settlement);
		if (this.isOrdered && !settlement.isAcknowledged()) {
			this.isOver = true;
		}
	}

	/**
	 * Say that a worker has ended, or could not be started.
	 */
	synchronized void endedWorker() {
		this.workers--;
		if (this.isAbandoned) {
			synchronized (this.overdue) {
				this.overdue.decrementAndGet();
				this.overdue.notifyAll();
			}
		}
		notifyAll();
	}

	/**
	 * Wait until all is settled or the time is over, and settle the rest.
	 */
	void await() {
		List<BatchItem> lost = new ArrayList<>();
		synchronized (this) {
			awaitWorkers();
			this.isOver = true;
			if (this.workers > 0) {
				this.isAbandoned = true;
				this.overdue.addAndGet(this.workers);
			}
			for (BatchItem item : this.items) {
				if (!item.isSettled() && item.isStarted()) {
					item.settle(Settlement.RELEASED);
					lost.add(item);
				}
				else if (!item.isSettled()) {
					item.settle(this.processor.unstarted(item.delivery()));
				}
			}
		}
		if (!lost.isEmpty()) {
			logger.warn("{} of {} messages still run while their time is over: they are released", lost.size(),
					this.items.size());
			lost.forEach((item) -> item.delivery().lease().lose());
		}
	}

	private void awaitWorkers() {
		boolean isInterrupted = false;
		while (this.workers > 0) {
			long left = (this.end != null) ? this.end - System.nanoTime() : Long.MAX_VALUE;
			if (left <= 0) {
				break;
			}
			try {
				TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, TimeUnit.HOURS.toNanos(1)));
			}
			catch (InterruptedException ex) {
				isInterrupted = true;
			}
		}
		if (isInterrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
