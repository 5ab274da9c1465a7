package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Rows of a CSV file as in RFC 4180, with line feeds as line ends too. Places are counted
 * from the start of the row, since the window moves under them.
 */
final class CsvIterator implements CursorIterator<CsvRow, Long> {

	private final TextFile file;

	private final RecordReader reader;

	private final byte delimiter;

	private final CsvHeader header;

	// Rows mostly have as many fields as the row before.
	private int width = 8;

	private @Nullable CsvRow ahead;

	private long cursor;

	// Where the reader is in the row, and whether the row has ended there.
	private int at;

	private boolean ended;

	CsvIterator(TextFile file, RecordReader reader, byte delimiter, CsvHeader header) {
		this.file = file;
		this.reader = reader;
		this.delimiter = delimiter;
		this.header = header;
	}

	CsvIterator withHeader(CsvHeader header) {
		return new CsvIterator(this.file, this.reader, this.delimiter, header);
	}

	@Override
	public boolean hasNext() throws IOException {
		while (this.ahead == null && (this.reader.start < this.reader.end || this.reader.more())) {
			this.ahead = read();
		}
		return this.ahead != null;
	}

	@Override
	public CsvRow next() {
		CsvRow row = Objects.requireNonNull(this.ahead, "There is no next row");
		this.ahead = null;
		this.cursor = this.reader.offset();
		return row;
	}

	@Override
	public Long cursor() {
		return this.cursor;
	}

	@Override
	public void close() throws IOException {
		this.reader.close();
	}

	// A row, or null for an empty line.
	private @Nullable CsvRow read() throws IOException {
		List<String> fields = new ArrayList<>(this.width);
		this.at = 0;
		this.ended = false;
		boolean quoted = false;
		while (!this.ended) {
			if (current() == '"') {
				quoted = true;
				fields.add(quotedField());
			}
			else {
				fields.add(plainField());
			}
		}
		int end = this.reader.start + this.at;
		this.reader.requireWithinLimit(end);
		long offset = this.reader.offset();
		this.reader.next(end);
		if (fields.size() == 1 && fields.get(0).isEmpty() && !quoted) {
			return null;
		}
		this.width = fields.size();
		return new CsvRow(this.header, offset, Collections.unmodifiableList(fields));
	}

	private String plainField() throws IOException {
		int from = this.at;
		int bits = 0;
		while (true) {
			byte[] bytes = this.reader.bytes;
			int end = this.reader.end;
			int place = this.reader.start + this.at;
			byte read = 0;
			while (place < end && (read = bytes[place]) != this.delimiter && read != '\n') {
				bits |= read;
				place++;
			}
			this.at = place - this.reader.start;
			if (place < end || !this.reader.more()) {
				int start = this.reader.start;
				int to = start + this.at;
				boolean endOfRow = this.at == this.reader.end - start || read == '\n';
				boolean carriageReturn = endOfRow && this.at > from && this.reader.bytes[to - 1] == '\r';
				String field = this.reader.text(start + from, carriageReturn ? to - 1 : to, bits >= 0);
				endField();
				return field;
			}
		}
	}

	private String quotedField() throws IOException {
		int from = ++this.at;
		int bits = 0;
		boolean doubled = false;
		while (true) {
			int read = current();
			if (read == -1) {
				throw this.file.failure("has a quote in the row at byte " + this.reader.offset()
						+ " that is not closed until the file ends");
			}
			this.at++;
			if (read == '"') {
				if (current() != '"') {
					break;
				}
				this.at++;
				doubled = true;
			}
			bits |= read;
		}
		int start = this.reader.start;
		String field = this.reader.text(start + from, start + this.at - 1, bits < 128);
		if (current() == '\r') {
			this.at++;
			if (current() != '\n' && current() != -1) {
				this.at--;
			}
		}
		int after = current();
		if (after != -1 && after != '\n' && after != this.delimiter) {
			throw this.file.failure("has text after a closing quote in the row at byte " + this.reader.offset()
					+ ": quotes within quotes are doubled");
		}
		endField();
		return doubled ? field.replace("\"\"", "\"") : field;
	}

	// Step over what ends a field.
	private void endField() throws IOException {
		int read = current();
		this.ended = read != this.delimiter;
		if (read != -1) {
			this.at++;
		}
	}

	// The byte at the place, from 0 to 255, or -1 at the end of the file.
	private int current() throws IOException {
		if (this.reader.start + this.at >= this.reader.end && !this.reader.more()) {
			return -1;
		}
		return this.reader.bytes[this.reader.start + this.at] & 0xFF;
	}

}
