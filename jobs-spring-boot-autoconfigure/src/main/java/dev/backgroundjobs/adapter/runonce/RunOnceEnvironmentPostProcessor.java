package dev.backgroundjobs.adapter.runonce;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds out that this process was started for one message, and has the application start
 * for nothing else: no web server, beans when they are needed, profile
 * {@value RunOnce#PROFILE}.
 */
final class RunOnceEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	// Before the files are read, some of which are for the profile.
	private static final int ORDER = ConfigDataEnvironmentPostProcessor.ORDER - 1;

	private static final String RUN = "jobs.run";

	private static final String MANIFEST = "jobs.manifest";

	private static final String ARGS = "jobs.args";

	private final ConfigurableBootstrapContext bootstrap;

	RunOnceEnvironmentPostProcessor(ConfigurableBootstrapContext bootstrap) {
		this.bootstrap = bootstrap;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		RunOnceRequest request = request(environment);
		if (request == null) {
			return;
		}
		hideMessage(environment);
		environment.addActiveProfile(RunOnce.PROFILE);
		Map<String, Object> fixed = new HashMap<>(Map.of("spring.main.web-application-type", "none"));
		if (request instanceof RunOnceRequest.Manifest) {
			// Standard output has the manifest and nothing else, unless something fails.
			fixed.put("spring.main.banner-mode", "off");
			fixed.put("logging.threshold.console", "error");
		}
		environment.getPropertySources().addFirst(new MapPropertySource("jobsRunOnce", fixed));
		DefaultPropertiesPropertySource.addOrMerge(Map.of("spring.main.lazy-initialization", "true"),
				environment.getPropertySources());
		this.bootstrap.addCloseListener((event) -> event.getApplicationContext()
			.getBeanFactory()
			.registerSingleton("jobsRunOnceRequest", request));
		RunOnceExit.register();
	}

	// As they came: placeholders of ours are resolved in none of them.
	private static @Nullable RunOnceRequest request(ConfigurableEnvironment environment) {
		String manifest = raw(environment, MANIFEST);
		if (manifest != null) {
			return new RunOnceRequest.Manifest(manifest, raw(environment, ARGS));
		}
		String run = raw(environment, RUN);
		if (run != null) {
			return new RunOnceRequest.Typed(run, raw(environment, ARGS));
		}
		Map<String, Object> variables = environment.getSystemEnvironment();
		Object message = variables.get(RunOnce.MESSAGE);
		if (message != null) {
			return new RunOnceRequest.Text(message.toString());
		}
		Object file = variables.get(RunOnce.MESSAGE_FILE);
		return (file != null) ? new RunOnceRequest.InFile(Path.of(file.toString())) : null;
	}

	private static @Nullable String raw(ConfigurableEnvironment environment, String name) {
		for (PropertySource<?> source : environment.getPropertySources()) {
			Object value = source.getProperty(name);
			if (value != null) {
				return value.toString();
			}
		}
		return null;
	}

	// It is data, not configuration: what looks like a placeholder in it would be
	// resolved
	// when properties are bound.
	private static void hideMessage(ConfigurableEnvironment environment) {
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		if (!environment.getPropertySources().contains(name)) {
			return;
		}
		Map<String, Object> variables = new HashMap<>(environment.getSystemEnvironment());
		variables.remove(RunOnce.MESSAGE);
		environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
	}

}
