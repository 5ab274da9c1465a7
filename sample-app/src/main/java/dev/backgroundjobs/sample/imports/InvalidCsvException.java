package dev.backgroundjobs.sample.imports;

/**
 * Thrown for an upload that is no CSV file of rows. The message is for the person who
 * sent it.
 */
public class InvalidCsvException extends Exception {

	private static final long serialVersionUID = 1L;

	InvalidCsvException(String message) {
		super(message);
	}

}
