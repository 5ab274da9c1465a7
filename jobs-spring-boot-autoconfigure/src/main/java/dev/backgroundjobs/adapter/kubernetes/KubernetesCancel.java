package dev.backgroundjobs.adapter.kubernetes;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobException;

/**
 * Takes a job back, whichever of its messages is waiting or running. Safe for use by
 * several threads.
 */
final class KubernetesCancel {

	private static final int LOOKS = 20;

	private static final long PAUSE_MILLIS = 100;

	private final KubernetesApi api;

	private final Clock clock;

	KubernetesCancel(KubernetesApi api, Clock clock) {
		this.api = api;
		this.clock = clock;
	}

	/**
	 * Mark and delete every unfinished Job, until there is none: a pod may have created
	 * another meanwhile. One that creates it later asks for its own Job then, and takes
	 * it back.
	 * @return whether there was one
	 */
	boolean cancel(String namespace, EnqueuedJob job) {
		boolean found = false;
		for (int look = 0; look < LOOKS; look++) {
			List<ObservedJob> unfinished = this.api
				.list(namespace, Map.of(KubernetesNames.ID, KubernetesNames.label(job.id())))
				.stream()
				.filter((each) -> !each.isFinished() && !each.isHeld())
				.toList();
			if (unfinished.isEmpty()) {
				return found;
			}
			found |= unfinished.stream().anyMatch((each) -> !each.isIncomplete());
			unfinished.stream().filter((each) -> !each.isBeingDeleted()).forEach(this::take);
			pause(job);
		}
		throw new JobException("Job '" + job.job() + "' " + job.id() + " is cancelled, and Kubernetes has not deleted "
				+ "all its Jobs in namespace '" + namespace + "' yet: nothing follows them, look again later");
	}

	private void take(ObservedJob job) {
		boolean isThere = this.api.annotate(job.namespace(), job.name(),
				Map.of(KubernetesNames.CANCELLED, this.clock.instant().toString()));
		if (isThere) {
			this.api.delete(job.namespace(), job.name());
		}
	}

	private static void pause(EnqueuedJob job) {
		try {
			TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new JobException("Interrupted while job " + job.id() + " was cancelled: some of it may be left", ex);
		}
	}

}
