package dev.backgroundjobs.adapter.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.backgroundjobs.adapter.runonce.RunOnce;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages back from the Jobs they were sent as. Safe for use by several threads.
 */
final class KubernetesMessages {

	private final KubernetesApi api;

	KubernetesMessages(KubernetesApi api) {
		this.api = api;
	}

	/**
	 * Return the message of a Job.
	 * @return the message in the form in which it travels, or {@code null} when the Job
	 * has none
	 */
	byte @Nullable [] read(ObservedJob job) {
		PodSpec spec = job.job().getSpec().getTemplate().getSpec();
		for (Container container : spec.getContainers()) {
			String message = variable(container, RunOnce.MESSAGE);
			if (message != null) {
				return DollarSigns.halved(message).getBytes(StandardCharsets.UTF_8);
			}
			String file = variable(container, RunOnce.MESSAGE_FILE);
			if (file != null) {
				return read(job.namespace(), spec, container, file);
			}
		}
		return null;
	}

	/**
	 * Return the name of the container that runs the job, of several in a pod.
	 */
	static String container(PodSpec spec) {
		return spec.getContainers()
			.stream()
			.filter((container) -> variable(container, RunOnce.MESSAGE) != null
					|| variable(container, RunOnce.MESSAGE_FILE) != null)
			.findFirst()
			.orElseGet(() -> spec.getContainers().get(0))
			.getName();
	}

	private static @Nullable String variable(Container container, String name) {
		return container.getEnv()
			.stream()
			.filter((variable) -> name.equals(variable.getName()))
			.map(EnvVar::getValue)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private byte @Nullable [] read(String namespace, PodSpec spec, Container container, String file) {
		for (VolumeMount mount : container.getVolumeMounts()) {
			String directory = mount.getMountPath().replaceAll("/+$", "") + "/";
			SecretVolumeSource source = file.startsWith(directory) ? secret(spec, mount.getName()) : null;
			if (source != null) {
				Secret secret = this.api.findSecret(namespace, source.getSecretName());
				return (secret != null) ? read(secret, key(source, file.substring(directory.length()))) : null;
			}
		}
		return null;
	}

	private static @Nullable SecretVolumeSource secret(PodSpec spec, String volume) {
		return spec.getVolumes()
			.stream()
			.filter((each) -> volume.equals(each.getName()))
			.map(Volume::getSecret)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private static String key(SecretVolumeSource source, String path) {
		List<KeyToPath> items = source.getItems();
		return items.stream()
			.filter((item) -> path.equals(item.getPath()))
			.map(KeyToPath::getKey)
			.findFirst()
			.orElse(path);
	}

	private static byte @Nullable [] read(Secret secret, String key) {
		Map<String, String> text = secret.getStringData();
		if (text != null && text.containsKey(key)) {
			return text.get(key).getBytes(StandardCharsets.UTF_8);
		}
		String data = (secret.getData() != null) ? secret.getData().get(key) : null;
		return (data != null) ? Base64.getDecoder().decode(data) : null;
	}

}
