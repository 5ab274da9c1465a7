package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.execution.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the messages in hand from others until they are settled. Safe for use by several
 * threads.
 */
final class PubSubLeases {

	private static final Logger logger = LoggerFactory.getLogger(PubSubLeases.class);

	// The shortest deadline that a subscription can have.
	private static final Duration FIRST = Duration.ofSeconds(10);

	private static final Duration EXTENSION = Duration.ofSeconds(60);

	private final PubSubSubscription subscription;

	private final Map<String, Held> held = new ConcurrentHashMap<>();

	PubSubLeases(PubSubSubscription subscription) {
		this.subscription = subscription;
	}

	/**
	 * Keep a message that has just come.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	void add(String ackId, Lease lease, long now) {
		this.held.put(ackId, new Held(lease, now));
	}

	/**
	 * Keep a message no longer.
	 * @return whether it was ours until now
	 */
	boolean remove(String ackId) {
		return this.held.remove(ackId) != null;
	}

	/**
	 * Extend what has used up a third of its time, and give up what has used up all. To
	 * be called every second.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	void extend(long now) {
		List<String> due = new ArrayList<>();
		this.held.forEach((ackId, message) -> {
			if (message.lease.isLost()) {
				// A run that goes on without the right to settle: the next one is not
				// kept
				// waiting.
				this.held.remove(ackId);
			}
			else if (message.isOver(now)) {
				logger.warn("A message of subscription '{}' could not be kept: somebody else gets it",
						this.subscription);
				this.held.remove(ackId);
				message.lease.lose();
			}
			else if (message.isDue(now)) {
				due.add(ackId);
			}
		});
		if (!due.isEmpty()) {
			this.subscription.setDeadline(due, EXTENSION, (failure) -> {
				if (failure != null) {
					logger.debug("Leases of subscription '{}' are not extended yet", this.subscription, failure);
				}
				else {
					due.forEach((ackId) -> extended(ackId, now));
				}
			});
		}
	}

	// A call under way is no reason to wait: it may be answered too late.
	private void extended(String ackId, long time) {
		this.held.computeIfPresent(ackId, (id, message) -> new Held(message.lease, time, EXTENSION));
	}

	/**
	 * Give up all messages that are left.
	 * @return their ids
	 */
	List<String> loseAll() {
		List<String> left = new ArrayList<>();
		for (String ackId : List.copyOf(this.held.keySet())) {
			// As it is now: it may just have been extended.
			Held message = this.held.remove(ackId);
			if (message != null) {
				message.lease.lose();
				left.add(ackId);
			}
		}
		return left;
	}

	private static final class Held {

		private final Lease lease;

		private final long since;

		private final Duration length;

		Held(Lease lease, long since) {
			this(lease, since, FIRST);
		}

		Held(Lease lease, long since, Duration length) {
			this.lease = lease;
			this.since = since;
			this.length = length;
		}

		boolean isDue(long now) {
			return now - this.since > this.length.toNanos() / 3;
		}

		// One second for what was said and has not arrived yet.
		boolean isOver(long now) {
			return now - this.since > this.length.toNanos() - 1_000_000_000;
		}

	}

}
