package dev.backgroundjobs.dispatch;

import java.util.List;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobOperationNotSupportedException;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.backend.CancellableBackend;
import dev.backgroundjobs.backend.InspectableBackend;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.LoggedBackend;

/**
 * The {@link JobOperations}, by the optional abilities of backends.
 */
public final class DefaultJobOperations implements JobOperations {

	private final QueueRouter router;

	/**
	 * Create operations.
	 * @param router knows the backends
	 */
	public DefaultJobOperations(QueueRouter router) {
		this.router = router;
	}

	@Override
	public boolean cancel(EnqueuedJob job) {
		return ability(job, CancellableBackend.class, "cancel a job").cancel(job);
	}

	@Override
	public JobStatus status(EnqueuedJob job) {
		return ability(job, InspectableBackend.class, "tell the status of a job").status(job);
	}

	@Override
	public List<String> logs(EnqueuedJob job) {
		return ability(job, LoggedBackend.class, "show the log of a job").logs(job);
	}

	private <T> T ability(EnqueuedJob job, Class<T> type, String what) {
		JobBackend backend = this.router.route(job.queue()).backend();
		if (!type.isInstance(backend)) {
			throw new JobOperationNotSupportedException(
					"Backend '" + backend.name() + "' of queue '" + job.queue() + "' cannot " + what);
		}
		return type.cast(backend);
	}

}
