package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The messages in hand by their ordering key: one of a key runs, those after it wait, and
 * when it fails they go back with it. What went back is run first when it comes again,
 * whatever comes in between. Safe for use by several threads.
 */
final class PubSubKeys {

	// How long a message waits for one that went back before it, and may have gone to
	// another instance.
	static final Duration HOLD = Duration.ofSeconds(2);

	// The longest time that a retry policy puts a message off is 10 min.
	private static final Duration FORGET = Duration.ofMinutes(11);

	private final Map<String, Key> keys = new HashMap<>();

	/**
	 * Say what is to be done with a message that has come.
	 * @param pull the number of the pull that brought it
	 * @param now the time, by {@link System#nanoTime()}
	 */
	synchronized Turn arrive(PulledMessage message, long pull, long now) {
		Key key = this.keys.computeIfAbsent(message.orderingKey(), (name) -> new Key());
		boolean isOwed = key.owed.contains(message.messageId());
		if (!key.owed.isEmpty() && !isOwed && pull <= key.clearAfter) {
			// On its way when an earlier one failed: it comes again after that.
			key.owed.add(message.messageId());
			return Turn.GIVE_BACK;
		}
		if (isOwed && !key.back.containsKey(message.messageId())) {
			key.back.put(message.messageId(), message);
		}
		else {
			key.waiting.add(message);
		}
		key.since = now;
		// Whatever was in hand before waits for a reason: only this one can be next.
		return (key.next() != null) ? Turn.RUN : Turn.WAIT;
	}

	/**
	 * Take the next message of a key whose message has been acknowledged.
	 * @return the message to run, or {@code null}
	 */
	synchronized @Nullable PulledMessage acknowledged(PulledMessage message) {
		Key key = this.keys.get(message.orderingKey());
		if (key == null) {
			return null;
		}
		key.isRunning = false;
		PulledMessage next = key.next();
		if (next == null && key.isEmpty()) {
			this.keys.remove(message.orderingKey());
		}
		return next;
	}

	/**
	 * Take all messages of a key whose message has failed.
	 * @param now the time, by {@link System#nanoTime()}
	 * @return the messages to give back together
	 */
	synchronized GoneBack failed(PulledMessage message, long now) {
		Key key = this.keys.computeIfAbsent(message.orderingKey(), (name) -> new Key());
		List<PulledMessage> all = new ArrayList<>();
		all.add(message);
		key.owed.stream().map(key.back::get).filter((owed) -> owed != null).forEach(all::add);
		all.addAll(key.waiting);
		Set<String> owed = new LinkedHashSet<>();
		owed.add(message.messageId());
		owed.addAll(key.owed);
		key.waiting.forEach((waiting) -> owed.add(waiting.messageId()));
		key.owed.clear();
		key.owed.addAll(owed);
		key.back.clear();
		key.waiting.clear();
		key.isRunning = false;
		key.clearAfter = Long.MAX_VALUE;
		key.since = now;
		key.last = new GoneBack(message.orderingKey(), all);
		return key.last;
	}

	/**
	 * Hear that Pub/Sub knows of a failure, so that later pulls bring nothing that was on
	 * its way then. An answer that comes late says nothing of a failure after it.
	 * @param messages what went back with it
	 * @param pull the number of the pull that is under way
	 */
	synchronized void givenBack(GoneBack messages, long pull) {
		Key key = this.keys.get(messages.orderingKey);
		if (key != null && key.last == messages) {
			key.clearAfter = pull;
			key.last = null;
		}
	}

	/**
	 * Take what has waited long enough for a message that went back and does not come
	 * here again.
	 * @param now the time, by {@link System#nanoTime()}
	 * @return the messages to run
	 */
	synchronized List<PulledMessage> overdue(long now) {
		List<PulledMessage> overdue = new ArrayList<>();
		for (Iterator<Key> all = this.keys.values().iterator(); all.hasNext();) {
			Key key = all.next();
			boolean hasSome = !key.back.isEmpty() || !key.waiting.isEmpty();
			if (!key.isRunning && hasSome && now - key.since > HOLD.toNanos()) {
				key.owed.removeIf((id) -> !key.back.containsKey(id));
				PulledMessage next = key.next();
				if (next != null) {
					overdue.add(next);
				}
			}
			else if (!key.isRunning && !hasSome && now - key.since > FORGET.toNanos()) {
				all.remove();
			}
		}
		return overdue;
	}

	/**
	 * What is to be done with a message.
	 */
	enum Turn {

		RUN, WAIT, GIVE_BACK

	}

	/**
	 * What goes back for a failure.
	 */
	static final class GoneBack {

		private final String orderingKey;

		private final List<PulledMessage> messages;

		private GoneBack(String orderingKey, List<PulledMessage> messages) {
			this.orderingKey = orderingKey;
			this.messages = messages;
		}

		/**
		 * Return the messages, in their order.
		 */
		List<PulledMessage> messages() {
			return this.messages;
		}

	}

	private static final class Key {

		// Ids of what went back and has not been run since, in order.
		private final List<String> owed = new ArrayList<>();

		// Of these, what has come again before its turn. What comes twice waits as well:
		// each delivery takes a place that only its own turn gives back.
		private final Map<String, PulledMessage> back = new HashMap<>();

		private final Deque<PulledMessage> waiting = new ArrayDeque<>();

		private boolean isRunning;

		// What goes back, until Pub/Sub knows.
		private @Nullable GoneBack last;

		private long clearAfter;

		private long since;

		private @Nullable PulledMessage next() {
			if (this.isRunning) {
				return null;
			}
			PulledMessage next;
			if (this.owed.isEmpty()) {
				next = this.waiting.poll();
			}
			else {
				next = this.back.remove(this.owed.get(0));
				if (next != null) {
					this.owed.remove(0);
				}
			}
			this.isRunning = next != null;
			return next;
		}

		private boolean isEmpty() {
			return this.owed.isEmpty() && this.back.isEmpty() && this.waiting.isEmpty();
		}

	}

}
