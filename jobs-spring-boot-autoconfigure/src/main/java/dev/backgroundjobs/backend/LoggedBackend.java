package dev.backgroundjobs.backend;

import java.util.List;

import dev.backgroundjobs.EnqueuedJob;

/**
 * A backend that keeps a log for each job.
 */
public interface LoggedBackend {

	/**
	 * Read what a job wrote to its log.
	 * @param job the job, as it was enqueued
	 * @return the lines
	 */
	List<String> logs(EnqueuedJob job);

}
