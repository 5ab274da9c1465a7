package dev.backgroundjobs.backend;

import java.util.function.Supplier;

/**
 * What became of one message of a batch.
 */
public sealed interface SendResult {

	/**
	 * Send one message and describe what became of it.
	 * @param send sends the message and returns the platform's id
	 * @return the result
	 */
	static SendResult of(Supplier<String> send) {
		try {
			return new Sent(send.get());
		}
		catch (DuplicateMessageException ex) {
			return new Duplicate();
		}
		catch (RuntimeException ex) {
			return new Failed(ex);
		}
		catch (LinkageError ex) {
			// A library of the backend does not fit; other messages go on.
			return new Failed(new IllegalStateException(ex));
		}
	}

	/**
	 * The platform took the message.
	 *
	 * @param backendId the platform's id of it
	 */
	record Sent(String backendId) implements SendResult {
	}

	/**
	 * The platform had taken a message with the same key before.
	 */
	record Duplicate() implements SendResult {
	}

	/**
	 * The platform did not take the message for certain.
	 *
	 * @param cause why
	 */
	record Failed(RuntimeException cause) implements SendResult {
	}

}
