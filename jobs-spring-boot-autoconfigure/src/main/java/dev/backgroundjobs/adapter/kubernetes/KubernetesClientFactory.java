package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * Finds or creates the client when it is first needed: the application's own, or one that
 * finds the API server as the client's library does (service account, kubeconfig,
 * variables). Only what it has created is closed, with the application: after the phase
 * in which successors are sent. Safe for use by several threads.
 */
final class KubernetesClientFactory implements Supplier<KubernetesClient>, DisposableBean {

	private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

	// Whoever sends a successor tries again itself, as long as there is time.
	private static final int RETRIES = 2;

	private final Supplier<@Nullable KubernetesClient> applications;

	private @Nullable KubernetesClient client;

	private @Nullable KubernetesClient created;

	/**
	 * Create a factory.
	 * @param applications returns the application's client, or {@code null} when it has
	 * none or several
	 */
	KubernetesClientFactory(Supplier<@Nullable KubernetesClient> applications) {
		this.applications = applications;
	}

	@Override
	public synchronized KubernetesClient get() {
		KubernetesClient client = this.client;
		if (client == null) {
			client = this.applications.get();
			if (client == null) {
				client = create();
				this.created = client;
			}
			this.client = client;
		}
		return client;
	}

	private static KubernetesClient create() {
		Config config = new ConfigBuilder(Config.autoConfigure(null))
			.withConnectionTimeout((int) CONNECTION_TIMEOUT.toMillis())
			.withRequestTimeout((int) REQUEST_TIMEOUT.toMillis())
			.withRequestRetryBackoffLimit(RETRIES)
			.build();
		try {
			return new KubernetesClientBuilder().withConfig(config).build();
		}
		catch (KubernetesClientException ex) {
			throw new JobException("No client of Kubernetes can be made: " + ex.getMessage(), ex);
		}
	}

	@Override
	public synchronized void destroy() {
		if (this.created != null) {
			this.created.close();
		}
	}

}
