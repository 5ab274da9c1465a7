package dev.backgroundjobs.delivery;

import dev.backgroundjobs.execution.JobOutcome;

/**
 * Exceptions of jobs, whose own methods may throw.
 */
final class Failures {

	private Failures() {
	}

	static String describe(Throwable cause) {
		try {
			return cause.toString();
		}
		catch (RuntimeException ex) {
			return cause.getClass().getName();
		}
	}

	// An exception whose own methods throw can be neither logged nor kept.
	static JobOutcome.Failed describable(JobOutcome.Failed failed) {
		StringBuilder text = new StringBuilder();
		try {
			Throwable cause = failed.cause();
			for (int depth = 0; cause != null && depth < 20; depth++) {
				text.append(cause).append(cause.getMessage());
				cause = cause.getCause();
			}
			return failed;
		}
		catch (RuntimeException ex) {
			Throwable replacement = new IllegalStateException(
					failed.cause().getClass().getName() + ", which cannot describe itself", ex);
			return new JobOutcome.Failed(replacement, failed.retryAfter(), failed.isRetryable(), failed.slice());
		}
	}

}
