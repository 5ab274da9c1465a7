package dev.backgroundjobs.execution;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinition.FailureRule;
import dev.backgroundjobs.execution.JobInvoker.BeanNotAvailableException;
import dev.backgroundjobs.execution.Run.StopReason;
import dev.backgroundjobs.message.ArgumentException;
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

	private final Map<Run, Lease> running = new ConcurrentHashMap<>();

	private volatile @Nullable Shutdown shutdown;

	/**
	 * Create an executor.
	 * @param invoker calls the methods of beans
	 * @param events publishes progress
	 * @param observer observes runs
	 * @param reserve what is kept of a platform's limit for the successor and the answer,
	 * or {@code null} for 10 %, between 2 s and 15 s
	 * @param clock tells the time
	 */
	public JobExecutor(JobInvoker invoker, ApplicationEventPublisher events, ExecuteObserver observer,
			@Nullable Duration reserve, Clock clock) {
		this.invoker = invoker;
		this.events = events;
		this.observer = observer;
		this.reserve = reserve;
		this.clock = clock;
	}

	/**
	 * Run a message.
	 * @param message the message
	 * @param definition the job it asks for
	 * @param platformDeadline when the platform gives the message to somebody else, or
	 * {@code null} when it never does
	 * @param lease the right to settle, lost at that deadline
	 * @return how the run ended
	 */
	public JobOutcome execute(JobMessage message, JobDefinition definition, @Nullable Instant platformDeadline,
			Lease lease) {
		return this.observer.observe(message, definition, () -> run(message, definition, platformDeadline, lease));
	}

	private JobOutcome run(JobMessage message, JobDefinition definition, @Nullable Instant platformDeadline,
			Lease lease) {
		Instant start = this.clock.instant();
		Deadlines deadlines = Deadlines.of(start, definition.timeout(), platformDeadline, this.reserve);
		Run run = new Run(message, definition, deadlines.stop(), this.events);
		watch(run, deadlines, start, lease);
		this.running.put(run, lease);
		// A shutdown that began meanwhile has not seen this run.
		Shutdown shutdown = this.shutdown;
		if (shutdown != null) {
			stop(run, lease, shutdown);
		}
		Throwable failure = null;
		try {
			JobContext.call(run, () -> {
				invokeWithMdc(run, message, definition);
				return true;
			});
		}
		catch (Throwable ex) {
			failure = ex;
		}
		finally {
			this.running.remove(run);
		}
		StopReason stopped = run.end();
		if (stopped != null || Thread.currentThread().isInterrupted()) {
			settleInterrupt(stopped);
		}
		if (lease.isLost()) {
			return new JobOutcome.LeaseLost();
		}
		return classify(definition, failure, stopped, start);
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
	private void settleInterrupt(@Nullable StopReason stopped) {
		Run outer = outerRun();
		if (outer == null) {
			Thread.interrupted();
		}
		else if (stopped != null && outer.isInterrupted()) {
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
		run.requestStop();
		run.limit(shutdown.interrupt());
		run.alarm(this.watchdog.in(Duration.between(now, shutdown.interrupt()),
				() -> run.interrupt(StopReason.SHUTDOWN)));
		// The web server ends its connections then, and the platform delivers again: a
		// successor that is sent later would run besides. It may still be under way when
		// the run has ended, so this is no alarm of the run.
		Future<?> unused = this.watchdog.in(Duration.between(now, shutdown.end()), lease::lose);
	}

	private void watch(Run run, Deadlines deadlines, Instant now, Lease lease) {
		if (deadlines.stop() != null) {
			run.alarm(this.watchdog.in(Duration.between(now, deadlines.stop()),
					() -> run.interrupt(StopReason.DEADLINE)));
		}
		if (deadlines.platform() != null) {
			run.alarm(this.watchdog.in(Duration.between(now, deadlines.platform()), lease::lose));
		}
		lease.onLost(() -> run.interrupt(StopReason.LEASE));
	}

	private void invokeWithMdc(Run run, JobMessage message, JobDefinition definition) throws Exception {
		// An inline job runs within another, whose values come back after it.
		String outerId = MDC.get("jobId");
		String outerJob = MDC.get("job");
		MDC.put("jobId", message.id());
		MDC.put("job", definition.name());
		try {
			this.invoker.invoke(run, definition, message.args());
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

	private JobOutcome classify(JobDefinition definition, @Nullable Throwable failure, @Nullable StopReason stopped,
			Instant start) {
		if (stopped == StopReason.SHUTDOWN) {
			return new JobOutcome.Interrupted();
		}
		if (stopped == StopReason.DEADLINE) {
			Duration time = Duration.between(start, this.clock.instant());
			return new JobOutcome.Failed(new JobTimeoutException(definition.name(), time, failure), null, true);
		}
		if (failure == null) {
			return new JobOutcome.Succeeded();
		}
		if (failure instanceof RetryJobException retry) {
			return new JobOutcome.Failed(failure, retry.after(), true);
		}
		// Not the job's own failure, so its rules do not hold: a deployment may mend it.
		if (failure instanceof ArgumentException || failure instanceof BeanNotAvailableException) {
			return new JobOutcome.Failed(failure, null, true);
		}
		FailureRule rule = (failure instanceof DiscardJobException) ? FailureRule.DISCARD : definition.ruleFor(failure);
		return switch (rule) {
			case DISCARD -> new JobOutcome.Discarded(failure);
			case RETRY -> new JobOutcome.Failed(failure, null, true);
			case DEAD -> new JobOutcome.Failed(failure, null, false);
		};
	}

	/**
	 * When runs that are left are interrupted, and when nobody waits for them any more.
	 */
	private record Shutdown(Instant interrupt, Instant end) {
	}

}
