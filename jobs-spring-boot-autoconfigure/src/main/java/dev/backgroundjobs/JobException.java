package dev.backgroundjobs;

import org.jspecify.annotations.Nullable;

/**
 * A job could not be enqueued, or an operation on it failed. The message names the thing,
 * the limit and the way out.
 */
public class JobException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what happened, and the way out
	 */
	public JobException(String message) {
		super(message);
	}

	/**
	 * Create an exception with a cause.
	 * @param message what happened, and the way out
	 * @param cause the cause, or {@code null}
	 */
	public JobException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
