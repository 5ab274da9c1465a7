package dev.backgroundjobs.adapter.scheduler;

import dev.backgroundjobs.adapter.aws.AwsTarget;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.autoconfigure.JobsProperties;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.message.JobMessageCodec;
import software.amazon.awssdk.services.scheduler.SchedulerClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the {@code eventbridge-scheduler} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("eventbridge-scheduler")
public final class SchedulerJobAutoConfiguration {

	/**
	 * What needs the SDK. Whether it is there is asked only here, since asking loads a
	 * class of it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SchedulerClient.class)
	@EnableConfigurationProperties(SchedulerJobProperties.class)
	static class BackendConfiguration {

		@Bean
		SchedulerClientFactory schedulerJobClientFactory(SchedulerJobProperties properties,
				ObjectProvider<SchedulerJobCustomizer> customizers) {
			return new SchedulerClientFactory(properties, customizers.orderedStream().toList());
		}

		@Bean
		SchedulerTargets schedulerJobTargets(SchedulerJobProperties properties, ObjectProvider<AwsTarget> targets,
				BackendJobs jobs) {
			return new SchedulerTargets(properties, () -> targets.orderedStream().toList(), jobs);
		}

		@Bean
		SchedulerJobBackend schedulerJobBackend(SchedulerClientFactory client, SchedulerJobProperties properties,
				SchedulerTargets targets, JobsClock clock, JobMessageCodec codec,
				ObjectProvider<BackendRequests> requests) {
			return new SchedulerJobBackend(client, new SchedulerSchedules(properties, targets, clock.get()),
					new SchedulerFailures(client::hasCredentials), codec,
					requests.getIfAvailable(() -> BackendRequests.NONE));
		}

		@Bean
		SchedulerProblems schedulerJobProblems(SchedulerJobProperties properties, JobsProperties jobs,
				SchedulerTargets targets) {
			return new SchedulerProblems(properties, jobs, targets);
		}

	}

}
