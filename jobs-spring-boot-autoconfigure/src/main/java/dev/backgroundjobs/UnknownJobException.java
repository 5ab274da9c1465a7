package dev.backgroundjobs;

/**
 * No job is declared under the name or method that a call gives.
 */
public class UnknownJobException extends JobException {

	/**
	 * Create an exception.
	 * @param message what happened, and the way out
	 */
	public UnknownJobException(String message) {
		super(message);
	}

}
