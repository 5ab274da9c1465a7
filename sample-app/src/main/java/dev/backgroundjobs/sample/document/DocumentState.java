package dev.backgroundjobs.sample.document;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where a document is on its way to a PDF.
 */
public enum DocumentState {

	/**
	 * Waits for its first attempt, or for the next one.
	 */
	QUEUED,

	/**
	 * Is being converted.
	 */
	RUNNING,

	/**
	 * Its PDF can be read.
	 */
	DONE,

	/**
	 * Will not be tried again.
	 */
	FAILED;

	/**
	 * Return whether nothing more will happen to the document.
	 * @return whether it is done or failed
	 */
	public boolean isFinal() {
		return this == DONE || this == FAILED;
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
