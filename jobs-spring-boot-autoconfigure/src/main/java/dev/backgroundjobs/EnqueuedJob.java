package dev.backgroundjobs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A job that was enqueued. Can be stored as JSON and handed to {@link JobOperations}
 * later.
 *
 * @param id the job's id, a UUID, the same over all its attempts
 * @param job the job's name
 * @param queue the queue it was sent to
 * @param runAt the time before which it does not run, or {@code null} for at once
 * @param backendId the id the platform gave the message, or {@code null} while the
 * surrounding transaction has not committed
 * @param duplicate whether the backend had taken a job under the same
 * {@linkplain JobOptions#deduplicationKey() key} before, so that this one will not run
 */
public record EnqueuedJob(String id, String job, String queue, @Nullable Instant runAt, @Nullable String backendId,
		boolean duplicate) {

	/**
	 * Create a value for a job that is not a duplicate.
	 * @param id the job's id
	 * @param job the job's name
	 * @param queue the queue
	 * @param runAt the time before which it does not run, or {@code null}
	 * @param backendId the platform's id, or {@code null}
	 */
	public EnqueuedJob(String id, String job, String queue, @Nullable Instant runAt, @Nullable String backendId) {
		this(id, job, queue, runAt, backendId, false);
	}

}
