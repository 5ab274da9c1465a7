package dev.backgroundjobs.adapter.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait in memory: by priority, then in the order they came. Safe for
 * use by several threads.
 */
final class LocalQueues {

	// A clock that is set forward, or a suspended machine, is noticed within a minute.
	private static final long LONGEST_WAIT_MILLIS = 60_000;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Map<String, LocalLane> lanes = new HashMap<>();

	private final PriorityQueue<LocalEntry> delayed = new PriorityQueue<>(
			Comparator.comparing(LocalEntry::due).thenComparingLong(LocalEntry::order));

	// In no order: each knows its place.
	private final List<LocalEntry> running = new ArrayList<>();

	private final LocalKeys keys;

	private final ToIntFunction<String> concurrency;

	private final long maxBytes;

	private final Clock clock;

	private final Queue<LocalEntry> inbox = new ConcurrentLinkedQueue<>();

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicInteger idle = new AtomicInteger();

	private long order;

	private boolean open;

	private volatile boolean stopped;

	// A thread that outlived a stop must not join those of the next start.
	private int generation;

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
		this.keys = new LocalKeys(clock);
	}

	/**
	 * Add a message, unless one with its key was added a short while ago. Takes the lock
	 * only for a key, or to wake a thread that waits.
	 * @param key the key, or {@code null} for none
	 * @return whether it was added
	 */
	boolean add(LocalEntry entry, @Nullable String key) {
		if (this.stopped) {
			throw new JobException("Job '" + entry.job() + "' is not enqueued: the application shuts down, and backend "
					+ "'local' keeps jobs in its memory only");
		}
		if (this.bytes.get() + entry.size() > this.maxBytes) {
			throw new LocalQueuesFullException(this.maxBytes);
		}
		if (key != null && !this.keys.add(key)) {
			return false;
		}
		addSuccessor(entry);
		return true;
	}

	/**
	 * Add a message that replaces one that is still here: it finds room in full memory
	 * too, since the other goes.
	 */
	void addSuccessor(LocalEntry entry) {
		this.bytes.addAndGet(entry.size());
		this.inbox.add(entry);
		// A thread that waits has counted itself before it looked into the inbox.
		if (this.idle.get() > 0) {
			this.lock.lock();
			try {
				this.changed.signal();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/**
	 * Forget a message that was taken, and take the next, waiting for one.
	 * @param done the message to forget, or {@code null}
	 * @param generation what {@link #open()} returned
	 * @return the next message, or {@code null} once these queues are closed
	 */
	@Nullable LocalEntry next(@Nullable LocalEntry done, int generation) throws InterruptedException {
		this.lock.lock();
		try {
			if (done != null) {
				end(done);
				this.bytes.addAndGet(-done.size());
			}
			while (this.open && this.generation == generation) {
				drainInbox();
				long wait = promoteDue();
				LocalEntry entry = poll();
				if (entry != null) {
					return entry;
				}
				this.idle.incrementAndGet();
				try {
					if (this.inbox.isEmpty()) {
						this.changed.await(wait, TimeUnit.MILLISECONDS);
					}
				}
				finally {
					this.idle.decrementAndGet();
				}
			}
			return null;
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
			end(entry);
			entry.redelivered(this.clock.instant().plus(delay));
			put(entry);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Put a message that was taken back as if it had not been.
	 */
	void putBack(LocalEntry entry) {
		this.lock.lock();
		try {
			end(entry);
			lane(entry).addFirst(entry);
			if (this.idle.get() > 0) {
				this.changed.signal();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Put a message that was taken back for later, without a run that would count.
	 */
	void postpone(LocalEntry entry, Duration delay) {
		this.lock.lock();
		try {
			end(entry);
			entry.postponed(this.clock.instant().plus(delay));
			put(entry);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let messages be taken.
	 * @return the generation of the threads that take them
	 */
	int open() {
		this.lock.lock();
		try {
			this.open = true;
			this.stopped = false;
			return ++this.generation;
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
			LocalEntry entry = find(waiting(), jobId);
			if (entry == null) {
				return false;
			}
			this.delayed.remove(entry);
			lane(entry).remove(entry);
			this.bytes.addAndGet(-entry.size());
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	JobStatus status(String jobId) {
		this.lock.lock();
		try {
			// A successor is added while what it replaces still runs.
			LocalEntry entry = find(waiting(), jobId);
			if (entry != null) {
				return entry.due().isAfter(this.clock.instant()) ? JobStatus.SCHEDULED : JobStatus.QUEUED;
			}
			return (find(this.running, jobId) != null) ? JobStatus.RUNNING : JobStatus.UNKNOWN;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take nothing in any more.
	 * @return what has not ended
	 */
	List<LocalEntry> stop() {
		this.stopped = true;
		return left();
	}

	private List<LocalEntry> left() {
		this.lock.lock();
		try {
			List<LocalEntry> left = waiting();
			left.addAll(this.running);
			return left;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void drainInbox() {
		LocalEntry entry;
		while ((entry = this.inbox.poll()) != null) {
			put(entry);
		}
	}

	private List<LocalEntry> waiting() {
		drainInbox();
		List<LocalEntry> waiting = new ArrayList<>(this.delayed);
		this.lanes.values().forEach((lane) -> lane.addTo(waiting));
		return waiting;
	}

	private static @Nullable LocalEntry find(Iterable<LocalEntry> entries, String jobId) {
		for (LocalEntry entry : entries) {
			if (entry.jobId().equals(jobId)) {
				return entry;
			}
		}
		return null;
	}

	private void put(LocalEntry entry) {
		entry.queued(++this.order);
		if (!entry.due().equals(Instant.EPOCH) && entry.due().isAfter(this.clock.instant())) {
			this.delayed.add(entry);
		}
		else {
			lane(entry).add(entry);
		}
		if (this.idle.get() > 0) {
			this.changed.signal();
		}
	}

	private void end(LocalEntry entry) {
		LocalEntry last = this.running.remove(this.running.size() - 1);
		if (last != entry) {
			this.running.set(entry.place(), last);
			last.place(entry.place());
		}
		LocalLane lane = lane(entry);
		lane.ended();
		// Others may wait for room in the lane only.
		if (lane.isFullBut(1)) {
			this.changed.signal();
		}
	}

	// Returns how many milliseconds the next delayed message waits.
	private long promoteDue() {
		LocalEntry first;
		while ((first = this.delayed.peek()) != null) {
			Instant now = this.clock.instant();
			if (first.due().isAfter(now)) {
				return Math.max(1, Math.min(LONGEST_WAIT_MILLIS, Duration.between(now, first.due()).toMillis()));
			}
			this.delayed.remove();
			lane(first).add(first);
			this.changed.signal();
		}
		return Long.MAX_VALUE;
	}

	private @Nullable LocalEntry poll() {
		LocalLane best = null;
		LocalEntry first = null;
		for (LocalLane lane : this.lanes.values()) {
			LocalEntry head = lane.head();
			if (head != null && (first == null || head.goesBefore(first))) {
				best = lane;
				first = head;
			}
		}
		if (best != null && first != null) {
			best.taken();
			first.place(this.running.size());
			this.running.add(first);
		}
		return first;
	}

	private LocalLane lane(LocalEntry entry) {
		LocalLane lane = this.lanes.get(entry.queue());
		if (lane == null) {
			lane = new LocalLane(this.concurrency.applyAsInt(entry.queue()));
			this.lanes.put(entry.queue(), lane);
		}
		return lane;
	}

}
