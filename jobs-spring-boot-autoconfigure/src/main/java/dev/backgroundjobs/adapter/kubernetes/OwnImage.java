package dev.backgroundjobs.adapter.kubernetes;

import java.util.List;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The image of the pod that this application runs in, asked for when it is first needed.
 * Safe for use by several threads.
 */
final class OwnImage {

	private final Supplier<KubernetesClient> client;

	private final Environment environment;

	private volatile @Nullable Pod pod;

	OwnImage(Supplier<KubernetesClient> client, Environment environment) {
		this.client = client;
		this.environment = environment;
	}

	/**
	 * Whether this application runs in a pod.
	 */
	static boolean isInPod(Environment environment) {
		return StringUtils.hasText(environment.getProperty("KUBERNETES_SERVICE_HOST"));
	}

	/**
	 * Return the image.
	 * @param queue the queue that a Job is for
	 * @param container the name of the container, where there are several
	 * @throws JobException when there is no pod, or it cannot be read
	 */
	String get(String queue, String container) {
		Pod own = this.pod;
		if (own == null) {
			own = read(queue);
			this.pod = own;
		}
		List<Container> containers = own.getSpec().getContainers();
		for (Container candidate : containers) {
			if (candidate.getName().equals(container) || containers.size() == 1) {
				return candidate.getImage();
			}
		}
		throw new JobException("Queue '" + queue + "' has no image, and this pod has containers "
				+ containers.stream().map(Container::getName).toList()
				+ ": name this application's in 'jobs.kubernetes.container', or set 'jobs.kubernetes.image'");
	}

	private Pod read(String queue) {
		String missing = "Queue '" + queue + "' has no image";
		if (!isInPod(this.environment)) {
			throw new JobException(missing + ", and this application runs in no pod to take it from: set "
					+ "'jobs.kubernetes.image'");
		}
		String name = this.environment.getProperty("POD_NAME", "");
		name = name.isBlank() ? this.environment.getProperty("HOSTNAME", "") : name;
		Pod found = null;
		try {
			KubernetesClient client = this.client.get();
			if (!name.isBlank()) {
				found = client.pods().inNamespace(Namespaces.of(client)).withName(name.strip()).get();
			}
		}
		catch (KubernetesClientException ex) {
			throw new JobException(missing + ", and pod '" + name + "' of this application cannot be read ("
					+ ((ex.getCode() > 0) ? String.valueOf(ex.getCode()) : String.valueOf(ex.getMessage()))
					+ "): allow its service account to get pods, or set 'jobs.kubernetes.image'", ex);
		}
		if (found == null || found.getSpec() == null) {
			throw new JobException(missing + ", and there is no pod '" + name + "' to take it from: set "
					+ "'jobs.kubernetes.image', or POD_NAME from the pod's field metadata.name");
		}
		return found;
	}

}
