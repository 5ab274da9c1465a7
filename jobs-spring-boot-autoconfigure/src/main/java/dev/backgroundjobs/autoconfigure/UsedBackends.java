package dev.backgroundjobs.autoconfigure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.backgroundjobs.autoconfigure.JobsProperties.Queue;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The backends that the environment names, known before there are beans.
 *
 * @param byProperty the name of a backend, as it is written, by property
 */
record UsedBackends(Map<String, String> byProperty) {

	static UsedBackends in(Environment environment, @Nullable BackendOverride override) {
		if (override != null) {
			return new UsedBackends(Map.of("@AutoConfigureJobsTester", override.backend()));
		}
		Map<String, String> used = new LinkedHashMap<>();
		Binder binder = Binder.get(environment);
		used.put("jobs.backend", binder.bind("jobs.backend", String.class).orElse("local"));
		Map<String, Queue> queues = binder.bind("jobs.queues", Bindable.mapOf(String.class, Queue.class))
			.orElse(Map.of());
		queues.forEach((queue, settings) -> {
			add(used, "jobs.queues." + queue + ".backend", settings.backend());
			add(used, "jobs.queues." + queue + ".delay-backend", settings.delayBackend());
		});
		return new UsedBackends(used);
	}

	private static void add(Map<String, String> used, String property, @Nullable String name) {
		if (name != null) {
			used.put(property, name);
		}
	}

	boolean contains(String name) {
		return isOneOf(name, this.byProperty.values());
	}

	/**
	 * The names, each once.
	 */
	Set<String> names() {
		Set<String> names = new TreeSet<>();
		this.byProperty.values().forEach((name) -> {
			if (!isOneOf(name, names)) {
				names.add(name.strip());
			}
		});
		return names;
	}

	static boolean isOneOf(String name, Collection<String> names) {
		for (String other : names) {
			if (normalized(name).equals(normalized(other))) {
				return true;
			}
		}
		return false;
	}

	private static String normalized(String name) {
		return MessageNames.withoutDashes(name.strip().replace('_', '-'));
	}

}
