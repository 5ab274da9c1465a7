package dev.backgroundjobs.execution;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Watches the time of a slice from another thread, so that the one that walks reads one
 * flag per item and no clock. The slice ends when its time is used up, or when an item as
 * slow as the slowest so far would not be done by the deadline.
 */
final class SliceMonitor implements Runnable {

	/** How often a slice is looked at: also how exact the time of an item is known. */
	static final Duration TICK = Duration.ofMillis(10);

	private static final Duration REPORT = Duration.ofSeconds(1);

	private final Run run;

	private final Clock clock;

	private final Instant start;

	private final AtomicLong items = new AtomicLong();

	private Duration maxSlice;

	private long seenItems;

	private Instant seenAt;

	private Duration slowest = Duration.ZERO;

	private Instant nextReport;

	private boolean reportDue;

	private volatile boolean attention;

	private volatile boolean timeIsUp;

	SliceMonitor(Run run, Duration maxSlice, Clock clock) {
		this.run = run;
		this.clock = clock;
		this.start = clock.instant();
		this.maxSlice = maxSlice;
		this.seenAt = this.start;
		this.nextReport = this.start.plus(REPORT);
	}

	/** Limits the slice further. */
	synchronized void limit(@Nullable Duration maxSlice) {
		if (maxSlice != null && maxSlice.compareTo(this.maxSlice) < 0) {
			this.maxSlice = maxSlice;
		}
	}

	/** Tells how many items are done. Called by the thread that walks, and cheap. */
	void done(long items) {
		this.items.setOpaque(items);
	}

	/** Tells whether there is something to do besides walking. */
	boolean needsAttention() {
		return this.attention;
	}

	boolean isTimeUp() {
		return this.timeIsUp;
	}

	/** Tells whether progress is to be reported, once. */
	synchronized boolean takeReport() {
		boolean due = this.reportDue;
		this.reportDue = false;
		this.attention = this.timeIsUp;
		return due;
	}

	long items() {
		return this.items.getOpaque();
	}

	Duration elapsed() {
		return Duration.between(this.start, this.clock.instant());
	}

	@Override
	public synchronized void run() {
		Instant now = this.clock.instant();
		long items = this.items.getOpaque();
		Duration current = Duration.between(this.seenAt, now);
		this.slowest = (current.compareTo(this.slowest) > 0) ? current : this.slowest;
		if (items != this.seenItems) {
			this.seenItems = items;
			this.seenAt = now;
		}
		Instant deadline = this.run.deadline();
		if (Duration.between(this.start, now).compareTo(this.maxSlice) >= 0
				|| (deadline != null && !now.plus(this.slowest).plus(TICK).isBefore(deadline))) {
			this.timeIsUp = true;
			this.attention = true;
		}
		if (!now.isBefore(this.nextReport)) {
			this.nextReport = now.plus(REPORT);
			this.reportDue = true;
			this.attention = true;
		}
	}

}
