package dev.backgroundjobs.sample.imports;

import java.util.List;

import dev.backgroundjobs.iteration.CsvRow;

/**
 * A row of an import.
 *
 * @param id the id, unique in its import
 * @param name the name, of at most 1,000 characters
 * @param state the state, of at most 40 characters
 */
public record ImportedRow(long id, String name, String state) {

	/** The columns of a file, in this order. */
	static final List<String> COLUMNS = List.of("id", "name", "state");

	private static final int MAX_NAME_LENGTH = 1_000;

	private static final int MAX_STATE_LENGTH = 40;

	static ImportedRow of(CsvRow row) throws MalformedRowException {
		int fields = row.fields().size();
		if (fields != COLUMNS.size()) {
			throw new MalformedRowException(row, "has " + fields + " fields instead of " + COLUMNS.size());
		}
		return new ImportedRow(id(row), text(row, 1, MAX_NAME_LENGTH), text(row, 2, MAX_STATE_LENGTH));
	}

	private static long id(CsvRow row) throws MalformedRowException {
		try {
			return Long.parseLong(row.get(0));
		}
		catch (NumberFormatException ex) {
			throw new MalformedRowException(row, "has an id that is no whole number of 64 bits");
		}
	}

	private static String text(CsvRow row, int column, int max) throws MalformedRowException {
		String text = row.get(column);
		if (text.length() > max) {
			throw new MalformedRowException(row,
					"has a " + COLUMNS.get(column) + " of " + text.length() + " characters, " + max + " are the most");
		}
		return text;
	}

}
