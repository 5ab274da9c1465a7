package dev.backgroundjobs.adapter.runonce;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.StandardEnvironment;

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
		AtomicReference<Integer> code = new AtomicReference<>();
		List<String> arguments = new ArrayList<>(List.of("--spring.config.location=optional:classpath:/none/"));
		for (String property : properties) {
			arguments.add("--" + property);
		}
		new SpringApplicationBuilder(application).environment(environment(variables))
			.properties("spring.main.banner-mode=off")
			.initializers((context) -> {
				GenericApplicationContext generic = (GenericApplicationContext) context;
				generic.registerBean(RunOnceProcess.class, () -> code::set);
				beans.accept(generic);
			})
			.run(arguments.toArray(String[]::new));
		Integer exited = code.get();
		if (exited == null) {
			throw new IllegalStateException("The application has not ended: was it started for a message?");
		}
		return exited;
	}

	// A local class has what it captures before its superclass asks for it.
	private static StandardEnvironment environment(Map<String, String> variables) {
		Map<String, Object> copy = Map.copyOf(variables);
		return new StandardEnvironment() {

			@Override
			public Map<String, Object> getSystemEnvironment() {
				return copy;
			}

		};
	}

}
