package dev.backgroundjobs.test;

import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobError;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of a job in a test, and what became of it.
 *
 * @param job the job, as it was delivered
 * @param settlement what the platform was told
 * @param error why the attempt failed, when it did and another follows, else {@code null}
 */
public record JobRun(RecordedJob job, Settlement settlement, @Nullable JobError error) {

	/**
	 * Return whether the attempt failed, the job is dead, or the delivery was not
	 * acknowledged.
	 * @return whether it failed; a discarded or interrupted job has not
	 */
	public boolean isFailed() {
		return this.error != null || this.settlement == Settlement.DEAD || this.settlement == Settlement.DEAD_KEPT
				|| !this.settlement.isAcknowledged();
	}

}
