package dev.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.backgroundjobs.dispatch.UnknownBackendException;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * The backends there could be, with the library each needs: one line each in every
 * {@value #LOCATION} on the class path.
 */
final class BackendCatalog {

	static final String LOCATION = "META-INF/jobs-backends.properties";

	private final Map<String, String> libraries = new TreeMap<>();

	private BackendCatalog(Properties properties) {
		properties.stringPropertyNames().forEach((name) -> this.libraries.put(name, properties.getProperty(name)));
	}

	static BackendCatalog load() {
		try {
			return new BackendCatalog(PropertiesLoaderUtils.loadAllProperties(LOCATION));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	FailureAnalysis analyze(UnknownBackendException unknown) {
		Set<String> valid = new TreeSet<>(this.libraries.keySet());
		valid.addAll(unknown.available());
		List<String> problems = new ArrayList<>();
		Set<String> actions = new TreeSet<>();
		unknown.unknown().forEach((property, name) -> {
			String library = library(name);
			if (library != null) {
				problems
					.add("Property '" + property + "' is '" + name + "', and the library of that backend is missing");
				actions.add("Add the dependency " + library + ".");
			}
			else {
				String nearest = MessageNames.nearest(name, valid);
				problems.add("Property '" + property + "' is '" + name + "', which is no backend"
						+ ((nearest != null) ? ": did you mean '" + nearest + "'?" : ""));
				actions.add("Choose one of " + valid + ", or declare a JobBackend bean of that name.");
			}
		});
		return new FailureAnalysis("Backends are configured that there are not:" + JobsFailureAnalyzer.listed(problems),
				String.join("\n", actions), unknown);
	}

	private @Nullable String library(String name) {
		for (Map.Entry<String, String> entry : this.libraries.entrySet()) {
			if (MessageNames.withoutDashes(entry.getKey())
				.equals(MessageNames.withoutDashes(name.strip().replace('_', '-'))) && !entry.getValue().isEmpty()) {
				return entry.getValue();
			}
		}
		return null;
	}

}
