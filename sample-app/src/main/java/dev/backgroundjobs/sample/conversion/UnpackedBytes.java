package dev.backgroundjobs.sample.conversion;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts the bytes several streams really yield, whatever an archive's index claims, and
 * stops at a limit.
 */
class UnpackedBytes {

	private long left;

	UnpackedBytes(long limit) {
		this.left = limit;
	}

	InputStream count(InputStream in) {
		return new FilterInputStream(in) {

			@Override
			public int read() throws IOException {
				int value = super.read();
				take((value < 0) ? 0 : 1);
				return value;
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				int count = super.read(bytes, offset, length);
				take(Math.max(count, 0));
				return count;
			}

		};
	}

	private void take(int count) throws TooManyException {
		this.left -= count;
		if (this.left < 0) {
			throw new TooManyException();
		}
	}

	static class TooManyException extends IOException {

	}

}
