package dev.backgroundjobs.sample.imports;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where an import is on its way.
 */
public enum ImportState {

	/**
	 * Waits for its first slice, or for the next one.
	 */
	QUEUED,

	/**
	 * Its rows are being inserted.
	 */
	RUNNING,

	/**
	 * Lost its job with the process that kept it. Goes on when somebody resumes it.
	 */
	INTERRUPTED,

	/**
	 * Has come to the end of its file.
	 */
	DONE,

	/**
	 * Will not be tried again unless somebody resumes it.
	 */
	FAILED;

	/**
	 * Return whether somebody may resume the import.
	 * @return whether nothing goes on by itself, and something is left to do
	 */
	public boolean isResumable() {
		return this == INTERRUPTED || this == FAILED;
	}

	/**
	 * Return the state as clients see it.
	 * @return the name in lower case
	 */
	@JsonValue
	public String jsonValue() {
		return name().toLowerCase(Locale.ROOT);
	}

}
