package dev.backgroundjobs.execution;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.JobProgress;
import dev.backgroundjobs.execution.ExecuteObservationDocumentation.IterationEvent;
import dev.backgroundjobs.execution.JobOutcome.StopReason;
import dev.backgroundjobs.execution.JobProgressEvent.Phase;
import dev.backgroundjobs.iteration.AbortIterationException;
import dev.backgroundjobs.iteration.CursorIterator;
import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.ItemAction;
import dev.backgroundjobs.iteration.IterationPlan;
import dev.backgroundjobs.iteration.SplittableSource;
import dev.backgroundjobs.iteration.Throttle;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One slice of a job's iteration: walks from where the last one stopped, and knows where
 * the next one is to begin. Walks on one thread; others may ask how far it is.
 */
final class IterationSlice {

	private static final Logger logger = LoggerFactory.getLogger(IterationSlice.class);

	// They travel in one message, within the 8 KiB that are kept for what successors add.
	private static final int MAX_RANGES_BYTES = 6 * 1024;

	private final Run run;

	private final JobMessage message;

	private final IterationState before;

	private final IterationServices services;

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

	private @Nullable Type cursorType;

	private volatile long stepBegan;

	private volatile long processedBefore;

	private volatile @Nullable Long total;

	private volatile Duration runtimeBefore;

	private volatile Duration stepBeganAfter = Duration.ZERO;

	private boolean resetsAttempts = true;

	private boolean countsOnly;

	private long items;

	IterationSlice(Run run, JobMessage message, IterationServices services) {
		this.run = run;
		this.message = message;
		this.before = (message.iteration() != null) ? message.iteration() : IterationState.NEW;
		this.services = services;
		this.monitor = new SliceMonitor(run, services.settings().maxSlice(), services.clock());
		this.skipped = new SkippedItems(this.before.failed(), this.before.failedCursors());
		this.completed = new ArrayList<>(this.before.completed());
		this.step = this.before.step();
		this.started = (this.before.step() != null) || (this.before.completed().isEmpty() && this.before.slices() > 0);
		this.cursorJson = this.before.cursor();
		this.processedBefore = this.before.processed();
		this.total = this.before.total();
		this.runtimeBefore = Duration.ofMillis(this.before.runtimeMillis());
	}

	SliceMonitor monitor() {
		return this.monitor;
	}

	List<String> completedSteps() {
		return List.copyOf(this.completed);
	}

	@Nullable String step() {
		return this.step;
	}

	boolean hasBegun() {
		return this.before.slices() > 0;
	}

	boolean hasCursor() {
		return this.cursorJson != null;
	}

	/**
	 * Say that a step is done as a whole.
	 */
	void stepDone(String name) {
		TransactionCheck.refuseOpen("after step '" + name + "'");
		this.completed.add(name);
		this.monitor.done(++this.items);
		this.step = null;
		this.started = false;
		this.cursor = null;
		this.cursorJson = null;
		this.total = null;
		this.processedBefore = 0;
		this.stepBegan = this.items;
		this.skipped.nextStep();
		this.resetsAttempts = true;
		this.runtimeBefore = Duration.ZERO;
		this.stepBeganAfter = this.monitor.elapsed();
	}

	void stepBegins(String name) {
		this.step = name;
	}

	/**
	 * Walk an iteration until its end or this slice's.
	 * @return why it stopped, or {@code null} at the end of the iteration
	 */
	<T extends @Nullable Object> @Nullable JobOutcome walk(IterationPlan<T> plan, @Nullable String step)
			throws Exception {
		this.resetsAttempts = plan.resetsAttempts();
		this.monitor.limit(plan.maxSlice());
		CursorSource<T, ?> source = plan.source();
		if (source == null) {
			return null;
		}
		return walk(plan, source, step);
	}

	private <T extends @Nullable Object, C> @Nullable JobOutcome walk(IterationPlan<T> plan, CursorSource<T, C> whole,
			@Nullable String step) throws Exception {
		this.cursorType = whole.cursorType();
		if (plan.parallel() > 1 && this.message.parallel() == null) {
			JobOutcome split = split((SplittableSource<T, C>) whole, plan.parallel());
			if (split != null) {
				return split;
			}
		}
		C cursor = readCursor(whole, this.cursorJson);
		CursorSource<T, C> source = part(whole, cursor);
		boolean resumes = this.started;
		(resumes ? plan.onResume() : plan.onStart()).call();
		if (!resumes && this.run.isInterrupted()) {
			return interrupted();
		}
		this.started = true;
		this.step = step;
		this.services.observe(resumes ? IterationEvent.RESUMED : IterationEvent.STARTED);
		this.resumedAfter = cursor;
		JobOutcome stopped;
		try {
			stopped = stopBefore(plan);
			if (stopped == null) {
				count(source, cursor);
				report(Phase.STARTED);
				stopped = walkItems(plan, source, cursor);
			}
		}
		catch (AbortIterationException ex) {
			logger.info("{} is aborted: {}", this.message, ex.getMessage());
			this.services.observe(IterationEvent.ABORTED);
			if (ex.completes()) {
				plan.onComplete().call();
			}
			throw ex;
		}
		catch (Throwable ex) {
			stopAfter(plan, ex);
			throw ex;
		}
		if (stopped != null) {
			report(Phase.STOPPED);
			plan.onStop().call();
			return stopped;
		}
		warnOfFewerItems();
		plan.onComplete().call();
		this.services.observe(IterationEvent.COMPLETED);
		logger.info("{} has come to its end{}: {} items in {} slices, {} of them failed and were skipped", this.message,
				(step != null) ? " in step '" + step + "'" : "", processed(), this.before.slices() + 1,
				this.skipped.count());
		return null;
	}

