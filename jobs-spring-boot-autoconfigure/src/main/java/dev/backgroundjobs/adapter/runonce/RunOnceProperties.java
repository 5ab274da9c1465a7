package dev.backgroundjobs.adapter.runonce;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.support.SystemEnvironmentPropertySourceEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.StringUtils;

/**
 * What variables and arguments say that this process was started for. That is data, not
 * configuration: it is taken as it came, and then hidden, so that no placeholder in it is
 * resolved, and nothing shows or binds it.
 */
final class RunOnceProperties {

	private static final String RUN = "jobs.run";

	private static final String MANIFEST = "jobs.manifest";

	private static final String ARGS = "jobs.args";

	private static final Set<String> HIDDEN = Set.of(RUN, MANIFEST, ARGS, "jobs.message", "jobs.message.file");

	private static final Path VARIABLES = Path.of("/proc/self/environ");

	private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");

	private final ConfigurableEnvironment environment;

	RunOnceProperties(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	/**
	 * Return what this process was started for: what a person types before what a
	 * platform has set. A variable that names a job comes last, since one that is left in
	 * a config map would run that job in the place of every message.
	 */
	@Nullable RunOnceRequest request() {
		// What processes the application ahead of time runs nothing.
		if (Boolean.getBoolean("spring.aot.processing")) {
			return null;
		}
		RunOnceRequest typed = call(value(MANIFEST, RunOnceProperties::isTyped),
				value(RUN, RunOnceProperties::isTyped));
		if (typed != null) {
			return typed;
		}
		Map<String, Object> variables = this.environment.getSystemEnvironment();
		Object message = variables.get(RunOnce.MESSAGE);
		if (message != null) {
			return new RunOnceRequest.Text(given(message.toString(), VARIABLES, RunOnce.MESSAGE + "="));
		}
		Object file = variables.get(RunOnce.MESSAGE_FILE);
		if (file != null) {
			return new RunOnceRequest.InFile(file.toString());
		}
		return call(textOrNull(raw(MANIFEST)), textOrNull(raw(RUN)));
	}

	private @Nullable RunOnceRequest call(@Nullable String manifest, @Nullable String run) {
		if (manifest != null) {
			return new RunOnceRequest.Manifest(manifest, args());
		}
		return (run != null) ? new RunOnceRequest.Typed(run, args()) : null;
	}

	// Not set, but mentioned, as in the file of a Compose application.
	private static @Nullable String textOrNull(@Nullable String value) {
		return StringUtils.hasText(value) ? value : null;
	}

	private @Nullable String args() {
		String args = raw(ARGS);
		return (args != null) ? given(given(args, VARIABLES, "JOBS_ARGS="), ARGUMENTS, "--" + ARGS + "=") : null;
	}

	/**
	 * Return a property as it was set, with its placeholders.
	 */
	@Nullable String raw(String name) {
		return value(name, (source) -> true);
	}

	private @Nullable String value(String name, Predicate<PropertySource<?>> filter) {
		for (PropertySource<?> source : this.environment.getPropertySources()) {
			Object value = filter.test(source) ? source.getProperty(name) : null;
			if (value != null) {
				return value.toString();
			}
		}
		return null;
	}

	// The one in which Spring Boot looks them all up has the variables too.
	private static boolean isTyped(PropertySource<?> source) {
		return !(source instanceof SystemEnvironmentPropertySource)
				&& !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source);
	}

	/**
	 * Return text as this process was given it. The JVM decodes it by the locale, and
	 * most images have none (LANG=C): all that is not ASCII is lost then.
	 */
	private static String given(String decoded, Path file, String start) {
		if (decoded.chars().allMatch((c) -> c < 128 && c != '?') || !Files.isReadable(file)) {
			return decoded;
		}
		try {
			String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
			return Arrays.stream(all.split("\0"))
				.filter((entry) -> entry.startsWith(start))
				.map((entry) -> entry.substring(start.length()))
				.findFirst()
				.orElse(decoded);
		}
		catch (IOException ex) {
			return decoded;
		}
	}

	/**
	 * Take all of it out of the environment.
	 */
	void hide(SpringApplication application) {
		for (PropertySource<?> source : this.environment.getPropertySources()) {
			if (source instanceof SystemEnvironmentPropertySource variables) {
				hide(variables);
				// As it was, with the application's prefix.
				new SystemEnvironmentPropertySourceEnvironmentPostProcessor().postProcessEnvironment(this.environment,
						application);
			}
			else if (source instanceof EnumerablePropertySource<?> all && holds(all)) {
				this.environment.getPropertySources().replace(source.getName(), new Without(all));
			}
		}
	}

	private void hide(SystemEnvironmentPropertySource source) {
		Map<String, Object> variables = new LinkedHashMap<>(source.getSource());
		variables.keySet().removeIf(RunOnceProperties::isHidden);
		this.environment.getPropertySources()
			.replace(source.getName(), new SystemEnvironmentPropertySource(source.getName(), variables));
	}

	// The one in which Spring Boot looks them all up has no names of its own.
	private static boolean holds(EnumerablePropertySource<?> source) {
		return Arrays.stream(source.getPropertyNames()).anyMatch(RunOnceProperties::isHidden);
	}

	private static boolean isHidden(String name) {
		return HIDDEN.contains(name.toLowerCase(Locale.ROOT).replace('_', '.'));
	}

	/**
	 * A source without what is hidden.
	 */
	private static final class Without extends EnumerablePropertySource<EnumerablePropertySource<?>> {

		Without(EnumerablePropertySource<?> source) {
			super(source.getName(), source);
		}

		@Override
		public String[] getPropertyNames() {
			return Arrays.stream(this.source.getPropertyNames())
				.filter((name) -> !isHidden(name))
				.toArray(String[]::new);
		}

		@Override
		public @Nullable Object getProperty(String name) {
			return isHidden(name) ? null : this.source.getProperty(name);
		}

	}

}
