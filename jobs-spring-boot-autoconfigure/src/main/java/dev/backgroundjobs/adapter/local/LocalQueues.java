package dev.backgroundjobs.adapter.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

	private final LocalPlaces places;

	private final LocalKeys keys;

	private final long maxBytes;

	private final Clock clock;

	private final Queue<LocalEntry> inbox = new ConcurrentLinkedQueue<>();

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicInteger idle = new AtomicInteger();

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
		this.places = new LocalPlaces(concurrency);
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
			locked(this.changed::signal);
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
				LocalEntry entry = this.places.take();
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
		locked(() -> {
			end(entry);
			entry.redelivered(this.clock.instant().plus(delay));
			put(entry);
		});
	}

	/**
	 * Put a message that was taken back as if it had not been.
	 */
	void putBack(LocalEntry entry) {
		locked(() -> {
			end(entry);
			this.places.putFirst(entry);
			wakeOne();
		});
	}

	/**
	 * Put a message that was taken back for later, without a run that would count.
	 */
	void postpone(LocalEntry entry, Duration delay) {
		locked(() -> {
			end(entry);
			entry.postponed(this.clock.instant().plus(delay));
			put(entry);
		});
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
		locked(() -> {
			this.open = false;
			this.changed.signalAll();
		});
	}

	boolean cancel(String jobId) {
		this.lock.lock();
		try {
			drainInbox();
			LocalEntry entry = this.places.findWaiting(jobId);
			if (entry == null) {
				return false;
			}
			this.places.remove(entry);
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
			drainInbox();
			// A successor is added while what it replaces still runs.
			LocalEntry entry = this.places.findWaiting(jobId);
			if (entry != null) {
				return entry.due().isAfter(this.clock.instant()) ? JobStatus.SCHEDULED : JobStatus.QUEUED;
			}
			return this.places.isTaken(jobId) ? JobStatus.RUNNING : JobStatus.UNKNOWN;
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
		this.lock.lock();
		try {
			drainInbox();
			return this.places.all();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void locked(Runnable action) {
		this.lock.lock();
		try {
			action.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void wakeOne() {
		if (this.idle.get() > 0) {
			this.changed.signal();
		}
	}

	private void drainInbox() {
		LocalEntry entry;
		while ((entry = this.inbox.poll()) != null) {
			put(entry);
		}
	}

	private void put(LocalEntry entry) {
		boolean isDelayed = !entry.due().equals(Instant.EPOCH) && entry.due().isAfter(this.clock.instant());
		this.places.put(entry, isDelayed);
		wakeOne();
	}

	private void end(LocalEntry entry) {
		if (this.places.end(entry)) {
			this.changed.signal();
		}
	}

	// Returns how many milliseconds the next delayed message waits.
	private long promoteDue() {
		LocalEntry first;
		while ((first = this.places.nextDelayed()) != null) {
			Instant now = this.clock.instant();
			if (first.due().isAfter(now)) {
				return Math.max(1, Math.min(LONGEST_WAIT_MILLIS, Duration.between(now, first.due()).toMillis()));
			}
			this.places.promoteNext();
			this.changed.signal();
		}
		return Long.MAX_VALUE;
	}

}
