package dev.backgroundjobs.adapter.pubsub;

import java.util.function.Function;

import com.google.cloud.spring.pubsub.core.PubSubTemplate;
import com.google.cloud.spring.pubsub.support.SubscriberFactory;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.autoconfigure.WorkerThreads;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobDeliveryController;
import dev.backgroundjobs.message.JobMessageCodec;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the {@code pubsub} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("pubsub")
public final class PubSubJobAutoConfiguration {

	/**
	 * What needs Google's library. Whether it is there is asked only here, since asking
	 * loads a class of it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(PubSubTemplate.class)
	@EnableConfigurationProperties(PubSubJobProperties.class)
	static class BackendConfiguration {

		@Bean
		PubSubQueues pubSubJobQueues(PubSubJobProperties properties) {
			return new PubSubQueues(properties);
		}

		@Bean
		PubSubPublishers pubSubJobPublishers(PubSubQueues queues) {
			return new PubSubPublishers(queues);
		}

		@Bean
		PubSubJobBackend pubSubJobBackend(ObjectProvider<PubSubTemplate> template, PubSubQueues queues,
				JobMessageCodec codec, ObjectProvider<BackendRequests> requests) {
			return new PubSubJobBackend(template::getObject, queues, codec,
					requests.getIfAvailable(() -> BackendRequests.NONE));
		}

		@Bean
		PubSubJobWorker pubSubJobWorker(BackendJobs jobs, PubSubQueues queues, PubSubJobProperties properties,
				ObjectProvider<SubscriberFactory> subscribers, ObjectProvider<BackendRequests> requests,
				DeliveryProcessor processor, JobsClock clock, Environment environment) {
			Function<String, PubSubSubscription> subscriptions = (name) -> new PubSubSubscription(
					subscribers.getObject(), name, requests.getIfAvailable(() -> BackendRequests.NONE));
			return new PubSubJobWorker(jobs, queues, properties.worker(), subscriptions, processor, clock.get(),
					(prefix) -> WorkerThreads.factory(prefix, environment));
		}

		@Bean
		PubSubProblems pubSubProblems(PubSubJobProperties properties, PubSubQueues queues, BackendJobs jobs,
				ObjectProvider<PubSubTemplate> template, ObjectProvider<JobDeliveryController> endpoint,
				ObjectProvider<DeliveryAuthenticator> authenticators) {
			return new PubSubProblems(properties, queues, jobs, new PubSubProblems.Surroundings() {

				@Override
				public boolean hasTemplate() {
					return template.getIfAvailable() != null;
				}

				@Override
				public boolean hasEndpoint() {
					return endpoint.getIfAvailable() != null;
				}

				@Override
				public boolean endpointIsClosed() {
					return hasEndpoint() && authenticators.stream().findAny().isEmpty();
				}

			});
		}

	}

}
