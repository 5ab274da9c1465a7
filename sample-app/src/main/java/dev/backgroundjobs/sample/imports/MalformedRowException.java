package dev.backgroundjobs.sample.imports;

import dev.backgroundjobs.iteration.CsvRow;

/**
 * Thrown for a row that cannot be inserted. The message is for the person who sent it.
 */
class MalformedRowException extends Exception {

	private static final long serialVersionUID = 1L;

	MalformedRowException(CsvRow row, String fault) {
		super("The row at byte " + row.offset() + " " + fault + ".");
	}

}
