package dev.backgroundjobs;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Switches off what Spring Cloud GCP configures by itself, in every application of these
 * tests that does not switch it on: it is on their class path, looks for credentials and
 * a project when it starts, and fails without.
 */
public final class WithoutSpringCloudGcp implements EnvironmentPostProcessor {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		environment.getPropertySources()
			.addLast(new MapPropertySource("withoutSpringCloudGcp",
					Map.of("spring.cloud.gcp.core.enabled", "false", "spring.cloud.gcp.pubsub.enabled", "false")));
	}

}
