package dev.backgroundjobs;

/**
 * A call asks for a delay on a queue that cannot delay and has no delay backend.
 */
public class SchedulingNotSupportedException extends JobException {

	/**
	 * Create an exception.
	 * @param message what happened, and the way out
	 */
	public SchedulingNotSupportedException(String message) {
		super(message);
	}

}
