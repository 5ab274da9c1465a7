package dev.backgroundjobs;

/**
 * The backend of a job's queue lacks the ability that an operation needs.
 */
public class JobOperationNotSupportedException extends JobException {

	/**
	 * Create an exception.
	 * @param message what happened, and the way out
	 */
	public JobOperationNotSupportedException(String message) {
		super(message);
	}

}
