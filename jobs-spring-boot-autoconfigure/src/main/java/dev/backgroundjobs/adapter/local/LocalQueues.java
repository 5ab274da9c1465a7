package dev.backgroundjobs.adapter.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

import dev.backgroundjobs.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait in memory: by priority, then in the order they came. Safe for
 * use by several threads.
 */
final class LocalQueues {

	private static final int REMEMBERED_KEYS = 10_000;

	private static final Comparator<LocalEntry> FIRST = Comparator.comparingInt(LocalEntry::priority)
		.reversed()
		.thenComparingLong(LocalEntry::order);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Map<String, Lane> lanes = new HashMap<>();

	private final PriorityQueue<LocalEntry> delayed = new PriorityQueue<>(
			Comparator.comparing(LocalEntry::due).thenComparingLong(LocalEntry::order));

	private final Map<String, LocalEntry> byJobId = new HashMap<>();

	private final Map<String, Boolean> recentKeys = new LinkedHashMap<>();

	private final ToIntFunction<String> concurrency;

	private final long maxBytes;

	private final Clock clock;

	private long bytes;

	private long order;

	private boolean open;

	/**
	 * Create queues.
	 * @param concurrency how many messages of a queue may run at once
	 * @param maxBytes how much may wait
	 * @param clock tells the time
	 */
	LocalQueues(ToIntFunction<String> concurrency, long maxBytes, Clock clock) {
		this.concurrency = concurrency;
		this.maxBytes = maxBytes;
		this.clock = clock;
	}

	/**
	 * Add a message, unless one with its key was added a short while ago.
	 * @return whether it was added
	 */
	boolean add(LocalEntry entry, String key) {
		this.lock.lock();
		try {
			if (this.bytes + entry.size() > this.maxBytes) {
				throw new LocalQueuesFullException(this.maxBytes);
			}
			if (this.recentKeys.putIfAbsent(key, true) != null) {
				return false;
			}
			if (this.recentKeys.size() > REMEMBERED_KEYS) {
				this.recentKeys.remove(this.recentKeys.keySet().iterator().next());
			}
			this.bytes += entry.size();
			this.byJobId.put(entry.jobId(), entry);
			put(entry, ++this.order);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Put a message that was taken back, to be delivered again.
	 */
	void release(LocalEntry entry, Duration delay) {
		this.lock.lock();
		try {
			lane(entry).running--;
			entry.redelivered(delay.isZero() ? Instant.EPOCH : this.clock.instant().plus(delay));
			put(entry, entry.order());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forget a message that was taken.
	 */
	void remove(LocalEntry entry) {
		this.lock.lock();
		try {
			lane(entry).running--;
			forget(entry);
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take the next message, waiting for one.
	 * @return the message, or {@code null} once these queues are closed
	 */
	@Nullable LocalEntry take() throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (this.open) {
				Duration next = promoteDue();
				LocalEntry entry = poll();
				if (entry != null) {
					return entry;
				}
				long wait = (next != null) ? Math.max(1, next.toMillis()) : Long.MAX_VALUE;
				this.changed.await(wait, TimeUnit.MILLISECONDS);
			}
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	void open() {
		this.lock.lock();
		try {
			this.open = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.open = false;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean cancel(String jobId) {
		this.lock.lock();
		try {
			LocalEntry entry = this.byJobId.get(jobId);
			if (entry == null || entry.isRunning()) {
				return false;
			}
			this.delayed.remove(entry);
			lane(entry).ready.remove(entry);
			forget(entry);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	JobStatus status(String jobId) {
		this.lock.lock();
		try {
			LocalEntry entry = this.byJobId.get(jobId);
			if (entry == null) {
				return JobStatus.UNKNOWN;
			}
			if (entry.isRunning()) {
				return JobStatus.RUNNING;
			}
			return entry.due().isAfter(this.clock.instant()) ? JobStatus.SCHEDULED : JobStatus.QUEUED;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return what has not ended.
	 */
	List<LocalEntry> left() {
		this.lock.lock();
		try {
			return new ArrayList<>(this.byJobId.values());
		}
		finally {
			this.lock.unlock();
		}
	}

	private void put(LocalEntry entry, long order) {
		entry.queued(order);
		if (entry.due().isAfter(this.clock.instant())) {
			this.delayed.add(entry);
		}
		else {
			lane(entry).ready.add(entry);
		}
		this.changed.signal();
	}

	// Returns how long the next delayed message waits.
	private @Nullable Duration promoteDue() {
		Instant now = this.clock.instant();
		LocalEntry first;
		while ((first = this.delayed.peek()) != null) {
			if (first.due().isAfter(now)) {
				return Duration.between(now, first.due());
			}
			this.delayed.remove();
			lane(first).ready.add(first);
			this.changed.signal();
		}
		return null;
	}

	private @Nullable LocalEntry poll() {
		Lane best = null;
		for (Lane lane : this.lanes.values()) {
			LocalEntry head = lane.ready.peek();
			if (head != null && lane.running < lane.concurrency
					&& (best == null || FIRST.compare(head, best.ready.element()) < 0)) {
				best = lane;
			}
		}
		if (best == null) {
			return null;
		}
		LocalEntry entry = best.ready.remove();
		entry.taken();
		best.running++;
		return entry;
	}

	private void forget(LocalEntry entry) {
		this.bytes -= entry.size();
		this.byJobId.remove(entry.jobId(), entry);
	}

	private Lane lane(LocalEntry entry) {
		return this.lanes.computeIfAbsent(entry.queue(), (queue) -> new Lane(this.concurrency.applyAsInt(queue)));
	}

	/**
	 * The messages of one queue.
	 */
	private static final class Lane {

		private final PriorityQueue<LocalEntry> ready = new PriorityQueue<>(FIRST);

		private final int concurrency;

		private int running;

		private Lane(int concurrency) {
			this.concurrency = concurrency;
		}

	}

}
