package dev.backgroundjobs.iteration;

import dev.backgroundjobs.JobException;

/**
 * Thrown by an item to end the iteration, and with it the job, as done: what is left is
 * not visited.
 */
public class AbortIterationException extends JobException {

	private final boolean completes;

	private AbortIterationException(String message, boolean completes) {
		super(message);
		this.completes = completes;
	}

	/**
	 * End the iteration and call {@code onComplete}.
	 * @param reason why, for the log
	 * @return the exception to throw
	 */
	public static AbortIterationException complete(String reason) {
		return new AbortIterationException(reason, true);
	}

	/**
	 * End the iteration without calling {@code onComplete}.
	 * @param reason why, for the log
	 * @return the exception to throw
	 */
	public static AbortIterationException skipCallbacks(String reason) {
		return new AbortIterationException(reason, false);
	}

	/**
	 * Return whether {@code onComplete} is called.
	 * @return whether it is
	 */
	public boolean completes() {
		return this.completes;
	}

}
