package dev.backgroundjobs.sample.gcp;

import java.util.Map;

import com.google.cloud.tasks.v2.Queue;
import com.google.cloud.tasks.v2.QueueName;
import com.google.cloud.tasks.v2.RateLimits;
import com.google.cloud.tasks.v2.RetryConfig;
import com.google.protobuf.Duration;
import dev.backgroundjobs.adapter.cloudtasks.CloudTasksJobCustomizer;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * A Cloud Tasks in this process, which pushes the jobs of this application back to it.
 */
@Configuration(proxyBeanMethods = false)
@Profile("gcp-local")
class LocalCloudTasksConfiguration {

	// The queues as they would be created in Google Cloud: docs/cloud-tasks.md.
	private static final RetryConfig FOR_EVER = RetryConfig.newBuilder()
		.setMaxAttempts(-1)
		.setMinBackoff(Duration.newBuilder().setSeconds(1))
		.setMaxBackoff(Duration.newBuilder().setSeconds(300))
		.build();

	@Bean
	static CloudTasksEmulator cloudTasks(Environment environment) {
		return CloudTasksEmulator.builder()
			.queue(queue(environment, "documents"))
			.queue(queue(environment, "imports"))
			.queue(queue(environment, "heavy"))
			.start();
	}

	// All are work for a processor: two at once, as with backend local.
	private static Queue queue(Environment environment, String name) {
		String project = environment.getRequiredProperty("jobs.cloud-tasks.project");
		String location = environment.getRequiredProperty("jobs.cloud-tasks.location");
		return Queue.newBuilder()
			.setName(QueueName.of(project, location, name).toString())
			.setRetryConfig(FOR_EVER)
			.setRateLimits(RateLimits.newBuilder().setMaxConcurrentDispatches(2))
			.build();
	}

	/**
	 * Tell the properties where the emulator listens, before a bean binds them.
	 */
	@Bean
	static BeanFactoryPostProcessor cloudTasksAddresses(ConfigurableEnvironment environment) {
		return (beans) -> environment.getPropertySources()
			.addFirst(new MapPropertySource("localCloudTasks", addresses(beans)));
	}

	private static Map<String, Object> addresses(ConfigurableListableBeanFactory beans) {
		CloudTasksEmulator emulator = beans.getBean("cloudTasks", CloudTasksEmulator.class);
		return Map.of("jobs.cloud-tasks.endpoint", emulator.endpoint(), "jobs.google-oidc.jwk-set-uri",
				emulator.tokens().jwkSetUri());
	}

	/**
	 * Have tasks pushed to the port that the web server got, also with
	 * {@code server.port=0}.
	 */
	@Bean
	CloudTasksJobCustomizer pushToThisApplication(Environment environment) {
		return (request,
				message) -> request.setUrl(UriComponentsBuilder.fromUriString(request.getUrl())
					.port(environment.getRequiredProperty("local.server.port"))
					.toUriString());
	}

}
