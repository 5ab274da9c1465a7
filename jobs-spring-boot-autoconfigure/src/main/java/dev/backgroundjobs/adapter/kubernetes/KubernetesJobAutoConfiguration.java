package dev.backgroundjobs.adapter.kubernetes;

import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobMessages;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.autoconfigure.WorkerThreads;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessageCodec;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the {@code kubernetes} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("kubernetes")
public final class KubernetesJobAutoConfiguration {

	/**
	 * What needs the client's library. Whether it is there is asked only here, since
	 * asking loads a class of it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(KubernetesClient.class)
	@Import(KubernetesManifestConfiguration.class)
	static class BackendConfiguration {

		@Bean
		KubernetesClientFactory kubernetesJobClientFactory(ObjectProvider<KubernetesClient> client) {
			return new KubernetesClientFactory(client::getIfUnique);
		}

		@Bean
		KubernetesApi kubernetesJobApi(KubernetesClientFactory client, ObjectProvider<BackendRequests> requests) {
			return new KubernetesApi(client, requests.getIfAvailable(() -> BackendRequests.NONE));
		}

		@Bean
		KubernetesSuccessors kubernetesJobSuccessors(KubernetesApi api, KubernetesManifests manifests,
				BackendJobs jobs) {
			return new KubernetesSuccessors(api, manifests, jobs);
		}

		@Bean
		KubernetesPod kubernetesJobPod(KubernetesApi api, KubernetesSuccessors successors, Environment environment) {
			return new KubernetesPod(api, successors, environment.getProperty(KubernetesNames.NAMESPACE_VARIABLE),
					environment.getProperty(KubernetesNames.JOB_VARIABLE));
		}

		@Bean
		KubernetesManifestText kubernetesJobManifestText(KubernetesManifests manifests, JobMessageCodec codec) {
			return new KubernetesManifestText(manifests, codec);
		}

		@Bean
		KubernetesJobs kubernetesJobs(KubernetesApi api, KubernetesManifests manifests, KubernetesManifestText text,
				ObjectProvider<JobMessages> messages, JobsClock clock) {
			return new KubernetesJobs(api, manifests, text, messages::getObject, clock.get());
		}

		@Bean
		KubernetesJobBackend kubernetesJobBackend(KubernetesApi api, KubernetesManifests manifests, KubernetesPod pod,
				KubernetesJobs jobs, JobMessageCodec codec) {
			return new KubernetesJobBackend(manifests, new KubernetesSender(api), pod, jobs, codec);
		}

		@Bean
		DelayedJobs kubernetesDelayedJobs(KubernetesApi api, JobsClock clock) {
			return new DelayedJobs(api, clock.get());
		}

		@Bean
		DeadJobs kubernetesDeadJobs(KubernetesApi api, KubernetesSuccessors successors, BackendJobs jobs,
				DeliveryProcessor processor, JobsClock clock) {
			return new DeadJobs(api, new KubernetesMessages(api), successors, jobs, processor, clock.get());
		}

		@Bean
		KubernetesJobWorker kubernetesJobWorker(KubernetesJobProperties properties, KubernetesApi api,
				KubernetesSuccessors successors, DelayedJobs delayed, DeadJobs dead, JobsClock clock,
				Environment environment) {
			return new KubernetesJobWorker(properties.worker(), api, successors, delayed, dead, clock.get(),
					(prefix) -> WorkerThreads.factory(prefix, environment));
		}

	}

}
