package dev.backgroundjobs.execution;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinition.FailureRule;
import dev.backgroundjobs.execution.JobInvoker.BeanNotAvailableException;
import dev.backgroundjobs.execution.Run.InterruptReason;
import dev.backgroundjobs.message.ArgumentException;
import dev.backgroundjobs.message.CursorCodec;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Runs one message on the calling thread and says how the run ended. Safe for use by
 * several threads.
 */
public final class JobExecutor implements AutoCloseable {

	private final JobInvoker invoker;

	private final ApplicationEventPublisher events;

	private final ExecuteObserver observer;

	private final @Nullable Duration reserve;

	private final Clock clock;

	private final Watchdog watchdog = new Watchdog();

	private final IterationRunner iterations;

	private final Map<Run, Lease> running = new ConcurrentHashMap<>();

	private volatile @Nullable Shutdown shutdown;

	/**
	 * Create an executor.
	 * @param invoker calls the methods of beans
	 * @param events publishes progress
	 * @param observer observes runs
	 * @param reserve what is kept of a platform's limit for the successor and the answer,
	 * or {@code null} for 10 %, between 2 s and 15 s
	 * @param iteration how iterations are cut
	 * @param cursors writes and reads cursors
	 * @param check decides after every item whether an iteration is interrupted, or
	 * {@code null} for never
	 * @param clock tells the time
	 */
	public JobExecutor(JobInvoker invoker, ApplicationEventPublisher events, ExecuteObserver observer,
			@Nullable Duration reserve, IterationSettings iteration, CursorCodec cursors, @Nullable SliceCheck check,
			Clock clock) {
		this.invoker = invoker;
		this.events = events;
		this.observer = observer;
		this.reserve = reserve;
		this.clock = clock;
		this.iterations = new IterationRunner(this.watchdog,
				new IterationServices(iteration, cursors, check, observer, clock));
	}

	/**
	 * Run a message.
	 * @param message the message
	 * @param definition the job it asks for
	 * @param platformDeadline when the platform gives the message to somebody else, or
	 * {@code null} when it never does
	 * @param lease the right to settle, lost at that deadline; nothing is run once it is
	 * @return how the run ended
	 */
	public JobOutcome execute(JobMessage message, JobDefinition definition, @Nullable Instant platformDeadline,
			Lease lease) {
		if (lease.isLost()) {
			return new JobOutcome.LeaseLost();
		}
		return this.observer.observe(message, definition, () -> run(message, definition, platformDeadline, lease));
	}

	/**
	 * Return what is kept of a platform's time for what follows a run.
	 * @param left the time until the platform's deadline
	 * @return the part of it in which no job runs
	 */
	public Duration reserve(Duration left) {
		return Deadlines.reserve(left.isNegative() ? Duration.ZERO : left, this.reserve);
	}

	private JobOutcome run(JobMessage message, JobDefinition definition, @Nullable Instant platformDeadline,
			Lease lease) {
		Instant start = this.clock.instant();
		Deadlines deadlines = Deadlines.of(start, definition.timeout(), platformDeadline, this.reserve);
		Run run = new Run(message, definition, deadlines.stop(), this.events, this.clock);
		watch(run, deadlines, start, lease);
		this.running.put(run, lease);
		// A shutdown that began meanwhile has not seen this run.
		Shutdown shutdown = this.shutdown;
		if (shutdown != null) {
			stop(run, lease, shutdown);
		}
		AtomicReference<@Nullable JobOutcome> outcome = new AtomicReference<>();
		AtomicReference<@Nullable Throwable> walkFailure = new AtomicReference<>();
		Throwable failure = null;
		try {
			JobContext.call(run, () -> {
				invokeWithMdc(run, message, definition, outcome, walkFailure);
				return true;
			});
			// An interceptor that swallows what an item throws would lose those after it.
			failure = walkFailure.get();
		}
		catch (Throwable ex) {
			failure = ex;
		}
		finally {
			this.running.remove(run);
		}
		InterruptReason stopped = run.end();
		boolean interrupted = run.isInterrupted();
		if (interrupted || Thread.currentThread().isInterrupted()) {
			settleInterrupt(interrupted);
		}
		if (lease.isLost()) {
			return new JobOutcome.LeaseLost();
		}
		return classify(run, definition, failure, stopped, start, outcome.get());
	}

	/**
	 * Ask all runs to stop: those that are not done in time are interrupted, those that
	 * are not done when the grace is over lose their leases.
	 * @param grace how long the shutdown waits
	 */
	public void shutdown(Duration grace) {
		shutdown(grace.minus(Deadlines.reserve(grace, this.reserve)), grace);
	}

	/**
	 * Ask all runs to stop.
	 * @param interruptAfter when those that are not done are interrupted
	 * @param grace when those that are not done lose their leases
	 */
	public void shutdown(Duration interruptAfter, Duration grace) {
		Instant now = this.clock.instant();
		Shutdown shutdown = new Shutdown(now.plus(interruptAfter), now.plus(grace));
		this.shutdown = shutdown;
		this.running.forEach((run, lease) -> stop(run, lease, shutdown));
	}

