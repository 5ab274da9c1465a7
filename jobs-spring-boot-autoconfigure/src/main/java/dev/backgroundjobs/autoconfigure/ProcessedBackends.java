package dev.backgroundjobs.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.backgroundjobs.backend.JobBackend;

import org.springframework.beans.factory.config.SingletonBeanRegistry;

/**
 * The backends that an application was processed for ahead of time. Spring AOT decides
 * then which of them are wired, whatever the properties say later. Registered by the code
 * that {@link JobsAotProcessor} generates.
 *
 * @param names the names of the backends
 */
record ProcessedBackends(Set<String> names) {

	private static final String BEAN_NAME = "jobProcessedBackends";

	static void register(SingletonBeanRegistry registry, String... names) {
		registry.registerSingleton(BEAN_NAME, new ProcessedBackends(new TreeSet<>(List.of(names))));
	}

	/**
	 * Check that an application is started with the backends it was processed for.
	 * @param used what the environment names now
	 * @param backends the backends there are, an application's own among them
	 * @throws ProcessedBackendsException when there is a difference
	 */
	void check(UsedBackends used, Collection<JobBackend> backends) {
		List<String> wired = backends.stream().map(JobBackend::name).toList();
		boolean missing = used.names().stream().anyMatch((name) -> !UsedBackends.isOneOf(name, wired));
		boolean superfluous = this.names.stream().anyMatch((name) -> !used.contains(name));
		if (missing || superfluous) {
			throw new ProcessedBackendsException(this.names, used);
		}
	}

}
