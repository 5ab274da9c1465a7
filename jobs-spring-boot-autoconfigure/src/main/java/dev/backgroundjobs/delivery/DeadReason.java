package dev.backgroundjobs.delivery;

import java.util.Locale;

import dev.backgroundjobs.message.JobMessage;

/**
 * Why a job is dead.
 */
public enum DeadReason {

	/** All attempts have failed. */
	ATTEMPTS_USED_UP("failed in %d attempts"),
	/** It failed in a way that {@code retryOn} does not name. */
	NOT_RETRIED("failed in a way that is not retried"),
	/** The platform delivered it again and again, and no run came to an end. */
	REDELIVERED_TOO_OFTEN("redelivered too often"),
	/** No instance that it met declares the job. */
	UNKNOWN_JOB("no job of this name"),
	/** Its signature is too old. */
	SIGNATURE_EXPIRED("its signature has expired"),
	/** It was not started in time, and {@code jobs.dead-letter.expired} is set. */
	EXPIRED("expired before its first run"),
	/** The platform runs it no more: its process crashed too often or took too long. */
	GIVEN_UP("given up by its platform");

	private final String text;

	DeadReason(String text) {
		this.text = text;
	}

	String describe(JobMessage message) {
		return this.text.formatted(message.attempt());
	}

	/**
	 * Return the reason as a tag of metrics.
	 * @return the name in lower case with dashes
	 */
	public String tag() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
