package dev.backgroundjobs.adapter.kubernetes;

import java.util.function.Supplier;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The namespaces of queues. Safe for use by several threads.
 */
final class Namespaces {

	private final PodLayers layers;

	private final Supplier<KubernetesClient> client;

	Namespaces(PodLayers layers, Supplier<KubernetesClient> client) {
		this.layers = layers;
		this.client = client;
	}

	/**
	 * Return the namespace of a queue's Jobs.
	 */
	String of(String queue) {
		PodLayer layer = this.layers.queue(queue);
		String namespace = (layer != null) ? layer.settings().namespace() : null;
		return (namespace != null) ? namespace : common();
	}

	/**
	 * Return the namespace of queues that have none of their own.
	 */
	String common() {
		String namespace = this.layers.defaults().settings().namespace();
		return (namespace != null) ? namespace : of(this.client.get());
	}

	/**
	 * Return the namespace that a client is set up for.
	 */
	static String of(KubernetesClient client) {
		@Nullable String namespace = client.getNamespace();
		return StringUtils.hasText(namespace) ? namespace : "default";
	}

}
