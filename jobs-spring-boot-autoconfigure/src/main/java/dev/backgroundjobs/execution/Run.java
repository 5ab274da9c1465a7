package dev.backgroundjobs.execution;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobProgress;
import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.execution.JobProgressEvent.Phase;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * A job that runs on a thread: what it sees of itself, and what can stop it.
 */
final class Run implements JobContext {

	private static final Logger logger = LoggerFactory.getLogger(Run.class);

	private final JobMessage message;

	private final JobDefinition definition;

	private final ApplicationEventPublisher events;

	private final Thread thread = Thread.currentThread();

	private volatile @Nullable Instant deadline;

	private volatile boolean stopRequested;

	private volatile boolean shutdown;

	private @Nullable InterruptReason interruptedBy;

	private boolean ended;

	private boolean completed;

	private volatile @Nullable IterationSlice slice;

	private volatile @Nullable JobProgress said;

	private final Instant start;

	private final Clock clock;

	private final List<Future<?>> alarms = new ArrayList<>(2);

	Run(JobMessage message, JobDefinition definition, @Nullable Instant deadline, ApplicationEventPublisher events,
			Clock clock) {
		this.message = message;
		this.definition = definition;
		this.deadline = deadline;
		this.events = events;
		this.clock = clock;
		this.start = clock.instant();
	}

	/**
	 * Keep an alarm that ends with the run.
	 */
	synchronized void alarm(Future<?> alarm) {
		if (this.ended) {
			alarm.cancel(false);
		}
		this.alarms.add(alarm);
	}

	/**
	 * Interrupt the thread, unless the run has ended: the thread may have other work
	 * then.
	 */
	synchronized void interrupt(InterruptReason reason) {
		this.stopRequested = true;
		if (!this.ended && this.interruptedBy == null) {
			this.interruptedBy = reason;
			this.thread.interrupt();
		}
	}

	/**
	 * End the run. A method that was interrupted has not done its work, whatever it
	 * returned: many catch the interrupt and return.
	 * @return what interrupted the method, or {@code null} when nothing did
	 */
	synchronized @Nullable InterruptReason end() {
		this.ended = true;
		this.alarms.forEach((alarm) -> alarm.cancel(false));
		if (this.interruptedBy != null) {
			Thread.interrupted();
		}
		return this.completed ? null : this.interruptedBy;
	}

	/**
	 * Say that an iteration has come to its end. What interrupts the thread from here on
	 * finds nothing left to do again.
	 * @return whether it has: not if the thread was interrupted before
	 */
	synchronized boolean complete() {
		this.completed = this.interruptedBy == null;
		return this.completed;
	}

	synchronized boolean isInterrupted() {
		return this.interruptedBy != null;
	}

	boolean isOnCurrentThread() {
		return this.thread == Thread.currentThread();
	}

	/**
	 * Ask the job to stop since the application shuts down.
	 */
	void requestShutdown() {
		this.shutdown = true;
		this.stopRequested = true;
	}

	boolean isShutdown() {
		return this.shutdown;
	}

	void iterates(IterationSlice slice) {
		this.slice = slice;
	}

	@Nullable IterationSlice slice() {
		return this.slice;
	}

	void limit(Instant deadline) {
		Instant current = this.deadline;
		if (current == null || deadline.isBefore(current)) {
			this.deadline = deadline;
		}
	}

	@Override
	public String id() {
		return this.message.id();
	}

	@Override
	public String job() {
		return this.definition.name();
	}

	@Override
	public String queue() {
		return this.message.queue();
	}

	@Override
	public int attempt() {
		return this.message.attempt();
	}

	@Override
	public int maxAttempts() {
		return this.definition.maxAttempts();
	}

	@Override
	public @Nullable Instant deadline() {
		return this.deadline;
	}

	@Override
	public boolean stopRequested() {
		return this.stopRequested;
	}

	@Override
	public void requestStop() {
		this.stopRequested = true;
	}

	@Override
	public Map<String, String> headers() {
		return this.message.headers();
	}

	@Override
	public @Nullable ParallelPart parallel() {
		return this.message.parallel();
	}

	@Override
	public void progress(long processed, @Nullable Long total) {
		double seconds = Duration.between(this.start, this.clock.instant()).toMillis() / 1000.0;
		double rate = (seconds > 0) ? processed / seconds : 0;
		Duration remaining = (total != null && rate > 0)
				? Duration.ofMillis(Math.round(1000 * Math.max(0, total - processed) / rate)) : null;
		this.said = new JobProgress(null, processed, total, rate, remaining, 1, this.message.interruptions(), 0,
				List.of());
		publish(Phase.RUNNING, this.said, null);
	}

	@Override
	public JobProgress progress() {
		IterationSlice slice = this.slice;
		if (slice != null) {
			return slice.position().progress();
		}
		JobProgress said = this.said;
		return (said != null) ? said
				: new JobProgress(null, 0, null, 0, null, 1, this.message.interruptions(), 0, List.of());
	}

	/** Publishes how far an iteration is. */
	void publish(Phase phase, JobProgress progress, @Nullable Object cursor) {
		try {
			this.events.publishEvent(new JobProgressEvent(id(), job(), attempt(), phase, progress, cursor));
		}
		catch (RuntimeException | Error ex) {
			logger.error("A listener of JobProgressEvent failed", ex);
		}
	}

	@Override
	public String toString() {
		return "JobContext[" + id() + ", job=" + job() + ", attempt=" + attempt() + " of " + maxAttempts() + "]";
	}

	/**
	 * Why a thread was interrupted.
	 */
	enum InterruptReason {

		DEADLINE, SHUTDOWN, LEASE

	}

}
