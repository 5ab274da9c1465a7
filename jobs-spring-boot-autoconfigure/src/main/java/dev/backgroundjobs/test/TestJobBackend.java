package dev.backgroundjobs.test;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The {@code test} backend: records what is enqueued and runs what is due when told to.
 * Stands for a platform that keeps messages. Safe for use by several threads.
 */
public final class TestJobBackend implements JobBackend {

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxDelay(BackendCapabilities.UNLIMITED)
		.withDurable()
		.withDeduplicates()
		.withPriorities()
		.withComparesArguments()
		.withHoldsDeadLetters();

	private final JobMessageCodec codec;

	private final ObjectProvider<DeliveryProcessor> processor;

	private final Clock clock;

	private final List<Recorded> waiting = new ArrayList<>();

	private final List<JobMessage> deadLetters = new ArrayList<>();

	private final Set<String> keys = new HashSet<>();

	private long order;

	/**
	 * Create a backend.
	 * @param codec encodes and decodes messages
	 * @param processor runs them
	 * @param clock tells what is due
	 */
	public TestJobBackend(JobMessageCodec codec, ObjectProvider<DeliveryProcessor> processor, Clock clock) {
		this.codec = codec;
		this.processor = processor;
		this.clock = clock;
	}

	@Override
	public String name() {
		return "test";
	}

	@Override
	public String enqueue(JobMessage message) {
		return enqueueAt(message, Instant.EPOCH);
	}

	@Override
	public synchronized String enqueueAt(JobMessage message, Instant time) {
		String key = (message.deduplicationKey() != null && message.seq() == 0) ? "key:" + message.deduplicationKey()
				: message.deliveryKey();
		if (!this.keys.add(key)) {
			throw new DuplicateMessageException("A message with the key of " + message + " was enqueued before");
		}
		if (!message.destination().equals(message.queue())) {
			this.deadLetters.add(message);
		}
		else {
			this.waiting.add(new Recorded(this.codec.encode(message).bytes(), message, time, 0, ++this.order));
		}
		return message.deliveryKey();
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

	/**
	 * Return the messages that wait, due or not.
	 * @return the messages, in the order they came
	 */
	public synchronized List<JobMessage> enqueued() {
		return this.waiting.stream().map(Recorded::message).toList();
	}

	/**
	 * Return the copies of dead messages.
	 * @return the copies, in the order they came
	 */
	public synchronized List<JobMessage> deadLetters() {
		return List.copyOf(this.deadLetters);
	}

	/**
	 * Run what is due on this thread, with what it enqueues that is due too. A message
	 * that is released waits for the next call.
	 * @return what became of each delivery
	 */
	public List<Settlement> runDue() {
		List<Settlement> settlements = new ArrayList<>();
		List<Recorded> released = new ArrayList<>();
		for (Recorded next = takeDue(); next != null; next = takeDue()) {
			Settlement settlement = this.processor.getObject()
				.process(Delivery.pulled(next.body(), "test", true, next.redeliveries()));
			settlements.add(settlement);
			if (!settlement.isAcknowledged()) {
				released
					.add(new Recorded(next.body(), next.message(), next.time(), next.redeliveries() + 1, next.order()));
			}
		}
		synchronized (this) {
			this.waiting.addAll(released);
		}
		return settlements;
	}

	/**
	 * Forget all messages.
	 */
	public synchronized void clear() {
		this.waiting.clear();
		this.deadLetters.clear();
		this.keys.clear();
	}

	private synchronized @Nullable Recorded takeDue() {
		Instant now = this.clock.instant();
		Recorded next = this.waiting.stream()
			.filter((recorded) -> !recorded.time().isAfter(now))
			.min(Comparator.comparingInt((Recorded recorded) -> -recorded.message().priority())
				.thenComparingLong(Recorded::order))
			.orElse(null);
		if (next != null) {
			this.waiting.remove(next);
		}
		return next;
	}

	@SuppressWarnings("ArrayRecordComponent")
	private record Recorded(byte[] body, JobMessage message, Instant time, int redeliveries, long order) {
	}

}
