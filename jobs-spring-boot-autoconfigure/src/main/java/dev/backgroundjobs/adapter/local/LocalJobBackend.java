package dev.backgroundjobs.adapter.local;

import java.time.Instant;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.CancellableBackend;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.InspectableBackend;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;

/**
 * Keeps messages in this process's memory, for {@link LocalJobWorker}. A process that
 * ends forgets them.
 */
final class LocalJobBackend implements JobBackend, CancellableBackend, InspectableBackend {

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxDelay(BackendCapabilities.UNLIMITED)
		.withDeduplicates()
		.withPriorities();

	private final LocalQueues queues;

	private final LocalPlatformCheck platform;

	LocalJobBackend(LocalQueues queues, LocalPlatformCheck platform) {
		this.queues = queues;
		this.platform = platform;
	}

	@Override
	public String name() {
		return "local";
	}

	@Override
	public String enqueue(JobMessage message) {
		return enqueueAt(message, Instant.EPOCH);
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		this.platform.checkEnqueue(message);
		LocalEntry entry = new LocalEntry(message, time);
		// Our own keys are stopped when they are delivered, by the processor.
		if (message.seq() > 0) {
			this.queues.addSuccessor(entry);
			return message.deliveryKey();
		}
		String key = (message.deduplicationKey() != null) ? message.queue() + ":" + message.deduplicationKey() : null;
		if (!this.queues.add(entry, key)) {
			throw new DuplicateMessageException("A message with the key of " + message + " was enqueued before");
		}
		return message.deliveryKey();
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public boolean cancel(EnqueuedJob job) {
		return this.queues.cancel(job.id());
	}

	@Override
	public JobStatus status(EnqueuedJob job) {
		return this.queues.status(job.id());
	}

}
