package dev.backgroundjobs.kubelet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * Makes the process of a pod's only container: command, variables and files. Volumes are
 * directories of the test; what names the path of a mount names the directory instead.
 */
final class ContainerStart {

	private final KubernetesClient client;

	private final Pod pod;

	private final Path directory;

	private final Map<String, String> paths = new LinkedHashMap<>();

	ContainerStart(KubernetesClient client, Pod pod, Path directory) {
		this.client = client;
		this.pod = pod;
		this.directory = directory;
	}

	/**
	 * Make the process.
	 * @param entryPoint of the image
	 * @param cluster the variables that every container of the cluster has
	 */
	ProcessBuilder process(List<String> entryPoint, Map<String, String> cluster) throws IOException {
		Container container = container();
		mount(container);
		Map<String, String> variables = variables(container, cluster);
		List<String> command = new ArrayList<>(container.getCommand().isEmpty() ? entryPoint : List.of());
		container.getCommand().forEach((part) -> command.add(mapped(Expansion.expand(part, variables))));
		container.getArgs().forEach((part) -> command.add(mapped(Expansion.expand(part, variables))));
		ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("log").toFile());
		process.environment().clear();
		process.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
		process.environment().putAll(variables);
		return process;
	}

	Container container() {
		return this.pod.getSpec().getContainers().get(0);
	}

	private void mount(Container container) throws IOException {
		for (VolumeMount mount : container.getVolumeMounts()) {
			Volume volume = this.pod.getSpec()
				.getVolumes()
				.stream()
				.filter((each) -> each.getName().equals(mount.getName()))
				.findFirst()
				.orElseThrow(() -> new IllegalStateException("Volume '" + mount.getName() + "' is not in the pod"));
			Path files = Files.createDirectories(this.directory.resolve("volume-" + volume.getName()));
			if (volume.getSecret() != null) {
				for (Map.Entry<String, String> entry : secret(volume.getSecret().getSecretName()).entrySet()) {
					Files.writeString(files.resolve(entry.getKey()), entry.getValue());
				}
			}
			else if (volume.getConfigMap() != null) {
				for (Map.Entry<String, String> entry : configMap(volume.getConfigMap().getName()).entrySet()) {
					Files.writeString(files.resolve(entry.getKey()), entry.getValue());
				}
			}
			this.paths.put(mount.getMountPath(), files.toString());
		}
	}

	private Map<String, String> variables(Container container, Map<String, String> cluster) {
		Map<String, String> variables = new LinkedHashMap<>(cluster);
		variables.put("KUBERNETES_NAMESPACE", namespace());
		variables.put("HOSTNAME", this.pod.getMetadata().getName());
		for (EnvFromSource source : container.getEnvFrom()) {
			variables.putAll((source.getSecretRef() != null) ? secret(source.getSecretRef().getName())
					: configMap(source.getConfigMapRef().getName()));
		}
		for (EnvVar variable : container.getEnv()) {
			String value = (variable.getValueFrom() != null) ? value(variable.getValueFrom())
					: Expansion.expand((variable.getValue() != null) ? variable.getValue() : "", variables);
			variables.put(variable.getName(), mapped(value));
		}
		return variables;
	}

	private String value(EnvVarSource source) {
		if (source.getSecretKeyRef() != null) {
			return secret(source.getSecretKeyRef().getName()).get(source.getSecretKeyRef().getKey());
		}
		if (source.getConfigMapKeyRef() != null) {
			return configMap(source.getConfigMapKeyRef().getName()).get(source.getConfigMapKeyRef().getKey());
		}
		String field = source.getFieldRef().getFieldPath();
		return switch (field) {
			case "metadata.name" -> this.pod.getMetadata().getName();
			case "metadata.namespace" -> this.pod.getMetadata().getNamespace();
			case "metadata.uid" -> this.pod.getMetadata().getUid();
			default -> label(field);
		};
	}

	private String label(String field) {
		if (!field.matches("metadata\\.labels\\['.+']")) {
			throw new IllegalStateException("This double knows no field " + field);
		}
		return this.pod.getMetadata()
			.getLabels()
			.get(field.substring("metadata.labels['".length(), field.length() - 2));
	}

	private String mapped(String text) {
		for (Map.Entry<String, String> path : this.paths.entrySet()) {
			if (text.equals(path.getKey()) || text.startsWith(path.getKey() + "/")) {
				return path.getValue() + text.substring(path.getKey().length());
			}
		}
		return text;
	}

	private Map<String, String> secret(String name) {
		Secret secret = this.client.secrets().inNamespace(namespace()).withName(name).require();
		Map<String, String> values = new LinkedHashMap<>();
		if (secret.getData() != null) {
			secret.getData()
				.forEach((key, value) -> values.put(key,
						new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
		}
		if (secret.getStringData() != null) {
			values.putAll(secret.getStringData());
		}
		return values;
	}

	private Map<String, String> configMap(String name) {
		ConfigMap map = this.client.configMaps().inNamespace(namespace()).withName(name).require();
		return (map.getData() != null) ? map.getData() : Map.of();
	}

	private String namespace() {
		return this.pod.getMetadata().getNamespace();
	}

}
