package dev.backgroundjobs.autoconfigure;

import dev.backgroundjobs.delivery.JobDeliveryController;
import dev.backgroundjobs.dispatch.QueueRouter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration of the actuator endpoint {@code jobs}.
 */
@AutoConfiguration(after = { JobsAutoConfiguration.class, JobsEndpointAutoConfiguration.class })
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(JobsActuatorEndpoint.class)
public final class JobsActuatorAutoConfiguration {

	private static final boolean HAS_SERVLETS = ClassUtils.isPresent("jakarta.servlet.Filter",
			JobsActuatorAutoConfiguration.class.getClassLoader());

	@Bean
	JobsActuatorEndpoint jobsActuatorEndpoint(DeclaredJobs jobs, QueueRouter router, JobsProperties properties,
			ObjectProvider<JobDeliveryController> controller) {
		boolean hasEndpoint = HAS_SERVLETS && controller.getIfAvailable() != null;
		return new JobsActuatorEndpoint(jobs, router, hasEndpoint ? properties.endpoint().path() : null);
	}

}
