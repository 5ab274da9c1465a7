package dev.backgroundjobs;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a job that must never run again. Nothing is kept of it.
 */
public class DiscardJobException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message the reason
	 */
	public DiscardJobException(String message) {
		super(message);
	}

	/**
	 * Create an exception with a cause.
	 * @param message the reason
	 * @param cause the cause, or {@code null}
	 */
	public DiscardJobException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
