package dev.backgroundjobs.iteration;

import java.util.List;

/**
 * A row of a CSV file, from {@link Sources#csv}. Immutable.
 */
public final class CsvRow {

	private final CsvHeader header;

	private final long offset;

	private final List<String> fields;

	CsvRow(CsvHeader header, long offset, List<String> fields) {
		this.header = header;
		this.offset = offset;
		this.fields = fields;
	}

	/**
	 * Return a field by its column's name.
	 * @param column the name, exactly as in the header
	 * @return the field; empty when there is nothing in it
	 * @throws IllegalArgumentException when the file has no such column
	 * @throws IllegalStateException when the row ends before that column, or the file is
	 * read without a header
	 */
	public String get(String column) {
		int index = this.header.index(column);
		if (index >= this.fields.size()) {
			throw new IllegalStateException(
					"%s has no column '%s' in the row at byte %d, which ends after %d fields of %d".formatted(
							this.header.file(), column, this.offset, this.fields.size(), this.header.names().size()));
		}
		return this.fields.get(index);
	}

	/**
	 * Return a field by its place.
	 * @param index the place, from 0
	 * @return the field; empty when there is nothing in it
	 * @throws IllegalStateException when the row has no such place
	 */
	public String get(int index) {
		if (index < 0 || index >= this.fields.size()) {
			throw new IllegalStateException("%s has no column %d in the row at byte %d, which has %d fields (from 0)"
				.formatted(this.header.file(), index, this.offset, this.fields.size()));
		}
		return this.fields.get(index);
	}

	/**
	 * Return all fields.
	 * @return an unmodifiable list
	 */
	public List<String> fields() {
		return this.fields;
	}

	/**
	 * Return where the row is in the file.
	 * @return the offset of its first byte
	 */
	public long offset() {
		return this.offset;
	}

	@Override
	public String toString() {
		return "row at byte " + this.offset;
	}

}
