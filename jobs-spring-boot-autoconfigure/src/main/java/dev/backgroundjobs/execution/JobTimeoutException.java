package dev.backgroundjobs.execution;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A run was interrupted because its time was over.
 */
public class JobTimeoutException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param job the job's name
	 * @param time the time the run had
	 * @param cause what the interrupted method threw, or {@code null} when it returned
	 */
	public JobTimeoutException(String job, Duration time, @Nullable Throwable cause) {
		super("Job '" + job + "' was stopped after " + time.toMillis()
				+ " ms: its timeout, or what the platform allows " + "less the reserve", cause);
	}

}
