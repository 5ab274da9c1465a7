package dev.backgroundjobs.autoconfigure;

import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.execution.JobExecutor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health contributor {@code jobs}.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnEnabledHealthIndicator("jobs")
public final class JobsHealthAutoConfiguration {

	@Bean
	JobsHealthIndicator jobsHealthIndicator(QueueRouter router, DeliveryProcessor processor, JobExecutor executor,
			ObjectProvider<HealthDetails> details) {
		return new JobsHealthIndicator(router, processor, executor, details.orderedStream().toList());
	}

}
