package dev.backgroundjobs.test;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

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
 * Stands for a platform that keeps messages. Safe for use by several threads. Tests of an
 * application use it through {@link JobsTester}.
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

	private final List<Waiting> waiting = new ArrayList<>();

	private final List<JobMessage> enqueued = new ArrayList<>();

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
		if (!this.keys.add(message.destination() + ":" + key)) {
			throw new DuplicateMessageException("A message with the key of " + message + " was enqueued before");
		}
		if (!message.destination().equals(message.queue())) {
			this.deadLetters.add(message);
			return message.deliveryKey();
		}
		if (message.seq() == 0) {
			this.enqueued.add(message);
		}
		this.waiting.add(new Waiting(this.codec.encode(message).bytes(), message, time, 0, ++this.order));
		return message.deliveryKey();
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

	/**
	 * Return what was enqueued, whether it has run since or not; without retries and
	 * other successors.
	 * @return the messages, in the order they came
	 */
	public synchronized List<JobMessage> enqueued() {
		return List.copyOf(this.enqueued);
	}

	/**
	 * Return the messages that wait, due or not.
	 * @return the messages, in the order they came
	 */
	public synchronized List<JobMessage> waiting() {
		return this.waiting.stream().map(Waiting::message).toList();
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
	 * @throws IllegalStateException after 1,000 runs, when there are more
	 */
	public List<Settlement> runDue() {
		List<Settlement> settlements = new ArrayList<>();
		runDue((next) -> {
			Settlement settlement = deliver(next);
			settlements.add(settlement);
			return settlement.isAcknowledged();
		}, (message) -> true, new RunLimit(RunLimit.DEFAULT));
		return settlements;
	}

	/**
	 * Forget all messages.
	 */
	public synchronized void clear() {
		this.enqueued.clear();
		this.waiting.clear();
		this.deadLetters.clear();
		this.keys.clear();
	}

	/**
	 * Hand out what is due.
	 * @param acknowledges delivers a message and says whether it is done with
	 * @param wanted which messages are delivered
	 * @param limit ends what goes on for ever
	 */
	void runDue(Predicate<Waiting> acknowledges, Predicate<JobMessage> wanted, RunLimit limit) {
		List<Waiting> released = new ArrayList<>();
		try {
			for (Waiting next = takeDue(wanted, limit); next != null; next = takeDue(wanted, limit)) {
				if (!acknowledges.test(next)) {
					released.add(next.redelivered());
				}
			}
		}
		finally {
			synchronized (this) {
				this.waiting.addAll(released);
			}
		}
	}

	Settlement deliver(Waiting message) {
		return this.processor.getObject()
			.process(Delivery.pulled(message.body(), "test", true, message.redeliveries()));
	}

	/**
	 * Return when the next message is due.
	 * @param wanted which messages are meant
	 * @return the time, or {@code null} when none waits
	 */
	synchronized @Nullable Instant nextTime(Predicate<JobMessage> wanted) {
		return this.waiting.stream()
			.filter((message) -> wanted.test(message.message()))
			.map(Waiting::time)
			.min(Comparator.naturalOrder())
			.orElse(null);
	}

	private synchronized @Nullable Waiting takeDue(Predicate<JobMessage> wanted, RunLimit limit) {
		Instant now = this.clock.instant();
		Waiting next = this.waiting.stream()
			.filter((message) -> !message.time().isAfter(now) && wanted.test(message.message()))
			.min(Comparator.comparingInt((Waiting message) -> -message.message().priority())
				.thenComparingLong(Waiting::order))
			.orElse(null);
		if (next != null) {
			limit.count(next.message());
			this.waiting.remove(next);
		}
		return next;
	}

	@SuppressWarnings("ArrayRecordComponent")
	record Waiting(byte[] body, JobMessage message, Instant time, int redeliveries, long order) {

		private Waiting redelivered() {
			return new Waiting(this.body, this.message, this.time, this.redeliveries + 1, this.order);
		}

	}

}
