package dev.backgroundjobs.adapter.runonce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.backend.BackendCapabilities;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Starts an application in this process as in one of its own, with variables and
 * arguments, and a backend {@code keeper} that writes down what is sent.
 */
final class OnceStart {

	final RecordingJobBackend keeper = new RecordingJobBackend("keeper",
			BackendCapabilities.none()
				.withDurable()
				.withMaxDelay(BackendCapabilities.UNLIMITED)
				.withHoldsDeadLetters());

	final TestRunOnceProcess process = new TestRunOnceProcess();

	private final Class<?>[] sources;

	private final Map<String, Object> variables = new LinkedHashMap<>(Map.of("PATH", "/bin"));

	private static final Map<String, Object> DEFAULTS = Map.of("jobs.backend", "keeper", "spring.main.banner-mode",
			"off", "logging.level.root", "warn", "logging.level.dev.backgroundjobs", "info");

	private final List<String> arguments = new ArrayList<>();

	private final List<Consumer<SpringApplication>> customizers = new ArrayList<>();

	OnceStart(Class<?>... sources) {
		this.sources = sources;
	}

	OnceStart message(String message) {
		return variable(RunOnce.MESSAGE, message);
	}

	OnceStart variable(String name, String value) {
		this.variables.put(name, value);
		return this;
	}

	OnceStart with(String... arguments) {
		this.arguments.addAll(List.of(arguments));
		return this;
	}

	OnceStart with(Consumer<SpringApplication> customizer) {
		this.customizers.add(customizer);
		return this;
	}

	OnceStart bean(String name, Object bean) {
		return with((application) -> application.addInitializers((context) -> {
			// Children of a builder have the initializers of their parents.
			if (!context.containsLocalBean(name)) {
				context.getBeanFactory().registerSingleton(name, bean);
			}
		}));
	}

	/**
	 * Start the application, and return the exit code it ends with.
	 */
	int run() {
		start();
		return this.process.code();
	}

	ConfigurableApplicationContext start() {
		SpringApplication application = new SpringApplication(this.sources);
		application.setEnvironment(environment());
		prepare(application);
		return application.run(arguments());
	}

	void prepare(SpringApplication application) {
		application.addBootstrapRegistryInitializer(
				(registry) -> registry.register(RunOnceProcess.class, (context) -> this.process));
		bean("keeper", this.keeper);
		application.setDefaultProperties(DEFAULTS);
		this.customizers.forEach((customizer) -> customizer.accept(application));
	}

	String[] arguments() {
		return this.arguments.toArray(String[]::new);
	}

	ConfigurableEnvironment environment() {
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		ConfigurableEnvironment environment = new VariablesEnvironment(this.variables);
		environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, this.variables));
		return environment;
	}

	private static final class VariablesEnvironment extends StandardEnvironment {

		private final Map<String, Object> variables;

		VariablesEnvironment(Map<String, Object> variables) {
			this.variables = variables;
		}

		@Override
		@SuppressWarnings("NullAway")
		public Map<String, Object> getSystemEnvironment() {
			return (this.variables != null) ? this.variables : Map.of();
		}

		// As in Spring Boot's own environments.
		@Override
		protected @Nullable String doGetActiveProfilesProperty() {
			return null;
		}

		@Override
		protected @Nullable String doGetDefaultProfilesProperty() {
			return null;
		}

	}

}
