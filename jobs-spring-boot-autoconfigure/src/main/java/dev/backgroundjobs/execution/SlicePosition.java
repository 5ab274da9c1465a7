package dev.backgroundjobs.execution;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.JobProgress;
import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.message.CursorCodec;
import dev.backgroundjobs.message.IterationState;
import org.jspecify.annotations.Nullable;

/**
 * Where a slice is: in which step, after which item, and how far. Moved by the thread
 * that walks; others may ask for the progress.
 */
final class SlicePosition {

	private final String job;

	private final IterationState before;

	private final CursorCodec cursors;

	private final SliceMonitor monitor;

	private final SkippedItems skipped;

	private final List<String> completed;

	private volatile @Nullable String step;

	private boolean started;

	// Where the step's last finished item is: as JSON where it came with the message,
	// else
	// as its source gave it.
	private @Nullable String cursorJson;

	private @Nullable Object cursor;

	private @Nullable Object resumedAfter;

	private Type cursorType = Object.class;

	private volatile long stepBegan;

	private volatile long processedBefore;

	private volatile @Nullable Long total;

	private volatile Duration runtimeBefore;

	private volatile Duration stepBeganAfter = Duration.ZERO;

	private boolean resetsAttempts = true;

	private long items;

	SlicePosition(String job, IterationState before, CursorCodec cursors, SliceMonitor monitor) {
		this.job = job;
		this.before = before;
		this.cursors = cursors;
		this.monitor = monitor;
		this.skipped = new SkippedItems(before.failed(), before.failedCursors());
		this.completed = new ArrayList<>(before.completed());
		this.step = before.step();
		this.started = (before.step() != null) || (before.completed().isEmpty() && before.slices() > 0);
		this.cursorJson = before.cursor();
		this.processedBefore = before.processed();
		this.total = before.total();
		this.runtimeBefore = Duration.ofMillis(before.runtimeMillis());
	}

	List<String> completedSteps() {
		return List.copyOf(this.completed);
	}

	@Nullable String step() {
		return this.step;
	}

	/**
	 * Tells whether the iteration, or the step of it, has begun in this slice or before.
	 */
	boolean isStarted() {
		return this.started;
	}

	boolean hasEarlierSlices() {
		return this.before.slices() > 0;
	}

	boolean hasCursor() {
		return this.cursorJson != null;
	}

	SkippedItems skipped() {
		return this.skipped;
	}

	/** Tells how many items and steps this slice has done. */
	long items() {
		return this.items;
	}

	/** Tells how many items of the step are done, in all slices. */
	long processed() {
		return this.processedBefore + this.monitor.items() - this.stepBegan;
	}

	int slices() {
		return this.before.slices() + 1;
	}

	@Nullable Long total() {
		return this.total;
	}

	void total(@Nullable Long total) {
		this.total = (total != null && total >= 0) ? total : null;
	}

	void resetsAttempts(boolean resetsAttempts) {
		this.resetsAttempts = resetsAttempts;
	}

	/** Tells after which item a walk over a source goes on. */
	<C> @Nullable C open(CursorSource<?, C> source) {
		this.cursorType = source.cursorType();
		C cursor = readCursor(source, this.cursorJson);
		this.resumedAfter = cursor;
		return cursor;
	}

	void begin(@Nullable String step) {
		this.started = true;
		this.step = step;
	}

	void beginAction(String step) {
		this.step = step;
	}

	/**
	 * Tells whether the item that is worked on is the first of the step in this slice.
	 */
	boolean isAtFirstItem() {
		return this.items == this.stepBegan;
	}

	/** Refuses a cursor that could not travel. */
	void checkpoint(@Nullable Object cursor) {
		this.cursorJson = writeCursor(cursor);
	}

	void itemDone(@Nullable Object cursor) {
		this.cursor = cursor;
		this.monitor.done(++this.items);
	}

	void stepDone(String name) {
		this.completed.add(name);
		this.monitor.done(++this.items);
		this.step = null;
		this.started = false;
		this.cursor = null;
		this.cursorJson = null;
		this.resumedAfter = null;
		this.total = null;
		this.processedBefore = 0;
		this.stepBegan = this.items;
		this.skipped.nextStep();
		this.resetsAttempts = true;
		this.runtimeBefore = Duration.ZERO;
		this.stepBeganAfter = this.monitor.elapsed();
	}

	@SuppressWarnings("unchecked")
	<C> @Nullable C readCursor(CursorSource<?, C> source, @Nullable String json) {
		return (json != null) ? (C) this.cursors.read("The cursor of job '" + this.job + "'", json, source.cursorType())
				: null;
	}

	/** Writes the cursor of the item that is worked on. */
	String writeCursor(@Nullable Object cursor) {
		return writeCursor(cursor, processed() + 1);
	}

	private String writeCursor(@Nullable Object cursor, long item) {
		return this.cursors.write("The cursor of item " + item + " of job '" + this.job + "'", cursor, this.cursorType);
	}

	/** Returns the cursor of the last finished item, for whoever follows the job. */
	@Nullable Object cursor() {
		return (this.cursor != null) ? this.cursor : this.resumedAfter;
	}

	/**
	 * Say what has become of this slice.
	 */
	Slice slice() {
		boolean begun = this.started || this.items > 0 || this.before.slices() > 0;
		if (!begun) {
			return new Slice(this.before, 0, 0, this.resetsAttempts);
		}
		String json = (this.cursor != null) ? writeCursor(this.cursor, processed()) : this.cursorJson;
		IterationState state = new IterationState(this.step, this.completed, json, this.before.end(), processed(),
				this.total, slices(), this.before.interruptions(), runtime().toMillis(), this.skipped.count(),
				this.skipped.cursors(), this.before.ranges(), this.before.extra());
		return new Slice(state, this.items, this.skipped.added(), this.resetsAttempts);
	}

	/**
	 * Say what has become of this slice when it has failed. Where the cursor cannot
	 * travel, or cannot even be compared, nothing counts as done.
	 */
	Slice sliceAfterFailure() {
		try {
			return slice();
		}
		catch (RuntimeException ex) {
			return new Slice(this.before, 0, 0, this.resetsAttempts);
		}
	}

	private Duration runtime() {
		Duration slice = this.monitor.elapsed().minus(this.stepBeganAfter);
		// A clock may be set back.
		return slice.isNegative() ? this.runtimeBefore : this.runtimeBefore.plus(slice);
	}

	JobProgress progress() {
		long processed = processed();
		Long total = this.total;
		double seconds = runtime().toMillis() / 1000.0;
		double rate = (seconds > 0) ? processed / seconds : 0;
		Duration remaining = (total != null && rate > 0)
				? Duration.ofMillis(Math.round(1000 * Math.max(0, total - processed) / rate)) : null;
		return new JobProgress(this.step, processed, total, rate, remaining, slices(), this.before.interruptions(),
				this.skipped.count(), this.skipped.cursors());
	}

}
