package dev.backgroundjobs.definition;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;

/**
 * Finds the {@link BackgroundJob} methods of an application's beans, without creating a
 * bean, and refuses all that cannot work at once.
 */
public final class JobDefinitionScanner {

	private final ConfigurableListableBeanFactory beanFactory;

	private final JobDefinitionReader reader;

	// In the order of the alphabet: that of a class's methods is none, and what is said
	// of
	// each overload is said once.
	private final Set<String> problems = new TreeSet<>();

	/**
	 * Create a scanner.
	 * @param beanFactory the bean factory
	 * @param defaults what declarations leave open
	 */
	public JobDefinitionScanner(ConfigurableListableBeanFactory beanFactory, JobDefaults defaults) {
		this.beanFactory = beanFactory;
		this.reader = new JobDefinitionReader(beanFactory, defaults);
	}

	/**
	 * Find the jobs.
	 * @return their definitions
	 * @throws InvalidJobDefinitionsException when a declaration cannot work
	 */
	public JobDefinitions scan() {
		return scan((job) -> null);
	}

	/**
	 * Find the jobs.
	 * @param check says what else is wrong with a job, or {@code null}
	 * @return their definitions
	 * @throws InvalidJobDefinitionsException when a declaration cannot work
	 */
	public JobDefinitions scan(Function<JobDefinition, @Nullable String> check) {
		List<JobDefinition> found = new ArrayList<>();
		JobMethods.visit(this.beanFactory,
				(beanName, type, method, annotation) -> read(beanName, type, method, annotation, found));
		JobDefinitions definitions = new JobDefinitions(withoutDuplicates(found));
		checkQueues(definitions.all());
		definitions.all().stream().map(check).filter(Objects::nonNull).forEach(this.problems::add);
		if (!this.problems.isEmpty()) {
			throw new InvalidJobDefinitionsException(List.copyOf(this.problems));
		}
		return definitions;
	}

	private void read(String beanName, Class<?> type, Method method, MergedAnnotation<BackgroundJob> annotation,
			List<JobDefinition> found) {
		if (!annotation.isPresent()) {
			this.problems.add("Method '" + type.getSimpleName() + "." + method.getName()
					+ "' has @OnEvent without @BackgroundJob, so that no event would start it: add @BackgroundJob");
			return;
		}
		List<String> refusals = JobMethodRules.refusals(this.beanFactory, beanName, type, method);
		if (!refusals.isEmpty()) {
			refusals.forEach((refusal) -> this.problems
				.add("Method '" + type.getSimpleName() + "." + method.getName() + "' cannot be a job: " + refusal));
			return;
		}
		JobDefinition definition = this.reader.read(beanName, type, method, annotation, this.problems);
		if (definition != null) {
			found.add(definition);
		}
	}

	private List<JobDefinition> withoutDuplicates(List<JobDefinition> found) {
		Map<String, List<JobDefinition>> byName = new TreeMap<>(
				found.stream().collect(Collectors.groupingBy(JobDefinition::name)));
		List<JobDefinition> definitions = new ArrayList<>();
		byName.forEach((name, jobs) -> {
			JobDefinition winner = (jobs.size() == 1) ? jobs.get(0) : primary(jobs);
			if (winner == null) {
				this.problems.add("Job name '" + name + "' is declared " + jobs.size() + " times, by "
						+ jobs.stream().map(JobDefinitionScanner::describe).toList()
						+ ": give one another name, or make one of two beans of a class @Primary");
				return;
			}
			definitions.add(winner);
		});
		checkAliases(definitions);
		return definitions;
	}

	private void checkAliases(List<JobDefinition> definitions) {
		Map<String, JobDefinition> names = new LinkedHashMap<>();
		definitions.forEach((job) -> names.put(job.name(), job));
		for (JobDefinition job : definitions) {
			for (String alias : job.aliases()) {
				JobDefinition other = names.put(alias, job);
				if (other != null) {
					this.problems.add("Alias '" + alias + "' of job '" + job.name()
							+ "' is also a name or alias of job '" + other.name() + "': remove one");
				}
			}
		}
	}

	private void checkQueues(Collection<JobDefinition> definitions) {
		Map<String, String> queues = new LinkedHashMap<>();
		for (JobDefinition job : definitions) {
			String other = queues.putIfAbsent(MessageNames.withoutDashes(job.queue()), job.queue());
			if (other != null && !other.equals(job.queue())) {
				this.problems.add("Queue '" + job.queue() + "' of job '" + job.name() + "' and queue '" + other
						+ "' differ only in dashes, which environment variables cannot carry: rename one");
			}
		}
	}

	private @Nullable JobDefinition primary(List<JobDefinition> jobs) {
		if (jobs.stream().map(JobDefinition::method).distinct().count() > 1) {
			return null;
		}
		List<JobDefinition> primary = jobs.stream().filter(this::isPrimary).toList();
		return (primary.size() == 1) ? primary.get(0) : null;
	}

	private boolean isPrimary(JobDefinition job) {
		if (!this.beanFactory.containsBeanDefinition(job.beanName())) {
			return false;
		}
		BeanDefinition bean = this.beanFactory.getMergedBeanDefinition(job.beanName());
		return bean.isPrimary();
	}

	private static String describe(JobDefinition job) {
		return job.beanType().getName() + "." + job.method().getName() + " (bean '" + job.beanName() + "')";
	}

}
