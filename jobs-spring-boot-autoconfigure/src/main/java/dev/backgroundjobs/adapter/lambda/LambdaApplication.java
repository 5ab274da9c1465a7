package dev.backgroundjobs.adapter.lambda;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ReflectionUtils;

/**
 * Starts the application by its own {@code main}, so that whatever that sets up is the
 * same as elsewhere, but without a web server.
 */
final class LambdaApplication implements SpringApplicationRunListener {

	private @Nullable ConfigurableApplicationContext context;

	private LambdaApplication() {
	}

	/**
	 * Start the application. It is closed when the process ends, as by Spring Boot.
	 * @param main the class with its {@code main}, or a configuration
	 * @throws IllegalStateException when it has started none
	 */
	static ConfigurableApplicationContext start(Class<?> main) {
		LambdaApplication listener = new LambdaApplication();
		SpringApplication.withHook((application) -> listener, () -> run(main));
		if (listener.context == null) {
			throw new IllegalStateException(
					"The main method of " + main.getName() + " has started no Spring application: set the variable "
							+ LambdaMainClass.VARIABLE + " to the class that does, on the thread that calls it");
		}
		return listener.context;
	}

	private static void run(Class<?> type) {
		Method main = ReflectionUtils.findMethod(type, "main", String[].class);
		if (main != null && Modifier.isStatic(main.getModifiers())) {
			ReflectionUtils.makeAccessible(main);
			ReflectionUtils.invokeMethod(main, null, (Object) new String[0]);
		}
		else {
			SpringApplication.run(type);
		}
	}

	@Override
	public void environmentPrepared(ConfigurableBootstrapContext bootstrap, ConfigurableEnvironment environment) {
		environment.getPropertySources()
			.addFirst(new MapPropertySource("jobsLambdaHandler", Map.of("spring.main.web-application-type", "none")));
	}

	// Of several, such as the one that Spring Cloud starts first, the last is the
	// application.
	@Override
	public void ready(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
		this.context = context;
	}

}
