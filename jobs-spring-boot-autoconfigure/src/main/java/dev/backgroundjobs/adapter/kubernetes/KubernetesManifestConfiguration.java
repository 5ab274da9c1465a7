package dev.backgroundjobs.adapter.kubernetes;

import java.util.function.Supplier;

import dev.backgroundjobs.autoconfigure.BackendJobs;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * What makes Jobs of messages, for the auto-configuration that sends them.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ KubernetesPodProperties.class, KubernetesJobProperties.class })
class KubernetesManifestConfiguration {

	@Bean
	PodLayers kubernetesPodLayers(KubernetesPodProperties defaults, KubernetesJobProperties properties,
			ConfigurableBeanFactory beanFactory) {
		return new PodLayers(defaults, properties, new PodAnnotations(beanFactory::resolveEmbeddedValue));
	}

	@Bean
	JobTemplates kubernetesJobTemplates() {
		return new JobTemplates();
	}

	@Bean
	JobManifests kubernetesJobManifests(PodLayers layers, JobTemplates templates, BackendJobs jobs,
			ObjectProvider<KubernetesJobCustomizer> customizers, Supplier<KubernetesClient> client,
			Environment environment) {
		return new JobManifests(layers, templates, jobs::find, customizers.orderedStream().toList(), client,
				environment);
	}

	@Bean
	KubernetesProblems kubernetesJobProblems(PodLayers layers, JobTemplates templates, BackendJobs jobs,
			Environment environment) {
		return new KubernetesProblems(layers, templates, () -> jobs.on("kubernetes"), environment);
	}

}
