package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The rows of a CSV file, from {@link Sources#csv}. The cursor is the offset in bytes
 * after the row. Immutable: every method returns a new one.
 */
public final class CsvSource implements CursorSource<CsvRow, Long> {

	private final TextFile file;

	private final char delimiter;

	private final boolean hasHeader;

	CsvSource(TextFile file, char delimiter, boolean hasHeader) {
		this.file = file;
		this.delimiter = delimiter;
		this.hasHeader = hasHeader;
	}

	/**
	 * Return the source with another delimiter than a comma.
	 * @param delimiter the delimiter, for example {@code ';'} or a tab
	 * @return the changed source
	 * @throws IllegalArgumentException when it is no ASCII character, a quote or a line
	 * end
	 */
	public CsvSource delimiter(char delimiter) {
		if (delimiter == 0 || delimiter > 127 || "\"\r\n".indexOf(delimiter) >= 0) {
			throw new IllegalArgumentException(
					"U+%04X cannot be a delimiter: it must be an ASCII character other than a "
						.formatted((int) delimiter) + "quote and the ends of lines");
		}
		return new CsvSource(this.file, delimiter, this.hasHeader);
	}

	/**
	 * Return the source with another encoding than UTF-8.
	 * @param charset the encoding: UTF-8, US-ASCII or one of single bytes that agree with
	 * ASCII
	 * @return the changed source
	 * @throws IllegalArgumentException when it is another one, such as UTF-16
	 */
	public CsvSource charset(Charset charset) {
		return new CsvSource(this.file.withCharset(charset), this.delimiter, this.hasHeader);
	}

	/**
	 * Return the source with another limit than 1 MiB for a row. A longer row fails, for
	 * example one with a quote that is never closed.
	 * @param limit the most bytes a row may have, with its line end
	 * @return the changed source
	 * @throws IllegalArgumentException when it is less than a byte or more than 511 MiB
	 */
	public CsvSource maxRowSize(DataSize limit) {
		return new CsvSource(this.file.withRecordLimit(limit), this.delimiter, this.hasHeader);
	}

	/**
	 * Return the source for a file whose first row is not its columns' names.
	 * @return the changed source
	 */
	public CsvSource withoutHeader() {
		return new CsvSource(this.file, this.delimiter, false);
	}

	@Override
	public CursorIterator<CsvRow, Long> iterate(@Nullable Long cursor) throws IOException {
		if (!this.hasHeader) {
			return rows((cursor != null) ? cursor : 0, CsvHeader.none(this.file.name()));
		}
		CsvIterator fromStart = rows(0, CsvHeader.none(this.file.name()));
		CsvHeader header;
		try {
			List<String> names = fromStart.hasNext() ? fromStart.next().fields() : List.of();
			header = CsvHeader.of(this.file.name(), names);
			// The start is a position of its own, to begin another job at.
			if (cursor == null || cursor == 0) {
				return fromStart.withHeader(header);
			}
			if (cursor > 0 && cursor < fromStart.cursor()) {
				throw this.file.failure("has no row at the cursor's byte " + cursor
						+ ", which is in its header: begin at the start, or with a cursor of a row");
			}
		}
		catch (IOException | RuntimeException ex) {
			try (fromStart) {
				throw ex;
			}
		}
		fromStart.close();
		return rows(cursor, header);
	}

	private CsvIterator rows(long offset, CsvHeader header) throws IOException {
		return new CsvIterator(this.file,
				this.file.open(offset, "a quote may not be closed, or set a greater 'maxRowSize'"),
				(byte) this.delimiter, header);
	}

	@Override
	public Class<Long> cursorType() {
		return Long.class;
	}

}
