package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.StringUtils;

/**
 * What Jobs and their pods are like, for all queues or for one. Whatever is not set comes
 * from the layer before: a template, the settings of all queues, those of one, and
 * {@link KubernetesJob} last. Maps and lists add up, by key or name; command and
 * arguments do not.
 *
 * @param namespace Namespace of Jobs. That of the kubeconfig or of this pod by default.
 * @param image Image of the container. That of the pod this application runs in by
 * default.
 * @param imagePullPolicy When the image is pulled.
 * @param imagePullSecrets Secrets to pull the image with.
 * @param command Command of the container in place of the image's entry point.
 * @param args Arguments of the command.
 * @param container Name of the container, in Jobs, in a template, and in the pod that
 * this application runs in.
 * @param serviceAccount Service account of pods.
 * @param cpuRequest CPU that is kept for the container, such as 500m.
 * @param cpuLimit CPU that the container may take at most.
 * @param memoryRequest Memory that is kept for the container, such as 512Mi.
 * @param memoryLimit Memory that the container may take at most.
 * @param env Environment variables.
 * @param envFromConfigMaps Config maps whose entries become environment variables.
 * @param envFromSecrets Secrets whose entries become environment variables.
 * @param labels Labels of Jobs and pods.
 * @param annotations Annotations of Jobs and pods.
 * @param nodeSelector Labels of the nodes that pods run on.
 * @param tolerations Taints of nodes that pods may run on all the same.
 * @param volumes Volumes with the place the container sees them at.
 * @param restartPolicy What follows a container that failed: another pod (never), or the
 * same container again (on-failure), where exit codes are not told apart.
 * @param activeDeadline Time after which a Job is stopped, all its pods together. Derived
 * from the timeout of the job by default.
 * @param backoffLimit How often Kubernetes starts another pod after a crash or a release.
 * @param ttlAfterFinished Time after which a finished Job is deleted, 1 day or more.
 * @param terminationGracePeriod Time between SIGTERM and SIGKILL. 10 s more than
 * spring.lifecycle.timeout-per-shutdown-phase by default.
 * @param suspend Whether Jobs are created suspended, for a person or Kueue to start.
 * @param template YAML file of a Job to start from.
 */
@ConfigurationProperties("jobs.kubernetes")
public record KubernetesPodProperties(@Nullable String namespace, @Nullable String image,
		@Nullable ImagePullPolicy imagePullPolicy, @DefaultValue List<String> imagePullSecrets,
		@DefaultValue List<String> command, @DefaultValue List<String> args, @Nullable String container,
		@Nullable String serviceAccount, @Nullable String cpuRequest, @Nullable String cpuLimit,
		@Nullable String memoryRequest, @Nullable String memoryLimit, @DefaultValue Map<String, String> env,
		@DefaultValue List<String> envFromConfigMaps, @DefaultValue List<String> envFromSecrets,
		@DefaultValue Map<String, String> labels, @DefaultValue Map<String, String> annotations,
		@DefaultValue Map<String, String> nodeSelector, @DefaultValue List<Toleration> tolerations,
		@DefaultValue List<Volume> volumes, @Nullable RestartPolicy restartPolicy, @Nullable Duration activeDeadline,
		@Nullable Integer backoffLimit, @Nullable Duration ttlAfterFinished, @Nullable Duration terminationGracePeriod,
		@Nullable Boolean suspend, @Nullable Resource template) {

	/**
	 * Create settings. What is blank counts as not set, as an empty environment variable
	 * does.
	 */
	public KubernetesPodProperties {
		namespace = text(namespace);
		image = text(image);
		container = text(container);
		serviceAccount = text(serviceAccount);
		cpuRequest = text(cpuRequest);
		cpuLimit = text(cpuLimit);
		memoryRequest = text(memoryRequest);
		memoryLimit = text(memoryLimit);
	}

	private static @Nullable String text(@Nullable String value) {
		return StringUtils.hasText(value) ? value.strip() : null;
	}

	/**
	 * When an image is pulled.
	 */
	public enum ImagePullPolicy {

		/** For every pod. */
		ALWAYS,

		/** Where a node does not have it. */
		IF_NOT_PRESENT,

		/** Not at all: nodes have it. */
		NEVER

	}

	/**
	 * What follows a container that failed.
	 */
	public enum RestartPolicy {

		/** Another pod. */
		NEVER,

		/** The same container in the same pod. */
		ON_FAILURE

	}

	/**
	 * A taint that is tolerated.
	 *
	 * @param key Key of the taint. All keys by default.
	 * @param operator How the value is compared, Equal or Exists.
	 * @param value Value of the taint.
	 * @param effect Effect of the taint, NoSchedule, PreferNoSchedule or NoExecute. All
	 * effects by default.
	 * @param seconds Seconds for which a taint NoExecute is tolerated. For ever by
	 * default.
	 */
	public record Toleration(@Nullable String key, @Nullable String operator, @Nullable String value,
			@Nullable String effect, @Nullable Long seconds) {
	}

	/**
	 * A volume with the place the container sees it at, from exactly one source.
	 *
	 * @param name Name of the volume.
	 * @param mountPath Path in the container.
	 * @param subPath Path in the volume.
	 * @param readOnly Whether the container cannot write to it.
	 * @param configMap Config map whose entries are the files.
	 * @param secret Secret whose entries are the files.
	 * @param persistentVolumeClaim Claim of a persistent volume.
	 * @param emptyDir Whether it is a directory of the pod's own, empty at first.
	 */
	public record Volume(@Nullable String name, @Nullable String mountPath, @Nullable String subPath,
			@DefaultValue("false") boolean readOnly, @Nullable String configMap, @Nullable String secret,
			@Nullable String persistentVolumeClaim, @DefaultValue("false") boolean emptyDir) {
	}

}
