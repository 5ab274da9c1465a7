package dev.backgroundjobs.adapter.pubsub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The messages in hand by their ordering key: one of a key runs, those after it wait, and
 * when it fails they go back with it. Safe for use by several threads.
 */
final class PubSubKeys {

	private final Map<String, Key> keys = new HashMap<>();

	/**
	 * Say what is to be done with a message that has come.
	 * @param pull the number of the pull that brought it
	 */
	synchronized Turn arrive(PulledMessage message, long pull) {
		Key key = this.keys.computeIfAbsent(message.orderingKey(), (name) -> new Key());
		if (key.failedMessage != null) {
			// What was on its way when an earlier message failed comes again after it.
			if (!key.failedMessage.equals(message.messageId()) && pull <= key.clearAfter) {
				return Turn.GIVE_BACK;
			}
			key.failedMessage = null;
		}
		if (key.isRunning) {
			key.waiting.add(message);
			return Turn.WAIT;
		}
		key.isRunning = true;
		return Turn.RUN;
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
		PulledMessage next = key.waiting.poll();
		if (next == null) {
			this.keys.remove(message.orderingKey());
		}
		return next;
	}

	/**
	 * Take all messages of a key whose message has failed.
	 * @return the messages to give back together, in their order
	 */
	synchronized List<PulledMessage> failed(PulledMessage message) {
		List<PulledMessage> all = new ArrayList<>();
		all.add(message);
		Key key = this.keys.computeIfAbsent(message.orderingKey(), (name) -> new Key());
		all.addAll(key.waiting);
		key.waiting.clear();
		key.isRunning = false;
		key.failedMessage = message.messageId();
		key.clearAfter = Long.MAX_VALUE;
		return all;
	}

	/**
	 * Hear that Pub/Sub knows of the failure, so that what is pulled from now on comes in
	 * order again.
	 * @param pull the number of the pull that is under way
	 */
	synchronized void givenBack(String orderingKey, long pull) {
		Key key = this.keys.get(orderingKey);
		if (key != null && key.failedMessage != null) {
			key.clearAfter = pull;
		}
	}

	/**
	 * Forget failures that are of no consequence any more.
	 * @param pull the number of the pull that has come
	 */
	synchronized void forget(long pull) {
		this.keys.values().removeIf((key) -> key.failedMessage != null && key.clearAfter < pull);
	}

	/**
	 * What is to be done with a message.
	 */
	enum Turn {

		RUN, WAIT, GIVE_BACK

	}

	private static final class Key {

		private final Deque<PulledMessage> waiting = new ArrayDeque<>();

		private boolean isRunning;

		private @Nullable String failedMessage;

		private long clearAfter;

	}

}
