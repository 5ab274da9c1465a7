package dev.backgroundjobs.execution;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.definition.JobDefinition;
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

	private @Nullable StopReason interruptedBy;

	private boolean ended;

	private final List<Future<?>> alarms = new ArrayList<>(2);

	Run(JobMessage message, JobDefinition definition, @Nullable Instant deadline, ApplicationEventPublisher events) {
		this.message = message;
		this.definition = definition;
		this.deadline = deadline;
		this.events = events;
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
	synchronized void interrupt(StopReason reason) {
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
	synchronized @Nullable StopReason end() {
		this.ended = true;
		this.alarms.forEach((alarm) -> alarm.cancel(false));
		if (this.interruptedBy != null) {
			Thread.interrupted();
		}
		return this.interruptedBy;
	}

	synchronized boolean isInterrupted() {
		return this.interruptedBy != null;
	}

	boolean isOnCurrentThread() {
		return this.thread == Thread.currentThread();
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
	public void progress(long processed, @Nullable Long total) {
		try {
			this.events.publishEvent(new JobProgressEvent(id(), job(), attempt(), processed, total));
		}
		catch (RuntimeException ex) {
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
	enum StopReason {

		DEADLINE, SHUTDOWN, LEASE

	}

}
