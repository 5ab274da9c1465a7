package dev.backgroundjobs.autoconfigure;

import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.definition.JobDefaults;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinitionScanner;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.ArgumentException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The declared jobs, found and checked once all singletons are there.
 */
final class DeclaredJobs implements Supplier<JobDefinitions>, SmartInitializingSingleton {

	private final ConfigurableListableBeanFactory beanFactory;

	private final JobDefaults defaults;

	private final ArgumentCodec arguments;

	private volatile @Nullable JobDefinitions definitions;

	DeclaredJobs(ConfigurableListableBeanFactory beanFactory, JobDefaults defaults, ArgumentCodec arguments) {
		this.beanFactory = beanFactory;
		this.defaults = defaults;
		this.arguments = arguments;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.definitions = new JobDefinitionScanner(this.beanFactory, this.defaults).scan(this::problem);
	}

	private @Nullable String problem(JobDefinition job) {
		try {
			this.arguments.binding(job.name(), job.beanType(), job.method()).check();
			return null;
		}
		catch (ArgumentException ex) {
			return ex.getMessage();
		}
	}

	boolean isDeclared(String job) {
		return get().find(job) != null;
	}

	@Override
	public JobDefinitions get() {
		JobDefinitions found = this.definitions;
		if (found == null) {
			throw new JobException(
					"Jobs are not ready while beans are being created: enqueue from an ApplicationRunner, "
							+ "or a listener of ApplicationReadyEvent, not from a constructor or @PostConstruct");
		}
		return found;
	}

}