	/**
	 * Let runs go on as long as they may again, after a restart of the context.
	 */
	public void open() {
		this.shutdown = null;
	}

	/**
	 * Return how many runs there are now.
	 * @return the number
	 */
	public int running() {
		return this.running.size();
	}

	@Override
	public void close() {
		this.watchdog.close();
	}

	// An interrupt that the method left behind is not for whoever sends the successor and
	// writes the answer, unless the thread is that of an outer job.
	private void settleInterrupt(boolean cleared) {
		Run outer = outerRun();
		if (outer == null) {
			Thread.interrupted();
		}
		else if (cleared && outer.isInterrupted()) {
			// One interrupt was for both, and this run has cleared it.
			Thread.currentThread().interrupt();
		}
	}

	private @Nullable Run outerRun() {
		Run found = null;
		for (Run run : this.running.keySet()) {
			if (run.isOnCurrentThread() && (found == null || run.isInterrupted())) {
				found = run;
			}
		}
		return found;
	}

	private void stop(Run run, Lease lease, Shutdown shutdown) {
		Instant now = this.clock.instant();
		run.requestShutdown();
		run.limit(shutdown.interrupt());
		run.alarm(this.watchdog.in(Duration.between(now, shutdown.interrupt()),
				() -> run.interrupt(InterruptReason.SHUTDOWN)));
		// The web server ends its connections then, and the platform delivers again: a
		// successor that is sent later would run besides. It may still be under way when
		// the run has ended, so this is no alarm of the run.
		Future<?> unused = this.watchdog.in(Duration.between(now, shutdown.end()), lease::lose);
	}

	private void watch(Run run, Deadlines deadlines, Instant now, Lease lease) {
		if (deadlines.stop() != null) {
			run.alarm(this.watchdog.in(Duration.between(now, deadlines.stop()),
					() -> run.interrupt(InterruptReason.DEADLINE)));
		}
		if (deadlines.platform() != null) {
			run.alarm(this.watchdog.in(Duration.between(now, deadlines.platform()), lease::lose));
		}
		lease.onLost(() -> run.interrupt(InterruptReason.LEASE));
	}

	private void invokeWithMdc(Run run, JobMessage message, JobDefinition definition,
			AtomicReference<@Nullable JobOutcome> outcome, AtomicReference<@Nullable Throwable> walkFailure)
			throws Exception {
		// An inline job runs within another, whose values come back after it.
		String outerId = MDC.get("jobId");
		String outerJob = MDC.get("job");
		MDC.put("jobId", message.id());
		MDC.put("job", definition.name());
		try {
			this.invoker.invoke(run, definition, message.args(), (returned) -> {
				try {
					outcome.set(this.iterations.run(run, message, definition, returned));
				}
				catch (Throwable ex) {
					walkFailure.set(ex);
					throw ex;
				}
			});
		}
		catch (Error | Exception ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			restore("jobId", outerId);
			restore("job", outerJob);
		}
	}

	private static void restore(String key, @Nullable String value) {
		if (value != null) {
			MDC.put(key, value);
		}
		else {
			MDC.remove(key);
		}
	}

	private JobOutcome classify(Run run, JobDefinition definition, @Nullable Throwable failure,
			@Nullable InterruptReason stopped, Instant start, @Nullable JobOutcome outcome) {
		IterationSlice iteration = run.slice();
		Slice slice = (iteration != null) ? iteration.position().sliceAfterFailure() : null;
		if (stopped == InterruptReason.SHUTDOWN) {
			return (slice != null) ? this.iterations.shutDown(slice) : new JobOutcome.Interrupted();
		}
		if (stopped == InterruptReason.DEADLINE) {
			Duration time = Duration.between(start, this.clock.instant());
			return new JobOutcome.Failed(new JobTimeoutException(definition.name(), time, failure), null, true, slice);
		}
		if (failure == null) {
			return (outcome != null) ? outcome : new JobOutcome.Succeeded(slice);
		}
		if (failure instanceof RetryJobException retry) {
			return new JobOutcome.Failed(failure, retry.after(), true, slice);
		}
		// Not the job's own failure, so its rules do not hold: a deployment may mend it.
		if (failure instanceof ArgumentException || failure instanceof BeanNotAvailableException) {
			return new JobOutcome.Failed(failure, null, true, slice);
		}
		FailureRule rule = (failure instanceof DiscardJobException) ? FailureRule.DISCARD : definition.ruleFor(failure);
		return switch (rule) {
			case DISCARD -> new JobOutcome.Discarded(failure);
			case RETRY -> new JobOutcome.Failed(failure, null, true, slice);
			case DEAD -> new JobOutcome.Failed(failure, null, false, slice);
		};
	}

	/**
	 * When runs that are left are interrupted, and when nobody waits for them any more.
	 */
	private record Shutdown(Instant interrupt, Instant end) {
	}

}
