package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the {@code kubernetes} backend besides those of
 * {@link KubernetesPodProperties}. Connection and credentials are those of the client's
 * usual sources: the pod's service account, the kubeconfig, {@code KUBERNETES_MASTER}.
 *
 * @param worker Settings of what looks after Jobs: resumes delayed ones when they are
 * due, and reports failed ones as dead.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs.kubernetes")
public record KubernetesJobProperties(@DefaultValue Worker worker,
		@DefaultValue Map<String, KubernetesPodProperties> queues) {

	/**
	 * Settings of what looks after Jobs.
	 *
	 * @param enabled Whether this application looks after Jobs.
	 * @param interval Time between two looks at all Jobs, besides the watch.
	 */
	public record Worker(@DefaultValue("true") boolean enabled, @DefaultValue("30s") Duration interval) {
	}

}
