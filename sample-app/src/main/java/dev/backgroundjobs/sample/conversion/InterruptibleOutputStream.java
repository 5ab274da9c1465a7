package dev.backgroundjobs.sample.conversion;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/**
 * Stops a conversion whose time is up, or that never ends: FOP itself does not look
 * whether its thread was interrupted.
 */
class InterruptibleOutputStream extends FilterOutputStream {

	private static final long MAX_BYTES = 500L * 1024 * 1024;

	private long written;

	InterruptibleOutputStream(OutputStream out) {
		super(new BufferedOutputStream(out));
	}

	@Override
	public void write(int value) throws IOException {
		check(1);
		this.out.write(value);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		check(length);
		this.out.write(bytes, offset, length);
	}

	private void check(int length) throws IOException {
		if (Thread.currentThread().isInterrupted()) {
			throw new InterruptedIOException("The conversion was interrupted");
		}
		this.written += length;
		if (this.written > MAX_BYTES) {
			throw new IOException("The PDF grows beyond " + MAX_BYTES / (1024 * 1024) + " MB");
		}
	}

}
