package dev.backgroundjobs.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.EnqueueAfterCommitException;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps the messages of a transaction until it commits. A rollback, or the rollback to a
 * savepoint, drops them. Needs Spring's transactions on the class path.
 */
public final class AfterCommitOutbox {

	private static final Logger logger = LoggerFactory.getLogger(AfterCommitOutbox.class);

	private final MessageSender sender;

	private final ApplicationEventPublisher events;

	private final Duration retryTime;

	/**
	 * Create an outbox.
	 * @param sender sends messages
	 * @param events publishes {@link EnqueueFailedEvent}s
	 * @param retryTime how long a message that cannot be sent is tried again
	 */
	public AfterCommitOutbox(MessageSender sender, ApplicationEventPublisher events, Duration retryTime) {
		this.sender = sender;
		this.events = events;
		this.retryTime = retryTime;
	}

	/**
	 * Return whether a transaction is bound to the thread, open or just committed.
	 * @return whether there is one
	 */
	public boolean hasTransaction() {
		return TransactionSynchronizationManager.isActualTransactionActive();
	}

	/**
	 * Keep messages for the commit of the thread's transaction.
	 * @param messages the messages
	 * @return whether there is a transaction; if not, the caller sends them
	 */
	boolean add(List<JobMessage> messages) {
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return false;
		}
		Pending pending = current();
		if (pending == null) {
			pending = new Pending();
			TransactionSynchronizationManager.registerSynchronization(pending);
		}
		pending.messages.addAll(messages);
		return true;
	}

	/**
	 * Return the messages that wait for the commit of the thread's transaction.
	 * @return the messages, in the order they came
	 */
	public List<JobMessage> pending() {
		Pending pending = TransactionSynchronizationManager.isSynchronizationActive() ? current() : null;
		return (pending != null) ? List.copyOf(pending.messages) : List.of();
	}

	private @Nullable Pending current() {
		for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
			if (synchronization instanceof Pending pending && pending.outbox() == this) {
				return pending;
			}
		}
		return null;
	}

	private void send(List<JobMessage> messages) {
		List<JobMessage> left = messages;
		long end = System.nanoTime() + this.retryTime.toNanos();
		long pause = 50;
		IdentityHashMap<JobMessage, RuntimeException> failures = new IdentityHashMap<>();
		while (true) {
			left = sendOnce(left, failures);
			if (left.isEmpty()) {
				return;
			}
			if (System.nanoTime() >= end || !sleep(pause)) {
				break;
			}
			pause = Math.min(pause * 2, 1000);
		}
		throw givenUp(left, failures);
	}

	private List<JobMessage> sendOnce(List<JobMessage> messages,
			IdentityHashMap<JobMessage, RuntimeException> failures) {
		List<SendResult> results = this.sender.sendAll(messages);
		List<JobMessage> left = new ArrayList<>();
		for (int i = 0; i < results.size(); i++) {
			if (results.get(i) instanceof SendResult.Failed failed) {
				left.add(messages.get(i));
				failures.put(messages.get(i), failed.cause());
			}
		}
		return left;
	}

	private EnqueueAfterCommitException givenUp(List<JobMessage> left,
			IdentityHashMap<JobMessage, RuntimeException> failures) {
		List<EnqueuedJob> jobs = left.stream()
			.map((message) -> DefaultJobDispatcher.enqueued(message, null, false))
			.toList();
		RuntimeException last = failures.get(left.get(left.size() - 1));
		String text = "The data is committed, the job is not sent: " + left.stream().map(JobMessage::toString).toList();
		logger.error(text, last);
		for (JobMessage message : left) {
			RuntimeException cause = failures.get(message);
			if (cause != null) {
				publish(new EnqueueFailedEvent(message, cause));
			}
		}
		return new EnqueueAfterCommitException(text, jobs, last);
	}

	private void publish(EnqueueFailedEvent event) {
		try {
			this.events.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.warn("A listener of EnqueueFailedEvent failed for {}", event.message(), ex);
		}
	}

	private static boolean sleep(long millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * The messages of one transaction.
	 */
	private final class Pending implements TransactionSynchronization {

		private final List<JobMessage> messages = new ArrayList<>();

		private final IdentityHashMap<Object, Integer> savepoints = new IdentityHashMap<>();

		private AfterCommitOutbox outbox() {
			return AfterCommitOutbox.this;
		}

		@Override
		public void savepoint(Object savepoint) {
			this.savepoints.put(savepoint, this.messages.size());
		}

		@Override
		public void savepointRollback(Object savepoint) {
			// A savepoint older than the first job of the transaction was never seen.
			@Nullable Integer size = this.savepoints.get(savepoint);
			List<JobMessage> dropped = this.messages.subList((size != null) ? size : 0, this.messages.size());
			logDropped(dropped);
			dropped.clear();
		}

		@Override
		public void afterCommit() {
			sendPending();
		}

		// What is enqueued while others are called after the commit comes too late for
		// afterCommit.
		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_COMMITTED) {
				sendPending();
			}
			else if (status == STATUS_UNKNOWN && !this.messages.isEmpty()) {
				logger.error("The outcome of the transaction is unknown, its jobs are not sent: {}", this.messages);
			}
			else if (status == STATUS_ROLLED_BACK) {
				logDropped(this.messages);
			}
		}

		private static void logDropped(List<JobMessage> messages) {
			if (!messages.isEmpty()) {
				logger.debug("Not sent, since the transaction was rolled back: {} {}", messages.size(),
						List.copyOf(messages));
			}
		}

		private void sendPending() {
			if (!this.messages.isEmpty()) {
				List<JobMessage> committed = List.copyOf(this.messages);
				this.messages.clear();
				send(committed);
			}
		}

	}

}
