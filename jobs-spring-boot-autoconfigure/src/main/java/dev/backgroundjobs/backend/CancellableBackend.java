package dev.backgroundjobs.backend;

import dev.backgroundjobs.EnqueuedJob;

/**
 * A backend that can take a message back before it is delivered.
 */
public interface CancellableBackend {

	/**
	 * Take a message back.
	 * @param job the job, as it was enqueued
	 * @return whether the message was taken back, so that it is not delivered
	 */
	boolean cancel(EnqueuedJob job);

}
