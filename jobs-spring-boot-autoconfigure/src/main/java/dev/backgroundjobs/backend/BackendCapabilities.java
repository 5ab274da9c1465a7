package dev.backgroundjobs.backend;

import java.time.Duration;

/**
 * What a backend can do. Immutable; start with {@link #none()}.
 *
 * @param maxDelay the longest delay of one message; zero when it cannot delay
 * @param maxMessageBytes the largest message, encoded
 * @param durable whether a message outlives the process that sent it
 * @param deduplicates whether a second message with the same key is refused
 * @param priorities whether messages of higher priority go first
 * @param orderedQueues whether the queue keeps the order of messages within a group
 * @param transactional whether sending takes part in the application's transaction
 * @param comparesArguments whether arguments are compared with what comes back from JSON
 * when they are enqueued, as befits tests
 * @param holdsDeadLetters whether a queue can hold messages that nobody runs, so that
 * dead jobs can be kept there
 * @param delaysOnly whether it only holds messages until their time and then delivers
 * them where their queue's own backend would, so that it can be nothing but a
 * {@code delay-backend}
 */
public record BackendCapabilities(Duration maxDelay, int maxMessageBytes, boolean durable, boolean deduplicates,
		boolean priorities, boolean orderedQueues, boolean transactional, boolean comparesArguments,
		boolean holdsDeadLetters, boolean delaysOnly) {

	/** A {@code maxDelay} without limit. */
	public static final Duration UNLIMITED = Duration.ofDays(36_500);

	private static final BackendCapabilities NONE = new BackendCapabilities(Duration.ZERO, 1_500_000, false, false,
			false, false, false, false, false, false);

	/**
	 * No abilities, and the largest message there is.
	 * @return the capabilities
	 */
	public static BackendCapabilities none() {
		return NONE;
	}

	/**
	 * Set the longest delay of one message.
	 * @param maxDelay the delay, zero for none
	 * @return capabilities with it
	 */
	public BackendCapabilities withMaxDelay(Duration maxDelay) {
		return new BackendCapabilities(maxDelay, this.maxMessageBytes, this.durable, this.deduplicates, this.priorities,
				this.orderedQueues, this.transactional, this.comparesArguments, this.holdsDeadLetters, this.delaysOnly);
	}

	/**
	 * Set the largest message.
	 * @param maxMessageBytes its bytes, encoded
	 * @return capabilities with it
	 */
	public BackendCapabilities withMaxMessageBytes(int maxMessageBytes) {
		return new BackendCapabilities(this.maxDelay, maxMessageBytes, this.durable, this.deduplicates, this.priorities,
				this.orderedQueues, this.transactional, this.comparesArguments, this.holdsDeadLetters, this.delaysOnly);
	}

	/**
	 * Say that a message outlives the process that sent it.
	 * @return capabilities with it
	 */
	public BackendCapabilities withDurable() {
		return new BackendCapabilities(this.maxDelay, this.maxMessageBytes, true, this.deduplicates, this.priorities,
				this.orderedQueues, this.transactional, this.comparesArguments, this.holdsDeadLetters, this.delaysOnly);
	}

	/**
	 * Say that a second message with the same key is refused.
	 * @return capabilities with it
	 */
	public BackendCapabilities withDeduplicates() {
		return new BackendCapabilities(this.maxDelay, this.maxMessageBytes, this.durable, true, this.priorities,
				this.orderedQueues, this.transactional, this.comparesArguments, this.holdsDeadLetters, this.delaysOnly);
	}

	/**
	 * Say that messages of higher priority go first.
	 * @return capabilities with it
	 */
	public BackendCapabilities withPriorities() {
		return new BackendCapabilities(this.maxDelay, this.maxMessageBytes, this.durable, this.deduplicates, true,
				this.orderedQueues, this.transactional, this.comparesArguments, this.holdsDeadLetters, this.delaysOnly);
	}

	/**
	 * Say that the queue keeps the order of messages within a group. There a failed
	 * attempt is released instead of replaced, or later messages would overtake it, and
	 * nothing can be delayed.
	 * @return capabilities with it, and without delays
	 */
	public BackendCapabilities withOrderedQueues() {
		return new BackendCapabilities(Duration.ZERO, this.maxMessageBytes, this.durable, this.deduplicates,
				this.priorities, true, this.transactional, this.comparesArguments, this.holdsDeadLetters,
				this.delaysOnly);
	}

	/**
	 * Say that arguments are compared with what comes back.
	 * @return capabilities with it
	 */
	public BackendCapabilities withComparesArguments() {
		return new BackendCapabilities(this.maxDelay, this.maxMessageBytes, this.durable, this.deduplicates,
				this.priorities, this.orderedQueues, this.transactional, true, this.holdsDeadLetters, this.delaysOnly);
	}

	/**
	 * Say that a queue can hold messages that nobody runs.
	 * @return capabilities with it
	 */
	public BackendCapabilities withHoldsDeadLetters() {
		return new BackendCapabilities(this.maxDelay, this.maxMessageBytes, this.durable, this.deduplicates,
				this.priorities, this.orderedQueues, this.transactional, this.comparesArguments, true, this.delaysOnly);
	}

	/**
	 * Say that messages are only held, and delivered where their queue's own backend
	 * would deliver them.
	 * @return capabilities with it
	 */
	public BackendCapabilities withDelaysOnly() {
		return new BackendCapabilities(this.maxDelay, this.maxMessageBytes, this.durable, this.deduplicates,
				this.priorities, this.orderedQueues, this.transactional, this.comparesArguments, this.holdsDeadLetters,
				true);
	}

}
