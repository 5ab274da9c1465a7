package dev.backgroundjobs.execution;

import dev.backgroundjobs.JobContext;

/**
 * Surrounds every run of a job. Declare it as a bean; several are called in the order of
 * {@code @Order}. Safe for use by several threads.
 * <p>
 * One that swallows what the run throws makes a plain job succeed, but not an iteration:
 * the items that are left would be lost. Throw {@code DiscardJobException} to give them
 * up.
 */
@FunctionalInterface
public interface JobInterceptor {

	/**
	 * Surround a run.
	 * @param context the job that runs
	 * @param run the run; call it once
	 * @throws Throwable what the run throws, or the interceptor itself, which counts as
	 * the job's failure
	 */
	void intercept(JobContext context, Run run) throws Throwable;

	/**
	 * The rest of a run.
	 */
	@FunctionalInterface
	interface Run {

		/**
		 * Go on.
		 * @throws Throwable what the job throws
		 */
		void proceed() throws Throwable;

	}

}
