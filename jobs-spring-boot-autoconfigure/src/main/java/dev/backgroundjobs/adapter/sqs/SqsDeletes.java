package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.adapter.sqs.SqsInbox.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the messages that are done, ten at a time or those of a moment. Safe for use by
 * several threads.
 */
final class SqsDeletes {

	private static final Logger logger = LoggerFactory.getLogger(SqsDeletes.class);

	// What is done and not deleted runs twice when the process dies: 100 ms at most,
	// with the timer and the way.
	private static final Duration GATHER = Duration.ofMillis(70);

	private static final Duration RETRY = Duration.ofSeconds(1);

	private final String queue;

	private final SqsInbox inbox;

	private final ScheduledExecutorService timer;

	private final Executor calls;

	private List<String> gathered = new ArrayList<>();

	private List<String> refused = new ArrayList<>();

	private int underWay;

	private boolean closed;

	/**
	 * Create deletes.
	 * @param timer says when to send what is less than ten
	 * @param calls runs calls that wait for SQS
	 */
	SqsDeletes(String queue, SqsInbox inbox, ScheduledExecutorService timer, Executor calls) {
		this.queue = queue;
		this.inbox = inbox;
		this.timer = timer;
		this.calls = calls;
	}

	/**
	 * Delete a message soon. Whoever completes ten waits for SQS, so that no more is
	 * received than is deleted.
	 * @param taken what goes on meanwhile, such as the next messages; not before
	 * {@link #flush} would delete this one, or a stop that sees nothing in hand any more
	 * leaves it behind
	 */
	void add(String handle, Runnable taken) {
		List<String> batch = null;
		synchronized (this) {
			this.gathered.add(handle);
			if (this.closed || this.gathered.size() == SqsInbox.MAX_BATCH) {
				batch = takeGathered();
			}
			else if (this.gathered.size() == 1) {
				List<String> first = this.gathered;
				later(() -> sendGathered(first), GATHER);
			}
		}
		try {
			taken.run();
		}
		finally {
			if (batch != null) {
				send(batch, false);
			}
		}
	}

	private void later(Runnable call, Duration delay) {
		Future<?> unused = this.timer.schedule(call, delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	// Mostly they have gone as ten.
	private synchronized void sendGathered(List<String> batch) {
		if (this.gathered == batch) {
			List<String> taken = takeGathered();
			try {
				this.calls.execute(() -> send(taken, false));
			}
			catch (RuntimeException | Error ex) {
				logger.warn("There is no thread to delete messages of queue '{}' on: deleted by the timer", this.queue,
						ex);
				later(() -> send(taken, false), Duration.ZERO);
			}
		}
	}

	private void sendRefused() {
		send(takeRefused(), true);
	}

	private synchronized List<String> takeGathered() {
		List<String> batch = this.gathered;
		this.gathered = new ArrayList<>();
		this.underWay++;
		return batch;
	}

	private synchronized List<String> takeRefused() {
		int count = Math.min(this.refused.size(), SqsInbox.MAX_BATCH);
		List<String> batch = this.refused.subList(0, count);
		this.refused = new ArrayList<>(this.refused.subList(count, this.refused.size()));
		this.underWay++;
		return batch;
	}

	private void send(List<String> batch, boolean isLast) {
		try {
			if (!batch.isEmpty()) {
				for (Refusal refusal : this.inbox.delete(batch)) {
					failed(List.of(refusal.handle()), isLast || refusal.isFinal(), refusal.reason(), null);
				}
			}
		}
		catch (RuntimeException ex) {
			failed(batch, isLast, "SQS could not be asked", ex);
		}
		finally {
			ended();
		}
	}

	private void failed(List<String> batch, boolean isLast, String reason, @Nullable RuntimeException ex) {
		if (isLast) {
			logger.warn(
					"{} messages of queue '{}' are done and could not be deleted, so that they are received again: {}",
					batch.size(), this.queue, reason, ex);
			return;
		}
		synchronized (this) {
			this.refused.addAll(batch);
			if (!this.closed) {
				later(() -> this.calls.execute(this::sendRefused), RETRY);
			}
		}
	}

	private synchronized void ended() {
		this.underWay--;
		notifyAll();
	}

	/**
	 * Delete all that is left, now. What comes later is deleted at once.
	 * @param end when to give up, by {@link System#nanoTime()}
	 */
	void flush(long end) throws InterruptedException {
		synchronized (this) {
			this.closed = true;
		}
		send(takeGathered(), false);
		awaitCalls(end);
		while (hasRefused() && System.nanoTime() < end) {
			sendRefused();
		}
		awaitCalls(end);
	}

	private synchronized boolean hasRefused() {
		return !this.refused.isEmpty();
	}

	private synchronized void awaitCalls(long end) throws InterruptedException {
		while (this.underWay > 0) {
			long left = end - System.nanoTime();
			if (left <= 0) {
				return;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
	}

}
