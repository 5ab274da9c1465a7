package dev.backgroundjobs.autoconfigure;

import dev.backgroundjobs.execution.JobExecutor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meters of jobs, where Micrometer's metrics are there.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
public final class JobsMetricsAutoConfiguration {

	@Bean
	MicrometerJobMeters jobMeters(MeterRegistry registry, DeclaredJobs jobs, JobsProperties properties) {
		return new MicrometerJobMeters(registry, jobs, JobsAutoConfiguration.knownQueues(jobs, properties));
	}

	@Bean
	MeterBinder jobsRunningMeter(JobExecutor executor) {
		return (registry) -> Gauge.builder("jobs.running", executor, JobExecutor::running)
			.description("Runs that go on now")
			.register(registry);
	}

}
