package dev.backgroundjobs.execution;

import dev.backgroundjobs.JobContext;

/**
 * Decides after every item whether a slice is interrupted, as by a shutdown: for tests.
 */
@FunctionalInterface
public interface SliceCheck {

	/**
	 * Decide.
	 * @param context the job that runs
	 * @param items how many items this slice has done
	 * @return whether it is interrupted
	 */
	boolean interrupts(JobContext context, long items);

}
