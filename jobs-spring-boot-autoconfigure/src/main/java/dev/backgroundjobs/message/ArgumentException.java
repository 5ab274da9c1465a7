package dev.backgroundjobs.message;

import org.jspecify.annotations.Nullable;

/**
 * An argument cannot become JSON, or JSON cannot become an argument. The text names the
 * parameter and its type, never a value.
 */
public class ArgumentException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what is wrong
	 * @param cause the cause, or {@code null} where it would show a value
	 */
	public ArgumentException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
