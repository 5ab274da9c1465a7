package dev.backgroundjobs.adapter.kubernetes;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import dev.backgroundjobs.autoconfigure.BackendJobs;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether what a Job asks for was replaced before, so that its message is not to
 * run again and its job is not dead: a process has died between the two. Safe for use by
 * several threads.
 */
final class KubernetesSuccessors {

	private final KubernetesApi api;

	private final KubernetesManifests manifests;

	private final BackendJobs jobs;

	KubernetesSuccessors(KubernetesApi api, KubernetesManifests manifests, BackendJobs jobs) {
		this.api = api;
		this.manifests = manifests;
		this.jobs = jobs;
	}

	/**
	 * Return whether there is a Job that replaces another, or keeps its message.
	 */
	boolean exist(ObservedJob job) {
		String id = job.id();
		if (id == null || job.queue().isEmpty()) {
			return false;
		}
		int seq = job.seq() + 1;
		String deadLetter = this.jobs.deadLetterOf(job.queue());
		return exists(this.manifests.namespace(job.queue()), KubernetesNames.of(job.jobName(), id, seq))
				|| (isHere(deadLetter) && exists(this.manifests.namespace(Objects.requireNonNull(deadLetter)),
						KubernetesNames.dead(job.jobName(), id, seq)));
	}

	// What is incomplete may never be more, and what is deleted before it has ended was
	// taken back: they replace nothing.
	private boolean exists(String namespace, String name) {
		ObservedJob job = this.api.find(namespace, name);
		return job != null && !job.isIncomplete() && (job.isFinished() || !job.isBeingDeleted());
	}

	private boolean isHere(@Nullable String queue) {
		return queue != null && this.jobs.backendOf(queue).equals(KubernetesJobBackend.NAME);
	}

	/**
	 * Return the namespaces in which messages are, dead ones among them.
	 */
	Set<String> namespaces() {
		Set<String> namespaces = new TreeSet<>(this.manifests.ownNamespaces());
		for (String queue : this.jobs.queuesOn(KubernetesJobBackend.NAME)) {
			namespaces.add(this.manifests.namespace(queue));
			String deadLetter = this.jobs.deadLetterOf(queue);
			if (isHere(deadLetter)) {
				namespaces.add(this.manifests.namespace(Objects.requireNonNull(deadLetter)));
			}
		}
		return namespaces;
	}

}
