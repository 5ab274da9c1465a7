package dev.backgroundjobs;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a job that wants its next attempt after a time of its own choice. Counts as a
 * failed attempt.
 */
public class RetryJobException extends RuntimeException {

	private final Duration after;

	/**
	 * Create an exception.
	 * @param message the reason
	 * @param after the wait before the next attempt; zero or less means at once
	 */
	public RetryJobException(String message, Duration after) {
		this(message, after, null);
	}

	/**
	 * Create an exception with a cause.
	 * @param message the reason
	 * @param after the wait before the next attempt; zero or less means at once
	 * @param cause the cause, or {@code null}
	 */
	public RetryJobException(String message, Duration after, @Nullable Throwable cause) {
		super(message, cause);
		this.after = Objects.requireNonNull(after, "after");
	}

	/**
	 * Return the wait before the next attempt.
	 * @return the wait
	 */
	public Duration after() {
		return this.after;
	}

}
