package dev.backgroundjobs.execution;

import java.util.List;

import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.execution.ExecuteObservationDocumentation.IterationEvent;
import dev.backgroundjobs.execution.JobOutcome.StopReason;
import dev.backgroundjobs.iteration.AbortIterationException;
import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Steps;
import dev.backgroundjobs.iteration.Steps.Step;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what a job method has returned: an iteration or steps to go on with, or nothing
 * to do.
 */
final class IterationRunner {

	private static final Logger logger = LoggerFactory.getLogger(IterationRunner.class);

	private final Watchdog watchdog;

	private final IterationServices services;

	IterationRunner(Watchdog watchdog, IterationServices services) {
		this.watchdog = watchdog;
		this.services = services;
	}

	/**
	 * Go on with what a job method has returned.
	 * @return how the run ended, or {@code null} when the job is done
	 */
	@Nullable JobOutcome run(Run run, JobMessage message, JobDefinition definition, @Nullable Object returned) throws Exception {
		if (!definition.isIteration()) {
			refuseUndeclared(definition, returned);
			return null;
		}
		IterationState state = (message.iteration() != null) ? message.iteration() : IterationState.NEW;
		if (!state.ranges().isEmpty()) {
			// Some parts may be on their way already, whatever the job has become.
			return new JobOutcome.Split(state.ranges(), true);
		}
		if (run.slice() != null) {
			throw new IllegalStateException("Job '" + definition.name() + "' was called twice in one run, which would "
					+ "visit the same items again: let JobInterceptors call proceed() once");
		}
		if (returned == null) {
			return nothing(message, definition);
		}
		TransactionCheck.refuseOpen("around job '" + definition.name() + "'");
		IterationSlice slice = new IterationSlice(run, message, this.services);
		run.iterates(slice);
		run.alarm(this.watchdog.every(SliceMonitor.TICK, slice.monitor()));
		JobOutcome outcome = null;
		try {
			outcome = (returned instanceof Steps steps) ? steps(slice, message, definition, steps.all())
					: iteration(slice, definition, (Iteration<?>) returned);
		}
		catch (AbortIterationException ex) {
			// The rest is not wanted.
		}
		if (outcome == null) {
			slice.complete();
		}
		return outcome;
	}

	/**
	 * Say how a run ended that a shutdown has interrupted.
	 */
	JobOutcome shutDown(Slice slice) {
		return new JobOutcome.Stopped(slice, StopReason.SHUTDOWN, this.services.settings().sliceDelay());
	}

	private @Nullable JobOutcome iteration(IterationSlice slice, JobDefinition definition, Iteration<?> iteration)
			throws Exception {
		if (slice.position().step() != null || !slice.position().completedSteps().isEmpty()) {
			throw changed(definition, "is in its steps, after " + slice.position().completedSteps()
					+ ", and now returns an iteration without steps", "Return Steps");
		}
		return slice.walk(iteration.plan(), null);
	}

	private @Nullable JobOutcome steps(IterationSlice slice, JobMessage message, JobDefinition definition,
			List<Step> steps) throws Exception {
		List<String> completed = slice.position().completedSteps();
		List<String> names = steps.stream().map(Step::name).toList();
		String current = slice.position().step();
		boolean isBegun = slice.position().hasCursor() || slice.position().hasEarlierSlices()
				|| message.parallel() != null;
		if (completed.isEmpty() && current == null && isBegun) {
			throw changed(definition, "is in an iteration without steps, and now returns the steps " + names,
					"Return the iteration");
		}
		if (!names.subList(0, Math.min(completed.size(), names.size())).equals(completed)) {
			throw changed(definition, "has done the steps " + completed + ", and now has " + names,
					"Keep the names and the order of steps");
		}
		if (current != null && (completed.size() == names.size() || !names.get(completed.size()).equals(current))) {
			throw changed(definition,
					"stopped in step '" + current + "' after " + completed + ", and now has the steps " + names,
					"Keep the names and the order of steps");
		}
		for (Step step : steps.subList(completed.size(), steps.size())) {
			JobOutcome stopped = slice.stopNow();
			stopped = (stopped != null) ? stopped : run(slice, step);
			stopped = (stopped != null) ? stopped : slice.interrupted();
			if (stopped != null) {
				return stopped;
			}
			slice.stepDone(step.name());
			this.services.observe(IterationEvent.STEP_DONE);
		}
		return null;
	}

	private static @Nullable JobOutcome run(IterationSlice slice, Step step) throws Exception {
		if (step.iteration() != null) {
			return slice.walk(step.iteration().plan(), step.name());
		}
		slice.position().beginAction(step.name());
		if (step.action() != null) {
			step.action().run();
		}
		return null;
	}

	private @Nullable JobOutcome nothing(JobMessage message, JobDefinition definition) {
		if (message.iteration() != null && message.iteration().slices() > 0) {
			throw new IllegalStateException(
					"Job '" + definition.name() + "' has returned null in slice " + (message.iteration().slices() + 1)
							+ ", so that the rest would be lost: return the same iteration " + "in every slice");
		}
		logger.warn("{} has returned null, so there is nothing to do: return Iteration.none() where that is meant",
				message);
		this.services.observe(IterationEvent.NOTHING);
		return null;
	}

	private static void refuseUndeclared(JobDefinition definition, @Nullable Object returned) {
		if (returned instanceof Iteration || returned instanceof Steps || returned instanceof CursorSource) {
			throw new IllegalStateException(
					"Job '" + definition.name() + "' has returned a " + returned.getClass().getSimpleName()
							+ ", which is walked only if the method declares that it " + "returns Iteration or Steps");
		}
	}

	private static IllegalStateException changed(JobDefinition definition, String what, String wayOut) {
		return new IllegalStateException("Job '" + definition.name() + "' " + what + ". " + wayOut
				+ " until all jobs that are under way are done, or give the changed job another name");
	}

}
