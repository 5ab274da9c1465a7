package dev.backgroundjobs;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * What a running job can ask about itself. Safe for use by several threads.
 */
public interface JobContext {

	/**
	 * Return the context of the job that runs on this thread.
	 * @return the context
	 * @throws IllegalStateException outside a job
	 */
	static JobContext current() {
		JobContext context = JobContexts.CURRENT.get();
		if (context == null) {
			throw new IllegalStateException("No job runs on this thread: JobContext.current() answers inside a "
					+ "@BackgroundJob method; hand the context to other threads with JobContext.call(context, …)");
		}
		return context;
	}

	/**
	 * Run an action with a context as the thread's current one, on a thread of the job's
	 * own for example.
	 * @param <T> the result's type
	 * @param context the context
	 * @param action the action
	 * @return the action's result
	 * @throws Exception what the action throws
	 */
	static <T extends @Nullable Object> T call(JobContext context, Callable<T> action) throws Exception {
		JobContext previous = JobContexts.CURRENT.get();
		JobContexts.CURRENT.set(context);
		try {
			return action.call();
		}
		finally {
			if (previous != null) {
				JobContexts.CURRENT.set(previous);
			}
			else {
				JobContexts.CURRENT.remove();
			}
		}
	}

	/**
	 * Return the job's id.
	 * @return a UUID, the same over all attempts
	 */
	String id();

	/**
	 * Return the job's name.
	 * @return the name
	 */
	String job();

	/**
	 * Return the queue the message came from.
	 * @return the queue
	 */
	String queue();

	/**
	 * Return which attempt this is.
	 * @return the attempt, from 1
	 */
	int attempt();

	/**
	 * Return how many attempts there are, the first run included.
	 * @return the number of attempts
	 */
	int maxAttempts();

	/**
	 * Return when this run's thread will be interrupted.
	 * @return the time, or {@code null} when nothing limits the run
	 */
	@Nullable Instant deadline();

	/**
	 * Return whether the job should stop soon: the application shuts down, the platform
	 * took the message back, or {@link #requestStop()} was called.
	 * @return whether to stop
	 */
	boolean stopRequested();

	/**
	 * Ask the job to stop soon.
	 */
	void requestStop();

	/**
	 * Return the headers that travel with the message.
	 * @return the headers, unmodifiable
	 */
	Map<String, String> headers();

	/**
	 * Return which part of a parallel iteration this job is, or which of several tasks
	 * that a platform runs it in.
	 * @return the part, or {@code null} when it is none
	 */
	@Nullable ParallelPart parallel();

	/**
	 * Say how far the job is. Published as an application event. An iteration says so by
	 * itself.
	 * @param processed what is done, 0 or more
	 * @param total what is to do in all, or {@code null} when unknown
	 */
	void progress(long processed, @Nullable Long total);

	/**
	 * Return how far the job is.
	 * @return the progress of an iteration over all slices, else what was last said
	 */
	JobProgress progress();

}
