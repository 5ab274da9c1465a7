package dev.backgroundjobs.definition;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobMethod;
import dev.backgroundjobs.UnknownJobException;
import dev.backgroundjobs.definition.JobMethodReader.MethodName;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ReflectionUtils;

/**
 * The jobs an application declares, found by name or by method reference. Safe for use by
 * several threads.
 */
public final class JobDefinitions {

	private final Map<String, JobDefinition> byName = new LinkedHashMap<>();

	private final Map<String, JobDefinition> byNameOrAlias = new HashMap<>();

	private final Set<String> queues = new HashSet<>();

	private final Map<MethodName, JobDefinition> byMethod = new ConcurrentHashMap<>();

	private final List<JobDefinition> onEvents;

	private final JobMethodReader reader = new JobMethodReader();

	/**
	 * Create definitions.
	 * @param definitions the definitions, without two of one name or alias
	 */
	public JobDefinitions(Collection<JobDefinition> definitions) {
		for (JobDefinition definition : definitions) {
			this.byName.put(definition.name(), definition);
			this.queues.add(definition.queue());
			this.byNameOrAlias.put(definition.name(), definition);
			definition.aliases().forEach((alias) -> this.byNameOrAlias.put(alias, definition));
		}
		this.onEvents = this.byName.values().stream().filter((definition) -> definition.onEvent() != null).toList();
	}

	/**
	 * Return all definitions.
	 * @return the definitions, by name in alphabetical order
	 */
	public Collection<JobDefinition> all() {
		return this.byName.values();
	}

	/**
	 * Return the jobs that events start.
	 * @return the definitions, by name in alphabetical order
	 */
	public List<JobDefinition> onEvents() {
		return this.onEvents;
	}

	/**
	 * Find a definition by name or alias.
	 * @param name the name
	 * @return the definition, or {@code null}
	 */
	public @Nullable JobDefinition find(String name) {
		return this.byNameOrAlias.get(name);
	}

	/**
	 * Return whether a job is declared for a queue.
	 * @param queue the queue
	 * @return whether one is
	 */
	public boolean hasQueue(String queue) {
		return this.queues.contains(queue);
	}

	/**
	 * Return the names under which jobs are found.
	 * @return names and aliases
	 */
	public Collection<String> names() {
		return this.byNameOrAlias.keySet();
	}

	/**
	 * Find the definition that a method reference names.
	 * @param reference the reference
	 * @return the definition
	 * @throws UnknownJobException when it names no job, or several
	 */
	public JobDefinition get(JobMethod reference) {
		MethodName name = this.reader.read(reference);
		JobDefinition definition = this.byMethod.get(name);
		if (definition == null) {
			definition = resolve(name);
			this.byMethod.put(name, definition);
		}
		return definition;
	}

	private JobDefinition resolve(MethodName name) {
		List<JobDefinition> found = new ArrayList<>();
		for (JobDefinition definition : this.byName.values()) {
			if (definition.method().getName().equals(name.method())
					&& name.receiver().isAssignableFrom(definition.beanType())) {
				found.add(definition);
			}
		}
		if (found.size() > 1) {
			// The bean of exactly that class is meant, not one of a subclass.
			List<JobDefinition> exact = found.stream().filter((job) -> job.beanType() == name.receiver()).toList();
			found = exact.isEmpty() ? found : exact;
		}
		String written = name.receiver().getSimpleName() + "::" + name.method();
		if (found.size() > 1) {
			throw new UnknownJobException("'" + written + "' names several jobs: give the name of one of "
					+ found.stream().map((job) -> "'" + job.name() + "'").toList());
		}
		if (found.isEmpty()) {
			throw new UnknownJobException("'" + written + "' names no job: " + reason(name));
		}
		return found.get(0);
	}

	private static String reason(MethodName name) {
		boolean[] annotated = new boolean[1];
		ReflectionUtils.doWithMethods(name.receiver(), (method) -> annotated[0] |= isJob(method),
				(method) -> method.getName().equals(name.method()));
		return annotated[0] ? "no bean of " + name.receiver().getName()
				+ " is defined. Add @Component to the class, or "
				+ "a @Bean method that returns it; in a test of a slice, such as @WebMvcTest, name it in @Import "
				+ "or as a @MockitoBean" : "add @BackgroundJob to the method";
	}

	static boolean isJob(Method method) {
		return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(BackgroundJob.class);
	}

}
