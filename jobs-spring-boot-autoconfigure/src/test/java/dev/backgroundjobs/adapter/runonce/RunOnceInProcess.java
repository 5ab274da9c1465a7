package dev.backgroundjobs.adapter.runonce;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Starts an application for one message as a platform does, with variables of its own,
 * but in the process of the tests: its exit code is returned.
 */
public final class RunOnceInProcess {

	private RunOnceInProcess() {
	}

	/**
	 * Start an application, and have it run its message and end.
	 * @param application the configuration class
	 * @param beans registers beans of the test
	 * @param variables the environment of the process it stands for
	 * @param properties properties, as {@code name=value}
	 * @return the exit code
	 */
	public static int run(Class<?> application, Consumer<GenericApplicationContext> beans,
			Map<String, String> variables, String... properties) {
		OnceStart start = new OnceStart();
		variables.forEach(start::variable);
		List<String> arguments = new ArrayList<>(List.of("--spring.config.location=optional:classpath:/none/"));
		for (String property : properties) {
			arguments.add("--" + property);
		}
		new SpringApplicationBuilder(application).environment(start.environment())
			.properties("spring.main.banner-mode=off")
			.addBootstrapRegistryInitializer(
					(registry) -> registry.register(RunOnceProcess.class, (context) -> start.process))
			.initializers((context) -> beans.accept((GenericApplicationContext) context))
			.run(arguments.toArray(String[]::new));
		if (start.process.exits() == 0) {
			throw new IllegalStateException("The application has not ended: was it started for a message?");
		}
		return start.process.code();
	}

}
