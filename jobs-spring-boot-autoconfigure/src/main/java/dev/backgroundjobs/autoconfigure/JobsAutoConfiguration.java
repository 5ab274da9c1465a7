package dev.backgroundjobs.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.definition.BackoffPolicy;
import dev.backgroundjobs.definition.JobDefaults;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryBatch;
import dev.backgroundjobs.delivery.DeliveryMeters;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobWorker;
import dev.backgroundjobs.delivery.ProcessorSettings;
import dev.backgroundjobs.dispatch.AfterCommitOutbox;
import dev.backgroundjobs.dispatch.DefaultJobDispatcher;
import dev.backgroundjobs.dispatch.DefaultJobOperations;
import dev.backgroundjobs.dispatch.EnqueueObservationConvention;
import dev.backgroundjobs.dispatch.EnqueueObserver;
import dev.backgroundjobs.dispatch.MessageFactory;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.event.CloudEventModule;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.event.PlatformEvents;
import dev.backgroundjobs.execution.ExecuteObservationConvention;
import dev.backgroundjobs.execution.ExecuteObserver;
import dev.backgroundjobs.execution.IterationSettings;
import dev.backgroundjobs.execution.JobExecutor;
import dev.backgroundjobs.execution.JobInterceptor;
import dev.backgroundjobs.execution.JobInvoker;
import dev.backgroundjobs.execution.SliceCheck;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.EncryptionKeys;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import io.micrometer.observation.ObservationRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Auto-configuration of background jobs, without any backend.
 */
