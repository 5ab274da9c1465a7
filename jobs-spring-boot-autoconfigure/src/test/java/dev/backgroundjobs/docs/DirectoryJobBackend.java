package dev.backgroundjobs.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;

/**
 * Puts each message into a file.
 */
final class DirectoryJobBackend implements JobBackend {

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxDelay(BackendCapabilities.UNLIMITED)
		.withDurable()
		.withHoldsDeadLetters();

	private final JobDirectory directory;

	private final JobMessageCodec codec;

	DirectoryJobBackend(JobDirectory directory, JobMessageCodec codec) {
		this.directory = directory;
		this.codec = codec;
	}

	@Override
	public String name() {
		return "directory";
	}

	@Override
	public String enqueue(JobMessage message) {
		return enqueueAt(message, message.enqueuedAt());
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		boolean isDeadCopy = !message.destination().equals(message.queue());
		JobFile file = new JobFile(time, 0, message.deliveryKey().replace(':', '-'));
		try {
			this.directory.write(isDeadCopy ? "kept-" + message.destination() : "waiting", file,
					this.codec.encode(message).bytes());
			return file.name();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

}
