package dev.backgroundjobs.adapter.inline;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Runs a message at once, on the thread that enqueues it, through the same bytes as every
 * backend.
 */
final class InlineJobBackend implements JobBackend {

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none().withComparesArguments();

	private final JobMessageCodec codec;

	private final ObjectProvider<DeliveryProcessor> processor;

	private final BooleanSupplier afterCommit;

	// Successors of the message that this thread runs: they come after it, not within it.
	// Two contexts on one thread must not mix theirs, so it is no static field.
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<@Nullable Deque<JobMessage>> successors = new ThreadLocal<>();

	/**
	 * Create a backend.
	 * @param codec encodes messages
	 * @param processor runs them
	 * @param afterCommit tells whether the thread is within the commit of a transaction
	 */
	InlineJobBackend(JobMessageCodec codec, ObjectProvider<DeliveryProcessor> processor, BooleanSupplier afterCommit) {
		this.afterCommit = afterCommit;
		this.codec = codec;
		this.processor = processor;
	}

	@Override
	public String name() {
		return "inline";
	}

	@Override
	public String enqueue(JobMessage message) {
		return this.afterCommit.getAsBoolean() ? onThreadOfItsOwn(message) : enqueueHere(message);
	}

	// After a commit the transaction is still bound to this thread: a transactional job
	// would join it, and what it writes would be neither committed nor rolled back.
	private String onThreadOfItsOwn(JobMessage message) {
		FutureTask<String> task = new FutureTask<>(() -> enqueueHere(message));
		Thread thread = new Thread(task, "jobs-inline");
		thread.start();
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return task.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException failure) ? failure
					: new JobException(message + " could not be run inline", ex.getCause());
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private String enqueueHere(JobMessage message) {
		Deque<JobMessage> outer = this.successors.get();
		if (outer != null && message.seq() > 0) {
			outer.add(message);
			return message.deliveryKey();
		}
		// The caller's interrupt is neither the job's nor lost with it.
		boolean interrupted = Thread.interrupted();
		Deque<JobMessage> pending = new ArrayDeque<>();
		this.successors.set(pending);
		try {
			for (JobMessage next = message; next != null; next = pending.poll()) {
				run(next);
			}
		}
		finally {
			this.successors.set(outer);
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
		return message.deliveryKey();
	}

	private void run(JobMessage message) {
		Settlement settlement = this.processor.getObject()
			.process(Delivery.pulled(this.codec.encode(message).bytes(), "inline", false, 0));
		if (!settlement.isAcknowledged()) {
			throw new JobException(message + " could not be run inline: " + settlement + ", see the log");
		}
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		throw new SchedulingNotSupportedException("Backend 'inline' runs jobs at once");
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

}