@AutoConfiguration(afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@EnableConfigurationProperties(JobsProperties.class)
public final class JobsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobsClock jobsClock(ObjectProvider<Clock> clock) {
		return new JobsClock(clock.getIfUnique(Clock::systemUTC));
	}

	@Bean
	JobMessageCodec jobMessageCodec(JobsProperties properties, Environment environment, JobsClock clock) {
		JobsProperties.Signing signing = properties.signing();
		JobsProperties.Encryption encryption = properties.encryption();
		String audience = (signing.audience() != null) ? signing.audience()
				: environment.getProperty("spring.application.name");
		return new JobMessageCodec(() -> new SigningKeys(signing.keyId(), signing.keys(), audience, signing.maxAge()),
				() -> new EncryptionKeys(encryption.keyId(), encryption.keys()), clock.get());
	}

	@Bean
	ArgumentCodec jobArgumentCodec(ObjectProvider<JsonMapper> mapper) {
		return new ArgumentCodec(mapper.getIfUnique(() -> JsonMapper.builder().findAndAddModules().build()),
				new CloudEventModule());
	}

	@Bean
	DeclaredJobs declaredJobs(ConfigurableListableBeanFactory beanFactory, JobsProperties properties,
			ArgumentCodec arguments) {
		return new DeclaredJobs(beanFactory, defaults(properties.retry()), arguments);
	}

	@Bean
	BackendJobs backendJobs(DeclaredJobs jobs, ObjectProvider<QueueRouter> router) {
		return new BackendJobs(jobs, router);
	}

	@Bean
	JobTimeouts jobTimeouts(DeclaredJobs jobs, ObjectProvider<QueueRouter> router) {
		return new JobTimeouts(jobs, router);
	}

	private static JobDefaults defaults(JobsProperties.Retry retry) {
		JobsProperties.Backoff backoff = retry.backoff();
		try {
			return new JobDefaults(retry.maxAttempts(), new BackoffPolicy(backoff.delay(), backoff.multiplier(),
					backoff.maxDelay(), backoff.jitterFactor()));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobsConfigurationException(List.of("Properties 'jobs.retry': " + ex.getMessage()));
		}
	}

	@Bean
	QueueRouter jobQueueRouter(ObjectProvider<JobBackend> backends, JobsProperties properties,
			ObjectProvider<ProcessedBackends> processed, ConfigurableListableBeanFactory beanFactory,
			Environment environment) {
		BackendOverride override = BackendOverride.of(beanFactory);
		List<JobBackend> all = backends.orderedStream().toList();
		processed.ifAvailable((atBuild) -> atBuild.check(UsedBackends.in(environment, override), all));
		Map<String, QueueSettings> queues = new LinkedHashMap<>();
		properties.queues()
			.forEach((queue,
					settings) -> queues.put(queue, (override != null)
							? new QueueSettings(null, null, settings.deadLetter())
							: new QueueSettings(settings.backend(), settings.delayBackend(), settings.deadLetter())));
		return new QueueRouter(all, (override != null) ? override.backend() : properties.backend(), queues);
	}

	@Bean
	MessageSender jobMessageSender(QueueRouter router, JobsClock clock) {
		return new MessageSender(router, clock.get());
	}

	@Bean
	MessageFactory jobMessageFactory(DeclaredJobs jobs, ArgumentCodec arguments, JobMessageCodec codec,
			QueueRouter router, JobsClock clock) {
		return new MessageFactory(jobs, arguments, codec, router, clock.get());
	}

	@Bean
	JobMessages jobMessages(MessageFactory factory, DeclaredJobs jobs, ArgumentCodec arguments) {
		return new JobMessages(factory, jobs, arguments);
	}

	// Where jobs wait for the commit, one that comes with a transaction comes after it.
	@Bean
	CommitPhase jobCommitPhase(ObjectProvider<AfterCommitOutbox> outbox) {
		return new CommitPhase(() -> {
			AfterCommitOutbox waiting = outbox.getIfAvailable();
			return waiting != null && waiting.hasTransaction();
		});
	}

	@Bean
	@ConditionalOnMissingBean
	JobDispatcher jobDispatcher(MessageFactory factory, MessageSender sender, QueueRouter router, DeclaredJobs jobs,
			ObjectProvider<AfterCommitOutbox> outbox, ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<EnqueueObservationConvention> convention, JobsProperties properties) {
		EnqueueObserver observer = new EnqueueObserver(observations.getIfUnique(() -> ObservationRegistry.NOOP),
				convention.getIfAvailable(), jobs::isDeclared, knownQueues(jobs, properties));
		return new DefaultJobDispatcher(factory, sender, router, outbox.getIfAvailable(), observer);
	}

	@Bean
	@ConditionalOnMissingBean
	JobOperations jobOperations(QueueRouter router) {
		return new DefaultJobOperations(router);
	}

	@Bean
	JobExecutor jobExecutor(ConfigurableListableBeanFactory beanFactory, ArgumentCodec arguments,
			ObjectProvider<JobInterceptor> interceptors, ApplicationEventPublisher events, DeclaredJobs jobs,
			ObjectProvider<ObservationRegistry> observations, ObjectProvider<ExecuteObservationConvention> convention,
			ObjectProvider<SliceCheck> sliceCheck, JobsProperties properties, JobsClock clock) {
		ExecuteObserver observer = new ExecuteObserver(observations.getIfUnique(() -> ObservationRegistry.NOOP),
				convention.getIfAvailable(), knownQueues(jobs, properties));
		return new JobExecutor(new JobInvoker(beanFactory, arguments, interceptors.orderedStream().toList()), events,
				observer, properties.deadlineReserve(), iteration(properties.iteration()), arguments.cursors(),
				sliceCheck.getIfAvailable(), clock.get());
	}

	private static IterationSettings iteration(JobsProperties.Iteration iteration) {
		try {
			return new IterationSettings(iteration.maxSlice(), iteration.sliceDelay());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobsConfigurationException(List.of(String.valueOf(ex.getMessage())));
		}
	}

	// Names of queues come from outside, too: only known ones become tags of metrics.
	static Predicate<String> knownQueues(DeclaredJobs jobs, JobsProperties properties) {
		return (queue) -> jobs.get().hasQueue(queue) || properties.queues().containsKey(queue);
	}

	@Bean
	EventMessages jobEventMessages(DeclaredJobs jobs, ArgumentCodec arguments, ObjectProvider<PlatformEvents> platforms,
			JobsProperties properties, JobsClock clock) {
		boolean acknowledges = properties.events().unmatched() == JobsProperties.Unmatched.ACKNOWLEDGE;
		return new EventMessages(jobs, arguments, platforms.orderedStream().toList(), acknowledges, clock.get());
	}

	@Bean
	DeliveryProcessor jobDeliveryProcessor(JobMessageCodec codec, DeclaredJobs jobs, EventMessages eventMessages,
			JobExecutor executor, MessageSender sender, QueueRouter router, ApplicationEventPublisher events,
			JobsProperties properties, ObjectProvider<DeliveryMeters> meters, JobsClock clock) {
		ProcessorSettings settings = new ProcessorSettings(properties.signing().required(),
				properties.maxRedeliveries(), properties.unknownJob().maxDeferrals(), properties.earlyTolerance(),
				properties.deadLetter().logMessage(), properties.deadLetter().expired());
		return new DeliveryProcessor(codec, jobs, eventMessages, executor, sender, router, events, settings,
				meters.getIfAvailable(() -> DeliveryMeters.NONE), clock.get());
	}

	@Bean
	DeliveryBatch jobDeliveryBatch(DeliveryProcessor processor, JobsProperties properties, JobsClock clock,
			Environment environment) {
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("jobs-batch-");
		threads.setVirtualThreads(Threading.VIRTUAL.isActive(environment));
		threads.setDaemon(true);
		return new DeliveryBatch(processor, properties.endpoint().batchConcurrency(), threads, clock.get());
	}

	@Bean
	JobsLifecycle jobsLifecycle(DeliveryProcessor processor, ObjectProvider<JobWorker> workers, JobsStartCheck check,
			Environment environment, ConfigurableListableBeanFactory beanFactory) {
		boolean takesMessages = BackendOverride.of(beanFactory) == null;
		return new JobsLifecycle(processor, takesMessages ? workers.orderedStream().toList() : List.of(), check,
				environment);
	}

	@Bean
	JobsStartCheck jobsStartCheck(JobsProperties properties, DeclaredJobs jobs, QueueRouter router,
			JobMessageCodec codec, ObjectProvider<DeliveryPath> endpoint,
			ObjectProvider<DeliveryAuthenticator> authenticators, ObjectProvider<StartProblems> adapters,
			Environment environment) {
		boolean hasAuthenticators = authenticators.stream().findAny().isPresent();
		return new JobsStartCheck(properties, jobs, router, codec, endpoint.getIfAvailable(), hasAuthenticators,
				adapters.orderedStream().toList(), environment);
	}

	/**
	 * Waits for commits where Spring's transactions are there.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TransactionSynchronizationManager.class)
	@ConditionalOnBooleanProperty(name = "jobs.enqueue-after-commit", matchIfMissing = true)
	static class AfterCommitConfiguration {

		// How long a message of a committed transaction is tried again.
		private static final Duration RETRY_TIME = Duration.ofSeconds(10);

		@Bean
		AfterCommitOutbox jobAfterCommitOutbox(MessageSender sender, ApplicationEventPublisher events) {
			return new AfterCommitOutbox(sender, events, RETRY_TIME);
		}

	}

}
