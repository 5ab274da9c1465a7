package dev.backgroundjobs.backend;

/**
 * The platform has taken a message with the same key before. For a key of our own that is
 * success; for a caller's {@code deduplicationKey} it is the answer.
 */
public class DuplicateMessageException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what was taken before
	 */
	public DuplicateMessageException(String message) {
		super(message);
	}

}
