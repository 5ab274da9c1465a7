package dev.backgroundjobs.iteration;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The lines of a file, from {@link Sources#lines}. The cursor is the offset in bytes
 * after the line. Immutable: every method returns a new one.
 */
public final class LineSource implements SplittableSource<String, Long> {

	private final TextFile file;

	private final long after;

	private final long last;

	LineSource(TextFile file) {
		this(file, 0, Long.MAX_VALUE);
	}

	private LineSource(TextFile file, long after, long last) {
		this.file = file;
		this.after = after;
		this.last = last;
	}

	/**
	 * Return the source with another encoding than UTF-8.
	 * @param charset the encoding: UTF-8, US-ASCII or one of single bytes that agree with
	 * ASCII
	 * @return the changed source
	 * @throws IllegalArgumentException when it is another one, such as UTF-16
	 */
	public LineSource charset(Charset charset) {
		return new LineSource(this.file.withCharset(charset), this.after, this.last);
	}

	/**
	 * Return the source with another limit than 1 MiB for a line. A longer line fails.
	 * @param limit the most bytes a line may have
	 * @return the changed source
	 * @throws IllegalArgumentException when it is less than a byte or more than 511 MiB
	 */
	public LineSource maxLineSize(DataSize limit) {
		return new LineSource(this.file.withRecordLimit(limit), this.after, this.last);
	}

	/**
	 * Return the source with the file's length, without which a source that was made of
	 * an {@link OpenAt} cannot be split.
	 * @param bytes says the length in bytes; asked only to split
	 * @return the changed source
	 */
	public LineSource length(LongSupplier bytes) {
		return new LineSource(this.file.withLength(bytes::getAsLong), this.after, this.last);
	}

	@Override
	public CursorIterator<String, Long> iterate(@Nullable Long cursor) throws IOException {
		long begin = (cursor != null) ? Math.max(cursor, this.after) : this.after;
		return new Lines(this.file.open(begin, "set a greater 'maxLineSize', or see whether its lines end with LF"),
				this.last);
	}

	@Override
	public Class<Long> cursorType() {
		return Long.class;
	}

	@Override
	public List<Long> split(int count) throws IOException {
		Cuts.requireRanges(count);
		if (this.file.length() == null) {
			throw this.file.failure("cannot be cut into ranges, because its length is unknown: set 'length'");
		}
		long length = Math.min(this.last, this.file.length().bytes());
		List<Long> ends = new ArrayList<>();
		long before = this.after;
		for (long cut : Cuts.of(this.after, length - 1, count)) {
			long end = (cut >= before) ? endOfLine(cut) : before;
			if (end > before && end < length) {
				ends.add(end);
				before = end;
			}
		}
		return ends;
	}

	// The offset after the line that has this byte.
	private long endOfLine(long offset) throws IOException {
		try (InputStream stream = new BufferedInputStream(this.file.opener().open(offset))) {
			long end = offset;
			int read;
			do {
				read = stream.read();
				end++;
			}
			while (read != '\n' && read != -1);
			return end;
		}
	}

	@Override
	public LineSource range(@Nullable Long after, @Nullable Long last) {
		return new LineSource(this.file, (after != null) ? Math.max(after, this.after) : this.after,
				(last != null) ? Math.min(last, this.last) : this.last);
	}

	private static final class Lines implements CursorIterator<String, Long> {

		private final RecordReader reader;

		private final long last;

		Lines(RecordReader reader, long last) {
			this.reader = reader;
			this.last = last;
		}

		@Override
		public boolean hasNext() throws IOException {
			return this.reader.offset() < this.last && (this.reader.start < this.reader.end || this.reader.more());
		}

		@Override
		public String next() throws IOException {
			int length = 0;
			int bits = 0;
			while (true) {
				byte[] bytes = this.reader.bytes;
				int end = this.reader.end;
				int at = this.reader.start + length;
				byte read = 0;
				while (at < end && (read = bytes[at]) != '\n') {
					bits |= read;
					at++;
				}
				length = at - this.reader.start;
				if (at < end) {
					return line(at, at + 1, bits >= 0);
				}
				if (!this.reader.more()) {
					return line(this.reader.end, this.reader.end, bits >= 0);
				}
			}
		}

		private String line(int end, int next, boolean ascii) {
			this.reader.requireWithinLimit(end);
			int start = this.reader.start;
			boolean carriageReturn = end > start && this.reader.bytes[end - 1] == '\r';
			String line = this.reader.text(start, carriageReturn ? end - 1 : end, ascii);
			this.reader.next(next);
			return line;
		}

		@Override
		public Long cursor() {
			return this.reader.offset();
		}

		@Override
		public void close() throws IOException {
			this.reader.close();
		}

	}

}
