package dev.backgroundjobs.adapter.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.adapter.kubernetes.KubernetesPodProperties.ImagePullPolicy;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Writes settings of the container over what it has already.
 */
final class ContainerWriter {

	private ContainerWriter() {
	}

	static void write(KubernetesPodProperties settings, Container container) {
		if (settings.image() != null) {
			container.setImage(settings.image());
		}
		if (settings.imagePullPolicy() != null) {
			container.setImagePullPolicy(policy(settings.imagePullPolicy()));
		}
		if (!settings.command().isEmpty()) {
			container.setCommand(new ArrayList<>(settings.command()));
			// Those were for another command.
			container.setArgs(new ArrayList<>());
		}
		if (!settings.args().isEmpty()) {
			container.setArgs(new ArrayList<>(settings.args()));
		}
		List<EnvVar> env = new ArrayList<>();
		settings.env().forEach((name, value) -> env.add(env(name, value)));
		container.setEnv(JobDraft.merged(container.getEnv(), env, EnvVar::getName));
		container.setEnvFrom(JobDraft.merged(container.getEnvFrom(), envFrom(settings), ContainerWriter::source));
		writeResources(settings, container);
		// One volume may be seen at several places.
		container
			.setVolumeMounts(JobDraft.replaced(container.getVolumeMounts(), mounts(settings), VolumeMount::getName));
	}

	static EnvVar env(String name, String value) {
		return new EnvVarBuilder().withName(name).withValue(value).build();
	}

	private static String policy(ImagePullPolicy policy) {
		return switch (policy) {
			case ALWAYS -> "Always";
			case IF_NOT_PRESENT -> "IfNotPresent";
			case NEVER -> "Never";
		};
	}

	private static List<EnvFromSource> envFrom(KubernetesPodProperties settings) {
		List<EnvFromSource> sources = new ArrayList<>();
		for (String name : settings.envFromConfigMaps()) {
			sources.add(new EnvFromSourceBuilder().withNewConfigMapRef().withName(name).endConfigMapRef().build());
		}
		for (String name : settings.envFromSecrets()) {
			sources.add(new EnvFromSourceBuilder().withNewSecretRef().withName(name).endSecretRef().build());
		}
		return sources;
	}

	// A source may be there twice, with two prefixes.
	private static String source(EnvFromSource source) {
		String prefix = (source.getPrefix() != null) ? source.getPrefix() + ":" : ":";
		return (source.getSecretRef() != null) ? "secret:" + prefix + source.getSecretRef().getName() : "config-map:"
				+ prefix + ((source.getConfigMapRef() != null) ? source.getConfigMapRef().getName() : "");
	}

	private static void writeResources(KubernetesPodProperties settings, Container container) {
		ResourceRequirements resources = container.getResources();
		if (resources == null) {
			resources = new ResourceRequirements();
		}
		Map<String, Quantity> requests = new LinkedHashMap<>(resources.getRequests());
		add(requests, "cpu", settings.cpuRequest());
		add(requests, "memory", settings.memoryRequest());
		resources.setRequests(requests);
		Map<String, Quantity> limits = new LinkedHashMap<>(resources.getLimits());
		add(limits, "cpu", settings.cpuLimit());
		add(limits, "memory", settings.memoryLimit());
		resources.setLimits(limits);
		boolean isEmpty = requests.isEmpty() && limits.isEmpty() && resources.getClaims().isEmpty();
		container.setResources(isEmpty ? null : resources);
	}

	private static void add(Map<String, Quantity> quantities, String resource, @Nullable String value) {
		if (value != null) {
			quantities.put(resource, Quantity.parse(value));
		}
	}

	private static List<VolumeMount> mounts(KubernetesPodProperties settings) {
		return settings.volumes()
			.stream()
			.map((volume) -> new VolumeMountBuilder().withName(volume.name())
				.withMountPath(volume.mountPath())
				.withSubPath(volume.subPath())
				.withReadOnly(volume.readOnly() ? true : null)
				.build())
			.toList();
	}

}
