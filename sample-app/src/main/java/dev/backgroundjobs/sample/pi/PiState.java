package dev.backgroundjobs.sample.pi;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where a computation is on its way.
 */
enum PiState {

	/** Waits for its job, or for the next attempt. */
	QUEUED,

	/** Is being computed. */
	RUNNING,

	/** The digits are there. */
	DONE,

	/** Will not be tried again. */
	FAILED;

	boolean isFinal() {
		return this == DONE || this == FAILED;
	}

	@JsonValue
	String jsonValue() {
		return name().toLowerCase(Locale.ROOT);
	}

}
