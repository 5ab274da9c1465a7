package dev.backgroundjobs.adapter.sqs;

import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.autoconfigure.WorkerThreads;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessageCodec;
import software.amazon.awssdk.services.sqs.SqsClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the {@code sqs} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("sqs")
public final class SqsJobAutoConfiguration {

	/**
	 * What needs Amazon's library. Whether it is there is asked only here, since asking
	 * loads a class of it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SqsClient.class)
	@EnableConfigurationProperties(SqsJobProperties.class)
	static class BackendConfiguration {

		@Bean
		SqsClients sqsJobClients(SqsJobProperties properties, ObjectProvider<SqsJobCustomizer> customizers) {
			return new SqsClients(properties, customizers.orderedStream().toList());
		}

		@Bean
		SqsFailures sqsJobFailures(SqsClients clients) {
			return new SqsFailures(clients::hasCredentials, SqsEntry.PATIENCE);
		}

		@Bean
		SqsQueues sqsJobQueues(SqsJobProperties properties, SqsClients clients, SqsFailures failures, BackendJobs jobs,
				ObjectProvider<BackendRequests> requests) {
			return new SqsQueues(properties,
					new SqsQueue.Surroundings(clients, failures, new SqsQueueCheck(jobs, properties.worker().enabled()),
							requests.getIfAvailable(() -> BackendRequests.NONE)));
		}

		@Bean
		SqsJobBackend sqsJobBackend(SqsClients clients, SqsJobProperties properties, SqsQueues queues,
				SqsFailures failures, JobMessageCodec codec, ObjectProvider<BackendRequests> requests,
				JobsClock clock) {
			return new SqsJobBackend(clients, properties.batch().enabled() ? clients::batchManager : null, queues,
					failures, codec, requests.getIfAvailable(() -> BackendRequests.NONE), clock.get());
		}

		@Bean
		SqsTarget sqsJobTarget(SqsQueues queues) {
			return new SqsTarget(queues);
		}

		@Bean
		SqsJobWorker sqsJobWorker(SqsClients clients, SqsQueues queues, SqsJobProperties properties, BackendJobs jobs,
				DeliveryProcessor processor, ObjectProvider<BackendRequests> requests, JobsClock clock,
				Environment environment) {
			SqsWorkerQueues asked = new SqsWorkerQueues(() -> jobs.queuesOn(SqsJobBackend.NAME), queues::url,
					queues::isFifo, queues::concurrency, queues::hasRedrivePolicy);
			return new SqsJobWorker(asked, properties.worker(), clients,
					requests.getIfAvailable(() -> BackendRequests.NONE), processor, clock.get(),
					(prefix) -> WorkerThreads.factory(prefix, environment));
		}

		@Bean
		LambdaVisibility lambdaSqsVisibility(SqsClients clients) {
			return new LambdaVisibility(clients);
		}

		@Bean
		SqsProblems sqsJobProblems(SqsJobProperties properties, BackendJobs jobs) {
			return new SqsProblems(properties, jobs);
		}

	}

}
