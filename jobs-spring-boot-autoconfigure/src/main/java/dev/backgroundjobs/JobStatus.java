package dev.backgroundjobs;

/**
 * What a backend knows of a job that was enqueued.
 */
public enum JobStatus {

	/** Waits for its time. */
	SCHEDULED,

	/** Waits to be taken. */
	QUEUED,

	/** Runs now. */
	RUNNING,

	/** Has ended well. */
	SUCCEEDED,

	/** Has ended badly. */
	FAILED,

	/** The backend has no message of the job: it has ended, moved on or was cancelled. */
	UNKNOWN

}
