package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.adapter.kubernetes.KubernetesPodProperties.RestartPolicy;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;

/**
 * Writes settings of Jobs and pods over what a Job has already.
 */
final class PodWriter {

	private PodWriter() {
	}

	static void write(KubernetesPodProperties settings, JobDraft draft) {
		for (ObjectMeta metadata : List.of(draft.metadata(), draft.podMetadata())) {
			metadata.setLabels(JobDraft.merged(metadata.getLabels(), settings.labels()));
			metadata.setAnnotations(JobDraft.merged(metadata.getAnnotations(), settings.annotations()));
		}
		writeJob(settings, draft.spec());
		writePod(settings, draft.pod());
	}

	private static void writeJob(KubernetesPodProperties settings, JobSpec spec) {
		if (settings.activeDeadline() != null) {
			spec.setActiveDeadlineSeconds(seconds(settings.activeDeadline()));
		}
		if (settings.backoffLimit() != null) {
			spec.setBackoffLimit(settings.backoffLimit());
		}
		if (settings.ttlAfterFinished() != null) {
			spec.setTtlSecondsAfterFinished(Math.toIntExact(seconds(settings.ttlAfterFinished())));
		}
		if (settings.suspend() != null) {
			spec.setSuspend(settings.suspend() ? true : null);
		}
	}

	private static void writePod(KubernetesPodProperties settings, PodSpec pod) {
		if (settings.serviceAccount() != null) {
			pod.setServiceAccountName(settings.serviceAccount());
			// The older name of the same field.
			pod.setServiceAccount(null);
		}
		if (settings.restartPolicy() != null) {
			pod.setRestartPolicy((settings.restartPolicy() == RestartPolicy.NEVER) ? "Never" : "OnFailure");
		}
		if (settings.terminationGracePeriod() != null) {
			pod.setTerminationGracePeriodSeconds(seconds(settings.terminationGracePeriod()));
		}
		pod.setNodeSelector(JobDraft.merged(pod.getNodeSelector(), settings.nodeSelector()));
		pod.setImagePullSecrets(JobDraft.merged(pod.getImagePullSecrets(),
				settings.imagePullSecrets().stream().map(LocalObjectReference::new).toList(),
				LocalObjectReference::getName));
		// One taint may be tolerated with several effects.
		pod.setTolerations(JobDraft.replaced(pod.getTolerations(),
				settings.tolerations().stream().map(PodWriter::toleration).toList(),
				(toleration) -> String.valueOf(toleration.getKey())));
		pod.setVolumes(JobDraft.merged(pod.getVolumes(), settings.volumes().stream().map(PodWriter::volume).toList(),
				Volume::getName));
	}

	private static Toleration toleration(KubernetesPodProperties.Toleration settings) {
		return new Toleration(settings.effect(), settings.key(), settings.operator(), settings.seconds(),
				settings.value());
	}

	private static Volume volume(KubernetesPodProperties.Volume settings) {
		VolumeBuilder volume = new VolumeBuilder().withName(settings.name());
		if (settings.configMap() != null) {
			volume.withNewConfigMap().withName(settings.configMap()).endConfigMap();
		}
		if (settings.secret() != null) {
			volume.withNewSecret().withSecretName(settings.secret()).endSecret();
		}
		if (settings.persistentVolumeClaim() != null) {
			volume.withNewPersistentVolumeClaim()
				.withClaimName(settings.persistentVolumeClaim())
				.withReadOnly(settings.readOnly() ? true : null)
				.endPersistentVolumeClaim();
		}
		if (settings.emptyDir()) {
			volume.withNewEmptyDir().endEmptyDir();
		}
		return volume.build();
	}

	/**
	 * A time as Kubernetes takes it, rounded up.
	 */
	static long seconds(Duration duration) {
		return duration.plusSeconds(1).minusNanos(1).toSeconds();
	}

}
