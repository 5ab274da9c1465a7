package dev.backgroundjobs.execution;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 */
public sealed interface JobOutcome {

	/**
	 * The method returned.
	 */
	record Succeeded() implements JobOutcome {
	}

	/**
	 * The method threw, its arguments could not be read, or its time was over: a failed
	 * attempt.
	 *
	 * @param cause why
	 * @param retryAfter the wait the job asked for, or {@code null} for its backoff
	 * @param isRetryable whether another attempt may be made
	 */
	record Failed(Throwable cause, @Nullable Duration retryAfter, boolean isRetryable) implements JobOutcome {
	}

	/**
	 * The job said never again.
	 *
	 * @param cause what it threw
	 */
	record Discarded(Throwable cause) implements JobOutcome {
	}

	/**
	 * A shutdown ended the run before the job was done.
	 */
	record Interrupted() implements JobOutcome {
	}

	/**
	 * The platform gave the message to somebody else meanwhile, who owns the job now.
	 */
	record LeaseLost() implements JobOutcome {
	}

}
