package dev.backgroundjobs.autoconfigure;

import java.util.Set;
import java.util.StringJoiner;

import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * An application is started with other backends than it was processed for ahead of time.
 */
final class ProcessedBackendsException extends RuntimeException {

	private final transient Set<String> processed;

	private final transient UsedBackends used;

	ProcessedBackendsException(Set<String> processed, UsedBackends used) {
		super("Processed ahead of time for " + list(processed) + ", started with " + list(used.names()));
		this.processed = processed;
		this.used = used;
	}

	FailureAnalysis analysis() {
		StringBuilder description = new StringBuilder("The application was processed ahead of time for "
				+ ((this.processed.size() > 1) ? "backends " : "backend ") + list(this.processed)
				+ " and is started with " + list(this.used.names())
				+ ". Spring AOT fixes at build time which backends there are. Now:\n");
		this.used.byProperty()
			.forEach((property, name) -> description.append("\n    - property '" + property + "' is '" + name + "'"));
		return new FailureAnalysis(description.toString(),
				"Process the application again with these properties (as with 'SPRING_PROFILES_ACTIVE' or 'JOBS_BACKEND' "
						+ "in the environment of the build), or start it with the backends it was processed for. On the "
						+ "JVM, without '-Dspring.aot.enabled=true', the backends are chosen at every start.",
				this);
	}

	private static String list(Set<String> names) {
		StringJoiner list = new StringJoiner(", ");
		names.forEach((name) -> list.add("'" + name + "'"));
		return list.toString();
	}

}
