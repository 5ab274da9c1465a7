package dev.backgroundjobs.adapter.kubernetes;

import java.util.HashMap;
import java.util.Map;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Creates the Job of a message, and the Secret of a large one.
 * <p>
 * A Secret can be owned only by a Job that is there, whose pod could start without it. So
 * the Job comes first, suspended and marked as incomplete, then the Secret with the Job
 * as its owner, then the mark goes. Whoever dies in between leaves a Job that counts for
 * nothing: nobody resumes it, no process takes it for the successor of its own message,
 * and a worker deletes it after a while, its Secret with it. Whoever sends the same
 * message again completes it. A Secret that came first would stay for ever, and to find
 * it would take the right to read all Secrets. Safe for use by several threads.
 */
final class KubernetesSender {

	// The controller of Jobs writes a new one's status, which takes the version away.
	private static final int TRIES = 10;

	private final KubernetesApi api;

	KubernetesSender(KubernetesApi api) {
		this.api = api;
	}

	/**
	 * Create what a message needs, or what is missing of it.
	 * @param bytes the bytes of the message, encoded
	 * @throws DuplicateMessageException when another message has the caller's key
	 */
	void send(KubernetesManifest manifest, JobMessage message, long bytes) {
		Job job = (message.target() != null) ? held(manifest.job(), message) : manifest.job();
		Secret secret = manifest.secret();
		ObservedJob created = this.api.create((secret != null) ? incomplete(job) : job, (secret != null) ? 0 : bytes);
		if (created == null) {
			created = existing(job, message);
			created = (secret == null && created.isIncomplete()) ? replaced(created, job, message, bytes) : created;
		}
		if (secret != null && created.isIncomplete()) {
			createSecret(created, secret, bytes);
			complete(created, job);
		}
	}

	// What a person can resume, and nobody else does.
	private static Job held(Job job, JobMessage message) {
		return new JobBuilder(job).editMetadata()
			.addToAnnotations(KubernetesNames.HELD_FOR, message.queue())
			.removeFromAnnotations(KubernetesNames.RUN_AT)
			.endMetadata()
			.editSpec()
			.withSuspend(true)
			.endSpec()
			.build();
	}

	private static Job incomplete(Job job) {
		return new JobBuilder(job).editMetadata()
			.addToAnnotations(KubernetesNames.INCOMPLETE, "true")
			.removeFromAnnotations(KubernetesNames.RUN_AT)
			.endMetadata()
			.editSpec()
			.withSuspend(true)
			.endSpec()
			.build();
	}

	private ObservedJob existing(Job job, JobMessage message) {
		String namespace = job.getMetadata().getNamespace();
		String name = job.getMetadata().getName();
		ObservedJob existing = this.api.find(namespace, name);
		if (existing == null || (existing.isBeingDeleted() && !existing.isFinished())) {
			throw new JobException("Job " + namespace + "/" + name + " of " + message
					+ " was there and is not, or the API server is busy with its name: send the message again");
		}
		// A caller's key: its own message may come again, any other is a duplicate.
		if (!KubernetesNames.label(message.id()).equals(existing.id())) {
			throw new DuplicateMessageException("Job " + existing.key() + " has the key of " + message);
		}
		return existing;
	}

	// What was too large for a variable the first time may not be now, and nobody would
	// complete the Job.
	private ObservedJob replaced(ObservedJob incomplete, Job job, JobMessage message, long bytes) {
		this.api.deleteIfUnchanged(incomplete);
		ObservedJob created = this.api.create(job, bytes);
		created = (created != null) ? created : existing(job, message);
		if (created.isIncomplete()) {
			throw new JobException("Job " + created.key() + " of " + message
					+ " is being created by another sender: send the message again");
		}
		return created;
	}

	private void createSecret(ObservedJob owner, Secret secret, long bytes) {
		String namespace = owner.namespace();
		String name = secret.getMetadata().getName();
		OwnerReference reference = new OwnerReferenceBuilder().withApiVersion("batch/v1")
			.withKind("Job")
			.withName(owner.name())
			.withUid(owner.job().getMetadata().getUid())
			.build();
		Secret owned = new SecretBuilder(secret).editMetadata().withOwnerReferences(reference).endMetadata().build();
		if (this.api.create(namespace, owned, bytes)) {
			return;
		}
		Secret taken = this.api.findSecret(namespace, name);
		boolean isOurs = taken != null && taken.getMetadata()
			.getOwnerReferences()
			.stream()
			.anyMatch((each) -> reference.getUid().equals(each.getUid()));
		if (!isOurs) {
			throw new JobException("Secret " + namespace + "/" + name + " is that of a Job of the same name that was "
					+ "deleted: Kubernetes deletes it in a moment, send the message again then");
		}
	}

	// Not without looking: who has completed it before may have had it run by now.
	private void complete(ObservedJob created, Job wanted) {
		ObservedJob job = created;
		for (int i = 0; i < TRIES && job != null && !job.isBeingDeleted(); i++) {
			if (!job.isIncomplete()) {
				return;
			}
			Map<String, @Nullable String> annotations = new HashMap<>();
			annotations.put(KubernetesNames.INCOMPLETE, null);
			String runAt = new ObservedJob(wanted).annotation(KubernetesNames.RUN_AT);
			if (runAt != null) {
				annotations.put(KubernetesNames.RUN_AT, runAt);
			}
			if (this.api.patchIfUnchanged(job, annotations, new ObservedJob(wanted).isSuspended()) != null) {
				return;
			}
			job = this.api.find(job.namespace(), job.name());
		}
		throw new JobException("Job " + created.key() + " was changed or deleted while its Secret was created: send "
				+ "the message again");
	}

}