	// As a list does that loses items while they are walked: others were moved past.
	private void warnOfFewerItems() {
		Long total = this.total;
		if (total != null && processed() < total) {
			logger.warn(
					"{} has come to its end after {} items, at its start the source had {}: it has become shorter, and "
							+ "items may have been left out",
					this.message, processed(), total);
		}
	}

	// The job's rules are about why it failed, not about what onStop made of that.
	private void stopAfter(IterationPlan<?> plan, Throwable failure) {
		report(Phase.STOPPED);
		try {
			plan.onStop().call();
		}
		catch (Exception ex) {
			failure.addSuppressed(ex);
		}
	}

	// Once, and not where a start cursor leaves a part out.
	private <T extends @Nullable Object, C> void count(CursorSource<T, C> source, @Nullable C from) throws Exception {
		if (this.total == null && processed() == 0 && (from == null || this.message.parallel() != null)) {
			Long total = source.total();
			this.total = (total != null && total >= 0) ? total : null;
		}
	}

	private <T extends @Nullable Object, C> @Nullable JobOutcome walkItems(IterationPlan<T> plan,
			CursorSource<T, C> source, @Nullable C from) throws Exception {
		ItemAction<T> action = plan.action();
		CursorIterator<T, C> iterator = source.iterate(from);
		try {
			while (iterator.hasNext()) {
				if (!visit(plan, action, iterator)) {
					return interrupted();
				}
				JobOutcome stopped = stopBefore(plan);
				if (stopped != null) {
					return stopped;
				}
			}
			// What says that there is nothing more may say so for the interrupt.
			return interrupted();
		}
		finally {
			close(iterator);
		}
	}

	// Returns false when the thread was interrupted meanwhile: whether the item did its
	// work nobody knows then, so it is visited again.
	private <T extends @Nullable Object, C> boolean visit(IterationPlan<T> plan, ItemAction<T> action,
			CursorIterator<T, C> iterator) throws Exception {
		T item = iterator.next();
		Exception failure = null;
		try {
			action.accept(item);
		}
		catch (Exception ex) {
			failure = ex;
		}
		if (this.run.stopRequested() && this.run.isInterrupted()) {
			if (failure != null) {
				throw failure;
			}
			return false;
		}
		if (failure != null) {
			skip(plan, iterator, failure);
		}
		C cursor = iterator.cursor();
		if (this.items == this.stepBegan) {
			// The first checkpoint of this slice: what cannot travel is refused before
			// more
			// is done, and what may be rolled back is not counted.
			TransactionCheck.refuseOpen("after item " + (processed() + 1));
			this.cursorJson = writeCursor(cursor, processed() + 1);
		}
		this.cursor = cursor;
		this.monitor.done(++this.items);
		if (this.monitor.needsAttention() && this.monitor.takeReport()) {
			report(Phase.RUNNING);
		}
		return true;
	}

	private <T extends @Nullable Object, C> void skip(IterationPlan<T> plan, CursorIterator<T, C> iterator,
			Exception failure) throws Exception {
		if (!SkippedItems.isOfItem(failure) || !this.skipped.hasRoom(plan.maxFailures())) {
			throw failure;
		}
		this.services.observe(IterationEvent.ITEM_FAILED);
		if (this.skipped.add(writeCursor(iterator.cursor(), processed() + 1))) {
			logger.warn("{}: item {} has failed and is skipped, {} of at most {}", this.message, processed() + 1,
					this.skipped.count(), plan.maxFailures(), failure);
		}
		else if (!this.countsOnly) {
			this.countsOnly = true;
			logger.warn("{}: item {} has failed and is skipped, too; further ones are only counted", this.message,
					processed() + 1);
		}
	}

	// Asked before each item. The time counts only once something is done, so that every
	// slice gets on.
	private @Nullable JobOutcome stopBefore(IterationPlan<?> plan) {
		for (Throttle throttle : plan.throttles()) {
			if (throttle.when().getAsBoolean()) {
				this.services.observe(IterationEvent.THROTTLED);
				return new JobOutcome.Stopped(slice(), StopReason.THROTTLED, throttle.backoff());
			}
		}
		return stopNow();
	}

