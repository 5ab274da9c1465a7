package dev.backgroundjobs.adapter.local;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToIntFunction;

import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.InvalidJobsConfigurationException;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.MessageNames;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Auto-configuration of the {@code local} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("local")
@EnableConfigurationProperties(LocalJobProperties.class)
public final class LocalJobAutoConfiguration {

	@Bean
	LocalQueues localJobQueues(LocalJobProperties properties, JobsClock clock) {
		if (properties.concurrency() < 1) {
			throw new InvalidJobsConfigurationException(
					List.of("Property 'jobs.local.concurrency' is " + properties.concurrency() + ": give 1 or more"));
		}
		long maxBytes = (properties.maxWaiting() != null) ? properties.maxWaiting().toBytes()
				: Runtime.getRuntime().maxMemory() / 4;
		return new LocalQueues(concurrency(properties), maxBytes, clock.get());
	}

	@Bean
	LocalPlatformCheck localPlatformCheck(Environment environment) {
		return new LocalPlatformCheck(environment);
	}

	@Bean
	LocalJobBackend localJobBackend(LocalQueues queues, LocalPlatformCheck platform) {
		return new LocalJobBackend(queues, platform);
	}

	@Bean
	LocalJobWorker localJobWorker(LocalQueues queues, DeliveryProcessor processor, LocalJobProperties properties,
			LocalPlatformCheck platform, Environment environment) {
		return new LocalJobWorker(queues, processor, properties.concurrency(), threadFactory(environment), platform);
	}

	private static ToIntFunction<String> concurrency(LocalJobProperties properties) {
		Map<String, Integer> limits = new HashMap<>();
		properties.queues().forEach((queue, settings) -> {
			Integer limit = settings.concurrency();
			if (limit != null && limit < 1) {
				throw new InvalidJobsConfigurationException(List
					.of("Property 'jobs.local.queues." + queue + ".concurrency' is " + limit + ": give 1 or more"));
			}
			if (limit != null) {
				limits.put(MessageNames.withoutDashes(queue), limit);
			}
		});
		return (queue) -> limits.getOrDefault(MessageNames.withoutDashes(queue), properties.concurrency());
	}

	private static ThreadFactory threadFactory(Environment environment) {
		if (Threading.VIRTUAL.isActive(environment)) {
			return new VirtualThreadTaskExecutor("jobs-local-").getVirtualThreadFactory();
		}
		CustomizableThreadFactory factory = new CustomizableThreadFactory("jobs-local-");
		factory.setDaemon(true);
		return factory;
	}

}
