package dev.backgroundjobs.backend;

import org.jspecify.annotations.Nullable;

import dev.backgroundjobs.message.JobMessage;

/**
 * A backend whose platform has a place of its own for what a queue gives up, so that dead
 * jobs can be kept there without a {@code dead-letter} property.
 */
public interface DeadLetterBackend {

	/**
	 * Put a copy of a dead message where its queue's platform keeps what is given up.
	 * @param copy the copy; {@link JobMessage#queue()} is the queue that gives it up
	 * @return where it is now, for people, or {@code null} when the queue has no such
	 * place, in which case nothing was sent
	 */
	@Nullable String enqueueDead(JobMessage copy);

}
