package dev.backgroundjobs.adapter.kubernetes;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.jspecify.annotations.Nullable;

/**
 * What a Job is known by, whatever else is changed about it.
 *
 * @param name its name
 * @param namespace its namespace
 * @param labels its labels, and those of its pods
 * @param annotations its annotations, and those of its pods
 * @param runAt when it is to be resumed, or {@code null}
 */
record JobIdentity(String name, String namespace, Map<String, String> labels, Map<String, String> annotations,
		@Nullable Instant runAt) {

	static JobIdentity of(JobMessage message, String namespace, @Nullable Instant runAt) {
		Map<String, String> labels = new LinkedHashMap<>();
		labels.put(KubernetesNames.MANAGED_BY, KubernetesNames.MANAGED_BY_VALUE);
		labels.put(KubernetesNames.ID, KubernetesNames.label(message.id()));
		labels.put(KubernetesNames.JOB, KubernetesNames.label(message.job()));
		labels.put(KubernetesNames.QUEUE, KubernetesNames.label(message.destination()));
		Map<String, String> annotations = new LinkedHashMap<>();
		annotations.put(KubernetesNames.JOB_NAME, message.job());
		annotations.put(KubernetesNames.SEQ, String.valueOf(message.seq()));
		annotations.put(KubernetesNames.ATTEMPT, String.valueOf(message.attempt()));
		return new JobIdentity(KubernetesNames.of(message), namespace, labels, annotations, runAt);
	}

	void write(Job job) {
		ObjectMeta metadata = job.getMetadata();
		metadata.setName(this.name);
		metadata.setNamespace(this.namespace);
		write(metadata);
		write(job.getSpec().getTemplate().getMetadata());
		if (this.runAt != null) {
			metadata.getAnnotations().put(KubernetesNames.RUN_AT, this.runAt.toString());
		}
		else {
			metadata.getAnnotations().remove(KubernetesNames.RUN_AT);
		}
	}

	private void write(ObjectMeta metadata) {
		metadata.setLabels(JobDraft.merged(metadata.getLabels(), this.labels));
		metadata.setAnnotations(JobDraft.merged(metadata.getAnnotations(), this.annotations));
	}

}
