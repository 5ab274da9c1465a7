package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * A window on the bytes of a file, which always has the record that is being read from
 * its first byte on. Used by one thread.
 */
final class RecordReader implements AutoCloseable {

	private static final int WINDOW = 64 * 1024;

	private final TextFile file;

	private final InputStream stream;

	private final String wayOut;

	private final CharsetDecoder decoder;

	// Where the window's first byte is in the file.
	private long base;

	/** The bytes. Another array after {@link #more}. */
	byte[] bytes = new byte[WINDOW];

	/** Where the record begins. Another place after {@link #more}. */
	int start;

	/** Where the bytes end. */
	int end;

	/**
	 * Read a file.
	 * @param file the file
	 * @param stream its bytes
	 * @param offset where they begin in the file
	 * @param wayOut what to do when a record is too long
	 */
	RecordReader(TextFile file, InputStream stream, long offset, String wayOut) {
		this.file = file;
		this.stream = stream;
		this.base = offset;
		this.wayOut = wayOut;
		this.decoder = file.charset()
			.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT);
	}

	/** Return the offset in the file of the record being read. */
	long offset() {
		return this.base + this.start;
	}

	/**
	 * Begin another record.
	 * @param start where it begins in the window
	 */
	void next(int start) {
		this.start = start;
	}

	/**
	 * Refuse a record that is too long.
	 * @param end the place after its last byte, as far as known
	 */
	void requireWithinLimit(int end) {
		if (end - this.start > this.file.recordLimit()) {
			throw this.file.failure("has a record at byte " + offset() + " that is longer than "
					+ this.file.recordLimit() + " bytes: " + this.wayOut);
		}
	}

	/**
	 * Read on, keeping the record.
	 * @return whether there were bytes
	 * @throws IllegalStateException when the record is longer than the limit
	 */
	boolean more() throws IOException {
		requireWithinLimit(this.end);
		if (this.end == this.bytes.length) {
			byte[] target = (this.end - this.start > this.bytes.length / 2)
					? new byte[Math.min(2 * this.bytes.length, Math.max(WINDOW, this.file.recordLimit()) + WINDOW)]
					: this.bytes;
			System.arraycopy(this.bytes, this.start, target, 0, this.end - this.start);
			this.bytes = target;
			this.base += this.start;
			this.end -= this.start;
			this.start = 0;
		}
		int read = this.stream.read(this.bytes, this.end, this.bytes.length - this.end);
		this.end += Math.max(0, read);
		return read > 0;
	}

	/**
	 * Skip the mark that some programs write at the start of a file in UTF-8.
	 */
	void skipByteOrderMark() throws IOException {
		boolean more = true;
		while (more && this.end - this.start < 3) {
			more = more();
		}
		boolean mark = this.end - this.start >= 3 && this.bytes[this.start] == (byte) 0xEF
				&& this.bytes[this.start + 1] == (byte) 0xBB && this.bytes[this.start + 2] == (byte) 0xBF;
		if (mark && this.file.charset().equals(StandardCharsets.UTF_8)) {
			this.start += 3;
		}
	}

	/**
	 * Skip the byte before a record, which says whether there is one.
	 */
	void skipToRecord() throws IOException {
		if (!more()) {
			throw this.file
				.failure("is shorter than the cursor's " + (offset() + 1) + " bytes: was it replaced meanwhile?");
		}
		boolean lineEnd = this.bytes[this.start] == '\n';
		this.start++;
		if (!lineEnd && (this.start < this.end || more())) {
			throw this.file.failure("has no line that begins at the cursor's byte " + offset()
					+ ": was it replaced meanwhile, or its last line written on?");
		}
	}

	/**
	 * Decode a part of the record.
	 * @param from the first byte's place in the window
	 * @param to the place after the last one
	 * @param ascii whether there are only ASCII characters
	 */
	String text(int from, int to, boolean ascii) {
		if (ascii) {
			return new String(this.bytes, from, to - from, StandardCharsets.ISO_8859_1);
		}
		try {
			CharBuffer text = this.decoder.decode(ByteBuffer.wrap(this.bytes, from, to - from));
			return text.toString();
		}
		catch (CharacterCodingException ex) {
			throw new IllegalStateException(
					"%s has bytes in the record at byte %d that are no characters in %s: name the "
						.formatted(this.file.name(), offset(), this.file.charset()) + "charset it is written in",
					ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.stream.close();
	}

}
