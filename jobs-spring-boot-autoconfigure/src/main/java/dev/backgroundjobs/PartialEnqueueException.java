package dev.backgroundjobs;

import java.util.List;

/**
 * Some calls of an {@link JobDispatcher#enqueueAll enqueueAll} could not be sent. The
 * others were.
 */
public class PartialEnqueueException extends JobException {

	private final transient List<EnqueuedJob> enqueued;

	private final transient List<Failure> failed;

	/**
	 * Create an exception.
	 * @param enqueued what was enqueued
	 * @param failed what was not
	 */
	public PartialEnqueueException(List<EnqueuedJob> enqueued, List<Failure> failed) {
		super(failed.size() + " of " + (enqueued.size() + failed.size()) + " jobs could not be enqueued, the first: "
				+ failed.get(0).cause().getMessage(), failed.get(0).cause());
		this.enqueued = List.copyOf(enqueued);
		this.failed = List.copyOf(failed);
	}

	/**
	 * Return what was enqueued.
	 * @return the jobs, in the order of their calls
	 */
	public List<EnqueuedJob> enqueued() {
		return this.enqueued;
	}

	/**
	 * Return what was not enqueued.
	 * @return the calls with their causes, in their order
	 */
	public List<Failure> failed() {
		return this.failed;
	}

	/**
	 * A call that could not be sent.
	 *
	 * @param call the call
	 * @param cause why
	 */
	public record Failure(JobCall call, JobException cause) {
	}

}
