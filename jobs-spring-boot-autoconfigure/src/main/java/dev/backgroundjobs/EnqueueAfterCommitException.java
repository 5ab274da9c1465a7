package dev.backgroundjobs;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The transaction has committed and its jobs could not be sent.
 */
public class EnqueueAfterCommitException extends JobException {

	private final transient List<EnqueuedJob> jobs;

	/**
	 * Create an exception.
	 * @param message what happened
	 * @param jobs the jobs that were not sent
	 * @param cause the last failure
	 */
	public EnqueueAfterCommitException(String message, List<EnqueuedJob> jobs, @Nullable Throwable cause) {
		super(message, cause);
		this.jobs = List.copyOf(jobs);
	}

	/**
	 * Return the jobs that were not sent.
	 * @return the jobs
	 */
	public List<EnqueuedJob> jobs() {
		return this.jobs;
	}

}
