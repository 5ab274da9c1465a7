package dev.backgroundjobs.adapter.sqs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

	private static final int MAX_PASSED_OVER = 10_000;

	// Those that wait; a group whose only message runs has none.
	private final Map<String, Deque<SqsReceived>> waiting = new HashMap<>();

	// How often a message came and went back without a run. SQS counts that as well, and
	// it is no attempt of the job.
	private final Map<String, Integer> passedOver = new LinkedHashMap<>();

	/**
	 * Return a message without the times it was not run.
	 */
	synchronized SqsReceived counted(SqsReceived message) {
		Integer times = (message.group() != null) ? this.passedOver.get(message.messageId()) : null;
		return (times != null) ? message.without(times) : message;
	}

	/**
	 * Take messages that have come together, before any of them runs: were they taken one
	 * after the other, the first of a group could have failed before the second is known
	 * to wait for it.
	 * @param messages the messages in the order in which they came
	 * @return those to be run now, all without a group among them; the others wait
	 */
	synchronized List<SqsReceived> arrive(List<SqsReceived> messages) {
		return messages.stream().filter(this::isFirst).toList();
	}

	private boolean isFirst(SqsReceived message) {
		if (message.group() == null) {
			return true;
		}
		Deque<SqsReceived> others = this.waiting.get(message.group());
		if (others == null) {
			this.waiting.put(message.group(), new ArrayDeque<>());
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
		this.passedOver.remove(done.messageId());
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
		if (others == null) {
			return List.of();
		}
		for (SqsReceived other : others) {
			this.passedOver.merge(other.messageId(), 1, Integer::sum);
		}
		while (this.passedOver.size() > MAX_PASSED_OVER) {
			this.passedOver.remove(this.passedOver.keySet().iterator().next());
		}
		return List.copyOf(others);
	}

	private static String group(SqsReceived message) {
		return Objects.requireNonNull(message.group());
	}

}
