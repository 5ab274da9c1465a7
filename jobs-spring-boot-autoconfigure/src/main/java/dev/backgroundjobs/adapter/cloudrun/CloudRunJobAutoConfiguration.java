package dev.backgroundjobs.adapter.cloudrun;

import java.time.Instant;

import com.google.cloud.run.v2.JobsClient;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobTimeouts;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.autoconfigure.JobsProperties;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.message.JobMessageCodec;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the {@code cloud-run} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("cloud-run")
public final class CloudRunJobAutoConfiguration {

	/**
	 * What needs Google's library. Whether it is there is asked only here, since asking
	 * loads a class of it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JobsClient.class)
	@EnableConfigurationProperties(CloudRunJobProperties.class)
	static class BackendConfiguration {

		@Bean
		CloudRunClientFactory cloudRunJobClientFactory(CloudRunJobProperties properties) {
			return new CloudRunClientFactory(properties.endpoint());
		}

		@Bean
		CloudRunQueues cloudRunJobQueues(CloudRunJobProperties properties) {
			return new CloudRunQueues(properties);
		}

		@Bean
		CloudRunExecutions cloudRunJobExecutions(CloudRunClientFactory client,
				ObjectProvider<BackendRequests> requests) {
			return new CloudRunExecutions(client::executions, requests.getIfAvailable(() -> BackendRequests.NONE));
		}

		@Bean
		CloudRunJobBackend cloudRunJobBackend(CloudRunClientFactory client, CloudRunQueues queues,
				CloudRunExecutions executions, CloudRunJobProperties properties, JobTimeouts timeouts,
				ObjectProvider<CloudRunJobCustomizer> customizers, JobMessageCodec codec,
				ObjectProvider<BackendRequests> requests) {
			return new CloudRunJobBackend(client::jobs, queues,
					new CloudRunRequests(timeouts, customizers.orderedStream().toList()), executions, codec,
					requests.getIfAvailable(() -> BackendRequests.NONE), properties.concurrency());
		}

		@Bean
		CloudRunTask cloudRunJobTask(Environment environment, CloudRunJobProperties properties,
				CloudRunExecutions executions, JobsClock clock, ApplicationContext context) {
			// This bean is among the last that are created: Cloud Run has counted all the
			// while.
			Instant now = clock.get().instant();
			Instant start = Instant.ofEpochMilli(context.getStartupDate());
			return new CloudRunTask(environment, properties, executions, start.isBefore(now) ? start : now);
		}

		@Bean
		CloudRunProblems cloudRunJobProblems(CloudRunJobProperties properties, CloudRunQueues queues, BackendJobs jobs,
				CloudRunTask task, JobsProperties jobsProperties) {
			return new CloudRunProblems(properties, queues, jobs, task, jobsProperties.maxRedeliveries());
		}

	}

}
