package dev.backgroundjobs;

import java.util.List;

/**
 * What can be done with a job after it was enqueued. Inject it as a bean; safe for use by
 * several threads.
 * <p>
 * Every method throws {@link JobOperationNotSupportedException} when the backend of the
 * job's queue has no such ability.
 */
public interface JobOperations {

	/**
	 * Cancel a job that has not started. Covers the message that was enqueued: a job that
	 * has moved on to a retry answers {@code false} on most backends.
	 * @param job the job
	 * @return whether the message was taken back, so that the job will not run
	 */
	boolean cancel(EnqueuedJob job);

	/**
	 * Ask what the backend knows of a job.
	 * @param job the job
	 * @return the status
	 */
	JobStatus status(EnqueuedJob job);

	/**
	 * Read what the job wrote to its log, where the backend keeps a log for each job.
	 * @param job the job
	 * @return the lines
	 */
	List<String> logs(EnqueuedJob job);

}
