package dev.backgroundjobs.adapter.local;

import dev.backgroundjobs.JobException;

/**
 * The messages that wait in memory take all the room they have.
 */
class LocalQueuesFullException extends JobException {

	LocalQueuesFullException(long maxBytes) {
		super("The messages that wait in memory have " + maxBytes + " bytes, the most that 'jobs.local.max-waiting' "
				+ "allows: enqueue more slowly, raise it, or choose a backend that keeps messages outside the process");
	}

}
