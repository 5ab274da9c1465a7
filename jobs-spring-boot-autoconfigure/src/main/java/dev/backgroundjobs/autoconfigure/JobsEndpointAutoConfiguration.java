package dev.backgroundjobs.autoconfigure;

import java.time.Duration;

import dev.backgroundjobs.delivery.CloudEventDecoder;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryBatch;
import dev.backgroundjobs.delivery.DeliveryDecoder;
import dev.backgroundjobs.delivery.DeliveryMeters;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobDeliveryController;
import dev.backgroundjobs.delivery.JobDeliveryFilter;
import dev.backgroundjobs.delivery.JobDeliveryServlet;
import dev.backgroundjobs.message.JobMessageCodec;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Auto-configuration of the endpoint in servlet applications.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnBooleanProperty(name = "jobs.endpoint.enabled", matchIfMissing = true)
public final class JobsEndpointAutoConfiguration {

	// Just before Spring Security's filter chain, which has -100.
	private static final int ORDER = -101;

	// Cloud Run's default, 300 s; a service may be configured for up to 60 min.
	private static final Duration CLOUD_RUN_REQUEST_TIMEOUT = Duration.ofMinutes(5);

	@Bean
	JobDeliveryController jobDeliveryController(DeliveryProcessor processor, DeliveryBatch batch, JobMessageCodec codec,
			ObjectProvider<DeliveryAuthenticator> authenticators, ObjectProvider<DeliveryDecoder> decoders,
			ObjectProvider<DeliveryMeters> meters, JobsProperties properties, Environment environment,
			JobsClock clock) {
		return new JobDeliveryController(processor, batch, codec, authenticators.orderedStream().toList(),
				decoders.orderedStream().toList(), requestTimeout(properties, environment),
				meters.getIfAvailable(() -> DeliveryMeters.NONE), clock.get());
	}

	@Bean
	CloudEventDecoder cloudEventDecoder() {
		return new CloudEventDecoder();
	}

	@Bean
	DeliveryPath jobDeliveryPath(JobsProperties properties) {
		return new DeliveryPath(properties.endpoint().path());
	}

	// Filters are created with the web server, before all other beans. The controller
	// would bring the backends, and what is wrong with those would look like a failure of
	// the web server.
	@Bean
	FilterRegistrationBean<JobDeliveryFilter> jobDeliveryFilter(ObjectProvider<JobDeliveryController> controller,
			DeliveryPath path) {
		FilterRegistrationBean<JobDeliveryFilter> registration = filter(controller, DispatcherType.REQUEST);
		registration.addUrlPatterns(path.patterns());
		registration.setEnabled(path.isValid());
		return registration;
	}

	/**
	 * The container dispatches a body it could not read to the error page, past whatever
	 * the filter answered, and Spring Security would redirect that to a login.
	 */
	@Bean
	FilterRegistrationBean<JobDeliveryFilter> jobDeliveryErrorFilter(ObjectProvider<JobDeliveryController> controller) {
		FilterRegistrationBean<JobDeliveryFilter> registration = filter(controller, DispatcherType.ERROR);
		registration.addUrlPatterns("/*");
		return registration;
	}

	private static FilterRegistrationBean<JobDeliveryFilter> filter(ObjectProvider<JobDeliveryController> controller,
			DispatcherType type) {
		FilterRegistrationBean<JobDeliveryFilter> registration = new FilterRegistrationBean<>(
				new JobDeliveryFilter(controller::getObject));
		registration.setDispatcherTypes(type);
		registration.setOrder(ORDER);
		return registration;
	}

	/**
	 * Containers call no filter for a path that no servlet is mapped to, as without
	 * Spring MVC, or beside {@code spring.mvc.servlet.path}.
	 */
	@Bean
	ServletRegistrationBean<JobDeliveryServlet> jobDeliveryServlet(DeliveryPath path) {
		ServletRegistrationBean<JobDeliveryServlet> registration = new ServletRegistrationBean<>(
				new JobDeliveryServlet(), path.patterns());
		registration.setEnabled(path.isValid());
		return registration;
	}

	private static @Nullable Duration requestTimeout(JobsProperties properties, Environment environment) {
		Duration configured = properties.endpoint().requestTimeout();
		if (configured != null) {
			return configured;
		}
		return environment.containsProperty("K_SERVICE") ? CLOUD_RUN_REQUEST_TIMEOUT : null;
	}

}
