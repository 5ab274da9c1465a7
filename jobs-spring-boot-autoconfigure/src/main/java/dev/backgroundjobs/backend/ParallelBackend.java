package dev.backgroundjobs.backend;

import dev.backgroundjobs.message.JobMessage;

/**
 * A backend whose platform runs one message in several tasks side by side, each of which
 * knows its index, so that the parts of a parallel iteration need not be sent one by one.
 */
public interface ParallelBackend {

	/**
	 * Send a message to be delivered once in each of several tasks, at once.
	 * @param message the message; each task makes its own part of it
	 * @param count how many tasks there are, 2 or more
	 * @return the platform's own id of all of them
	 */
	String enqueueParts(JobMessage message, int count);

}
