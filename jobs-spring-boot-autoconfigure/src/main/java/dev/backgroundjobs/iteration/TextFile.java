package dev.backgroundjobs.iteration;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/**
 * A file of text, and how it is read.
 *
 * @param name what messages call it
 * @param opener opens it
 * @param length says its length in bytes, or {@code null}
 * @param charset the encoding of its characters
 * @param recordLimit the most bytes a record may have
 */
record TextFile(String name, OpenAt opener, @Nullable Length length, Charset charset, int recordLimit) {

	private static final int DEFAULT_LIMIT = 1024 * 1024;

	static TextFile of(Resource resource) {
		Objects.requireNonNull(resource, "The resource to read is null");
		if (resource.isOpen()) {
			throw new IllegalArgumentException(
					"%s can be read only once, but every slice reads it: use a resource that ".formatted(
							resource.getDescription()) + "can be opened again, for example a FileSystemResource");
		}
		return new TextFile(resource.getDescription(), (offset) -> open(resource, offset), resource::contentLength,
				StandardCharsets.UTF_8, DEFAULT_LIMIT);
	}

	static TextFile of(OpenAt opener) {
		Objects.requireNonNull(opener, "The function that opens the file is null");
		return new TextFile("The file", opener, null, StandardCharsets.UTF_8, DEFAULT_LIMIT);
	}

	TextFile withLength(Length length) {
		Objects.requireNonNull(length, "The length is null");
		return new TextFile(this.name, this.opener, length, this.charset, this.recordLimit);
	}

	/**
	 * Return the file with another encoding. Records are found in bytes, so that line
	 * ends, delimiters and quotes must be the bytes they are in ASCII, and no others.
	 */
	TextFile withCharset(Charset charset) {
		Objects.requireNonNull(charset, "The charset is null");
		boolean bytesAreCharacters = charset.canEncode() && charset.newEncoder().maxBytesPerChar() == 1
				&& new String(ascii(), charset).equals(new String(ascii(), StandardCharsets.US_ASCII));
		if (!charset.equals(StandardCharsets.UTF_8) && !bytesAreCharacters) {
			throw new IllegalArgumentException(
					"A file in %s cannot be walked by bytes: UTF-8, US-ASCII and encodings of one ".formatted(charset)
							+ "byte, such as ISO-8859-1 or windows-1252, can. Convert it to UTF-8 first");
		}
		return new TextFile(this.name, this.opener, this.length, charset, this.recordLimit);
	}

	TextFile withRecordLimit(DataSize limit) {
		if (limit.toBytes() < 1 || limit.toBytes() > Integer.MAX_VALUE / 4) {
			throw new IllegalArgumentException(
					"A record's limit is from 1 byte to %d, not %s".formatted(Integer.MAX_VALUE / 4, limit));
		}
		return new TextFile(this.name, this.opener, this.length, this.charset, (int) limit.toBytes());
	}

	/**
	 * Open the file at a record.
	 * @param offset the offset of the record's first byte: 0, or that after a record
	 * @param wayOut what to do when a record is too long
	 */
	RecordReader open(long offset, String wayOut) throws IOException {
		if (offset < 0) {
			throw new IllegalStateException("%s has no offset %d".formatted(this.name, offset));
		}
		// From the byte before: at the end of a file, a range read has no range.
		RecordReader reader = new RecordReader(this, this.opener.open(Math.max(0, offset - 1)), Math.max(0, offset - 1),
				wayOut);
		try {
			if (offset == 0) {
				reader.skipByteOrderMark();
			}
			else {
				reader.skipToRecord();
			}
			return reader;
		}
		catch (IOException | RuntimeException ex) {
			try (reader) {
				throw ex;
			}
		}
	}

	IllegalStateException failure(String sentence) {
		return new IllegalStateException(this.name + " " + sentence);
	}

	private static InputStream open(Resource resource, long offset) throws IOException {
		ReadableByteChannel channel = resource.isFile() ? resource.readableChannel() : null;
		if (channel instanceof SeekableByteChannel file) {
			// A position after the end is allowed, and reads nothing.
			return Channels.newInputStream(file.position(offset));
		}
		InputStream stream = (channel != null) ? Channels.newInputStream(channel) : resource.getInputStream();
		try {
			stream.skipNBytes(offset);
			return stream;
		}
		catch (EOFException ex) {
			return stream;
		}
		catch (IOException | RuntimeException ex) {
			try (stream) {
				throw ex;
			}
		}
	}

	private static byte[] ascii() {
		byte[] ascii = new byte[128];
		for (int i = 0; i < ascii.length; i++) {
			ascii[i] = (byte) i;
		}
		return ascii;
	}

	/**
	 * Says how long a file is.
	 */
	@FunctionalInterface
	interface Length {

		long bytes() throws IOException;

	}

}
