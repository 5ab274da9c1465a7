package dev.backgroundjobs.message;

/**
 * A body is not a message: not JSON, of the wrong shape, or beyond a limit. The text
 * names the limit or the field, never a value.
 */
public class UnreadableMessageException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what is wrong
	 */
	public UnreadableMessageException(String message) {
		super(message);
	}

}
