package dev.backgroundjobs.adapter.cloudtasks;

import com.google.cloud.tasks.v2.CloudTasksClient;
import dev.backgroundjobs.adapter.google.GoogleOidcProperties;
import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobTimeouts;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.JobDeliveryController;
import dev.backgroundjobs.message.JobMessageCodec;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the {@code cloud-tasks} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("cloud-tasks")
public final class CloudTasksJobAutoConfiguration {

	/**
	 * What needs Google's library. Whether it is there is asked only here, since asking
	 * loads a class of it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CloudTasksClient.class)
	@EnableConfigurationProperties(CloudTasksJobProperties.class)
	static class BackendConfiguration {

		@Bean
		CloudTasksClientFactory cloudTasksClientFactory(CloudTasksJobProperties properties) {
			return new CloudTasksClientFactory(properties.endpoint());
		}

		@Bean
		CloudTasksJobBackend cloudTasksJobBackend(CloudTasksClientFactory client, CloudTasksJobProperties properties,
				GoogleOidcProperties oidc, JobTimeouts timeouts, ObjectProvider<CloudTasksJobCustomizer> customizers,
				JobMessageCodec codec, ObjectProvider<BackendRequests> requests) {
			CloudTasksTasks tasks = new CloudTasksTasks(properties, oidc.audience(), timeouts,
					customizers.orderedStream().toList());
			return new CloudTasksJobBackend(client, tasks, codec, requests.getIfAvailable(() -> BackendRequests.NONE),
					properties.concurrency());
		}

		@Bean
		CloudTasksProblems cloudTasksProblems(CloudTasksJobProperties properties, GoogleOidcProperties oidc,
				JobTimeouts timeouts, ObjectProvider<JobDeliveryController> endpoint,
				ObjectProvider<DeliveryAuthenticator> authenticators, JobMessageCodec codec) {
			return new CloudTasksProblems(
					properties, timeouts, () -> endpoint.getIfAvailable() != null
							&& authenticators.stream().findAny().isEmpty() && !codec.acceptsSignatures(),
					() -> oidc.audience() != null && !codec.signs());
		}

	}

}
