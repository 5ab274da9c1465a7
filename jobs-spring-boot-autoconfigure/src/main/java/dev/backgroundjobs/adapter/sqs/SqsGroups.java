package dev.backgroundjobs.adapter.sqs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The messages in hand of a queue that keeps order, by their group: one of a group runs,
 * those after it wait. SQS gives nobody more of a group while some of it are in hand.
 * Safe for use by several threads.
 */
final class SqsGroups {

	// Those that wait; a group whose only message runs has none.
	private final Map<String, Deque<SqsReceived>> waiting = new HashMap<>();

	/**
	 * Take a message that has come.
	 * @return whether it is to be run now; otherwise it waits
	 */
	synchronized boolean arrive(SqsReceived message) {
		Deque<SqsReceived> others = this.waiting.get(group(message));
		if (others == null) {
			this.waiting.put(group(message), new ArrayDeque<>());
			return true;
		}
		others.add(message);
		return false;
	}

	/**
	 * Take the next message of a group whose message is done.
	 * @return the message to run, or {@code null}
	 */
	synchronized @Nullable SqsReceived next(SqsReceived done) {
		Deque<SqsReceived> others = this.waiting.get(group(done));
		SqsReceived next = (others != null) ? others.poll() : null;
		if (next == null) {
			this.waiting.remove(group(done));
		}
		return next;
	}

	/**
	 * Take all messages that wait for one that is not done.
	 * @return the messages to give back, in their order
	 */
	synchronized List<SqsReceived> abandon(SqsReceived failed) {
		Deque<SqsReceived> others = this.waiting.remove(group(failed));
		return (others != null) ? List.copyOf(others) : List.of();
	}

	private static String group(SqsReceived message) {
		return Objects.requireNonNull(message.group());
	}

}
