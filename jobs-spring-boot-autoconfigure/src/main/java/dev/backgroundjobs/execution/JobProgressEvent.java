package dev.backgroundjobs.execution;

import dev.backgroundjobs.JobProgress;
import org.jspecify.annotations.Nullable;

/**
 * Published when a running job says how far it is. An iteration says so by itself: when a
 * slice begins and ends, and once a second meanwhile. Published on the job's thread, so a
 * listener that takes long slows the job down.
 *
 * @param id the job's id
 * @param job the job's name
 * @param attempt the attempt that runs
 * @param phase where in its life the job is
 * @param progress how far it is
 * @param cursor the position of an iteration's last finished item, as its source gave it;
 * {@code null} before the first and for other jobs. With {@code JobOptions.startCursor}
 * another job can begin after it
 */
public record JobProgressEvent(String id, String job, int attempt, Phase phase, JobProgress progress,
		@Nullable Object cursor) {

	/**
	 * Return what is done.
	 * @return the number of items, or what the job said
	 */
	public long processed() {
		return this.progress.processed();
	}

	/**
	 * Return what is to do in all.
	 * @return the number, or {@code null} when unknown
	 */
	public @Nullable Long total() {
		return this.progress.total();
	}

	/**
	 * Where in its life a job is.
	 */
	public enum Phase {

		/** A slice has begun. */
		STARTED,

		/** The job runs. */
		RUNNING,

		/**
		 * A slice has ended and others follow: it was stopped or throttled, or failed.
		 */
		STOPPED,

		/** The iteration has come to its end. */
		COMPLETED

	}

}
