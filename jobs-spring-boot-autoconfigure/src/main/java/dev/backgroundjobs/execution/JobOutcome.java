package dev.backgroundjobs.execution;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 */
public sealed interface JobOutcome {

	/**
	 * The method returned, and its iteration has come to its end.
	 *
	 * @param slice the last slice of an iteration, else {@code null}
	 */
	record Succeeded(@Nullable Slice slice) implements JobOutcome {
	}

	/**
	 * The method or an item threw, arguments could not be read, or the time was over: a
	 * failed attempt.
	 *
	 * @param cause why
	 * @param retryAfter the wait the job asked for, or {@code null} for its backoff
	 * @param isRetryable whether another attempt may be made
	 * @param slice what an iteration has come to, else {@code null}
	 */
	record Failed(Throwable cause, @Nullable Duration retryAfter, boolean isRetryable,
			@Nullable Slice slice) implements JobOutcome {
	}

	/**
	 * The job said never again.
	 *
	 * @param cause what it threw
	 */
	record Discarded(Throwable cause) implements JobOutcome {
	}

	/**
	 * A shutdown ended the run of a job that is no iteration before it was done.
	 */
	record Interrupted() implements JobOutcome {
	}

	/**
	 * A slice ended before the iteration: another follows.
	 *
	 * @param slice what it has come to
	 * @param reason why it ended
	 * @param delay the time until the next
	 */
	record Stopped(Slice slice, StopReason reason, Duration delay) implements JobOutcome {
	}

	/**
	 * The iteration is to be walked in parts.
	 *
	 * @param ends the cursors at which the parts end but the last, as JSON
	 * @param isKept whether they came with the message, so that the parts can be enqueued
	 */
	record Split(List<String> ends, boolean isKept) implements JobOutcome {
	}

	/**
	 * The platform gave the message to somebody else meanwhile, who owns the job now.
	 */
	record LeaseLost() implements JobOutcome {
	}

	/**
	 * Why a slice ended before the iteration.
	 */
	enum StopReason {

		/** The application shuts down. */
		SHUTDOWN,

		/** The job asked for it. */
		REQUESTED,

		/** Its time was used up. */
		TIME,

		/** A throttle's condition held. */
		THROTTLED

	}

}
