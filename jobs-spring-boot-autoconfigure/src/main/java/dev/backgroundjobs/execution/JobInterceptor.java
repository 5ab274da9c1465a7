package dev.backgroundjobs.execution;

import dev.backgroundjobs.JobContext;

/**
 * Surrounds every run of a job. Declare it as a bean; several are called in the order of
 * {@code @Order}. Safe for use by several threads.
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
