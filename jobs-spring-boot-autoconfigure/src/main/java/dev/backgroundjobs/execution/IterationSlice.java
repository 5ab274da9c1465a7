package dev.backgroundjobs.execution;

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

	private final Run run;

	private final JobMessage message;

	private final IterationServices services;

	private final SliceMonitor monitor;

	private final SlicePosition position;

	private boolean countsOnly;

	IterationSlice(Run run, JobMessage message, IterationServices services) {
		this.run = run;
		this.message = message;
		this.services = services;
		this.monitor = new SliceMonitor(run, services.settings().maxSlice(), services.clock());
		this.position = new SlicePosition(run.job(),
				(message.iteration() != null) ? message.iteration() : IterationState.NEW, services.cursors(),
				this.monitor);
	}

	SliceMonitor monitor() {
		return this.monitor;
	}

	SlicePosition position() {
		return this.position;
	}

	/**
	 * Walk an iteration until its end or this slice's.
	 * @return why it stopped, or {@code null} at the end of the iteration
	 */
	<T extends @Nullable Object> @Nullable JobOutcome walk(IterationPlan<T> plan, @Nullable String step)
			throws Exception {
		this.position.resetsAttempts(plan.resetsAttempts());
		this.monitor.limit(plan.maxSlice());
		CursorSource<T, ?> source = plan.source();
		if (source == null) {
			return null;
		}
		return walk(plan, source, step);
	}

	private <T extends @Nullable Object, C> @Nullable JobOutcome walk(IterationPlan<T> plan, CursorSource<T, C> whole,
			@Nullable String step) throws Exception {
		IterationParts parts = new IterationParts(this.run.job(), this.message, this.position, this.services.cursors());
		if (plan.parallel() > 1 && this.message.parallel() == null) {
			JobOutcome split = parts.split((SplittableSource<T, C>) whole, plan.parallel());
			if (split != null) {
				return split;
			}
		}
		C cursor = this.position.open(whole);
		CursorSource<T, C> source = parts.of(whole, cursor);
		boolean resumes = this.position.isStarted();
		(resumes ? plan.onResume() : plan.onStart()).call();
		if (!resumes && this.run.isInterrupted()) {
			return interrupted();
		}
		this.position.begin(step);
		this.services.observe(resumes ? IterationEvent.RESUMED : IterationEvent.STARTED);
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
				(step != null) ? " in step '" + step + "'" : "", this.position.processed(), this.position.slices(),
				this.position.skipped().count());
		return null;
	}

	// As a list does that loses items while they are walked: others were moved past.
	private void warnOfFewerItems() {
		Long total = this.position.total();
		if (total != null && this.position.processed() < total) {
			logger.warn(
					"{} has come to its end after {} items, at its start the source had {}: it has become shorter, and "
							+ "items may have been left out",
					this.message, this.position.processed(), total);
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
		if (this.position.total() == null && this.position.processed() == 0
				&& (from == null || this.message.parallel() != null)) {
			this.position.total(source.total());
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
		if (this.position.isAtFirstItem()) {
			// What cannot travel is refused before more is done, and what may be rolled
			// back is not counted.
			TransactionCheck.refuseOpen("after item " + (this.position.processed() + 1));
			this.position.checkpoint(cursor);
		}
		this.position.itemDone(cursor);
		if (this.monitor.needsAttention() && this.monitor.takeReport()) {
			report(Phase.RUNNING);
		}
		return true;
	}

	private <T extends @Nullable Object, C> void skip(IterationPlan<T> plan, CursorIterator<T, C> iterator,
			Exception failure) throws Exception {
		if (!SkippedItems.isOfItem(failure) || !this.position.skipped().hasRoom(plan.maxFailures())) {
			throw failure;
		}
		this.services.observe(IterationEvent.ITEM_FAILED);
		long item = this.position.processed() + 1;
		if (this.position.skipped().add(this.position.writeCursor(iterator.cursor()))) {
			logger.warn("{}: item {} has failed and is skipped, {} of at most {}", this.message, item,
					this.position.skipped().count(), plan.maxFailures(), failure);
		}
		else if (!this.countsOnly) {
			this.countsOnly = true;
			logger.warn("{}: item {} has failed and is skipped, too; further ones are only counted", this.message,
					item);
		}
	}

	// Asked before each item. The time counts only once something is done, so that every
	// slice gets on.
	private @Nullable JobOutcome stopBefore(IterationPlan<?> plan) {
		for (Throttle throttle : plan.throttles()) {
			if (throttle.when().getAsBoolean()) {
				this.services.observe(IterationEvent.THROTTLED);
				return new JobOutcome.Stopped(this.position.slice(), StopReason.THROTTLED, throttle.backoff());
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
		return this.run.isInterrupted() ? new JobOutcome.Stopped(this.position.slice(), StopReason.SHUTDOWN,
				this.services.settings().sliceDelay()) : null;
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
			if (this.position.items() > 0 && this.services.check().interrupts(this.run, this.position.items())) {
				this.run.requestShutdown();
			}
		}
		StopReason reason = null;
		if (this.run.stopRequested()) {
			reason = this.run.isShutdown() ? StopReason.SHUTDOWN : StopReason.REQUESTED;
		}
		else if (this.monitor.isTimeUp() && this.position.items() > 0) {
			reason = StopReason.TIME;
		}
		if (reason == null) {
			return null;
		}
		TransactionCheck.refuseOpen("after item " + this.position.processed());
		this.services.observe(IterationEvent.STOPPED);
		return new JobOutcome.Stopped(this.position.slice(), reason, this.services.settings().sliceDelay());
	}

	private void close(CursorIterator<?, ?> iterator) {
		try {
			iterator.close();
		}
		catch (Exception ex) {
			logger.warn("The source of {} could not be closed", this.message, ex);
		}
	}

	/**
	 * Say that a step is done as a whole.
	 */
	void stepDone(String name) {
		TransactionCheck.refuseOpen("after step '" + name + "'");
		this.position.stepDone(name);
	}

	void report(Phase phase) {
		this.run.publish(phase, this.position.progress(), this.position.cursor());
	}

}