	/**
	 * Say whether the thread was interrupted: whether what it did then was done nobody
	 * knows.
	 * @return how the slice ends then, or {@code null} if it was not
	 */
	@Nullable JobOutcome interrupted() {
		return this.run.isInterrupted()
				? new JobOutcome.Stopped(slice(), StopReason.SHUTDOWN, this.services.settings().sliceDelay()) : null;
	}

	/**
	 * Say that the job has come to its end.
	 */
	void complete() {
		if (this.run.complete()) {
			report(Phase.COMPLETED);
		}
	}

	/**
	 * Say whether this slice has to end here.
	 * @return why, or {@code null} to go on
	 */
	@Nullable JobOutcome stopNow() {
		if (this.services.check() != null) {
			this.monitor.run();
			if (this.items > 0 && this.services.check().interrupts(this.run, this.items)) {
				this.run.requestShutdown();
			}
		}
		StopReason reason = null;
		if (this.run.stopRequested()) {
			reason = this.run.isShutdown() ? StopReason.SHUTDOWN : StopReason.REQUESTED;
		}
		else if (this.monitor.isTimeUp() && this.items > 0) {
			reason = StopReason.TIME;
		}
		if (reason == null) {
			return null;
		}
		TransactionCheck.refuseOpen("after item " + processed());
		this.services.observe(IterationEvent.STOPPED);
		return new JobOutcome.Stopped(slice(), reason, this.services.settings().sliceDelay());
	}

	private <T extends @Nullable Object, C> @Nullable JobOutcome split(SplittableSource<T, C> source, int count)
			throws Exception {
		if (this.before.slices() > 0) {
			// Began whole, with too few items for parts or before it was made parallel.
			return null;
		}
		if (this.cursorJson != null) {
			throw new IllegalStateException("Job '" + this.run.job() + "' is parallel and was given a start cursor, "
					+ "which its parts have not: enqueue it without, or drop parallel(" + count + ")");
		}
		List<C> ends = source.split(count);
		if (ends.size() >= count) {
			throw new IllegalStateException("The source of job '" + this.run.job() + "' was asked for " + count
					+ " ranges and gave the ends of " + (ends.size() + 1) + ": split(n) returns at most n - 1 cursors");
		}
		List<String> written = new ArrayList<>();
		for (int i = 0; i < ends.size(); i++) {
			written.add(this.services.cursors()
				.write("The end of part " + (i + 1) + " of job '" + this.run.job() + "'", ends.get(i),
						source.cursorType()));
		}
		int bytes = written.stream().mapToInt((end) -> end.getBytes(StandardCharsets.UTF_8).length).sum();
		if (bytes > MAX_RANGES_BYTES) {
			throw new IllegalStateException("The ends of the " + (ends.size() + 1) + " parts of job '" + this.run.job()
					+ "' have " + bytes + " bytes of JSON, more than " + MAX_RANGES_BYTES
					+ ": use shorter cursors, or fewer parts");
		}
		return written.isEmpty() ? null : new JobOutcome.Split(written, false);
	}

	private <T extends @Nullable Object, C> CursorSource<T, C> part(CursorSource<T, C> whole, @Nullable C after) {
		if (this.message.parallel() == null) {
			return whole;
		}
		if (whole instanceof SplittableSource<T, C> splittable) {
			return splittable.range(after, readCursor(whole, this.before.end()));
		}
		throw new IllegalStateException("This message is part " + this.message.parallel().index() + " of job '"
				+ this.run.job() + "', whose source can no longer be cut into ranges: give it a SplittableSource until "
				+ "all parts are done");
	}

	@SuppressWarnings("unchecked")
	private <C> @Nullable C readCursor(CursorSource<?, C> source, @Nullable String json) {
		return (json != null) ? (C) this.services.cursors()
			.read("The cursor of job '" + this.run.job() + "'", json, source.cursorType()) : null;
	}

	private String writeCursor(@Nullable Object cursor, long item) {
		return this.services.cursors()
			.write("The cursor of item " + item + " of job '" + this.run.job() + "'", cursor,
					(this.cursorType != null) ? this.cursorType : Object.class);
	}

	private void close(CursorIterator<?, ?> iterator) {
		try {
			iterator.close();
		}
		catch (Exception ex) {
			logger.warn("The source of {} could not be closed", this.message, ex);
		}
	}

	private long processed() {
		return this.processedBefore + this.monitor.items() - this.stepBegan;
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
				this.total, this.before.slices() + 1, this.before.interruptions(), runtime().toMillis(),
				this.skipped.count(), this.skipped.cursors(), this.before.ranges(), this.before.extra());
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
		return new JobProgress(this.step, processed, total, rate, remaining, this.before.slices() + 1,
				this.before.interruptions(), this.skipped.count(), this.skipped.cursors());
	}

	void report(Phase phase) {
		this.run.publish(phase, progress(), (this.cursor != null) ? this.cursor : this.resumedAfter);
	}

}
