package dev.backgroundjobs.backend;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobStatus;

/**
 * A backend that can say what it knows of a message.
 */
public interface InspectableBackend {

	/**
	 * Say what the backend knows of a job's message.
	 * @param job the job, as it was enqueued
	 * @return the status
	 */
	JobStatus status(EnqueuedJob job);

}
