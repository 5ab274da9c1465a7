package dev.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.adapter.inline.InlineJobAutoConfiguration;
import dev.backgroundjobs.adapter.local.LocalJobAutoConfiguration;
import dev.backgroundjobs.adapter.test.TestJobAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobDeliveryFilter;
import dev.backgroundjobs.dispatch.AfterCommitOutbox;
import dev.backgroundjobs.message.JobMessageCodec;
import jakarta.annotation.PostConstruct;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application gets, and what it is told when it cannot work.
 */
@ExtendWith(OutputCaptureExtension.class)
class JobsAutoConfigurationTests {

	private static final AutoConfigurations JOBS = AutoConfigurations.of(JobsAutoConfiguration.class,
			JobsEndpointAutoConfiguration.class, JobsActuatorAutoConfiguration.class, LocalJobAutoConfiguration.class,
			InlineJobAutoConfiguration.class, TestJobAutoConfiguration.class);

	private static final AutoConfigurations BOOT = AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
			JacksonAutoConfiguration.class, TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class,
			SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withAllowCircularReferences(false)
		.withConfiguration(JOBS);

	private final WebApplicationContextRunner web = new WebApplicationContextRunner().withAllowCircularReferences(false)
		.withConfiguration(JOBS);

	@Test
	void offersADispatcherOnTheLocalBackend() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(JobDispatcher.class)
				.hasSingleBean(JobOperations.class)
				.hasSingleBean(JobBackend.class);
			assertThat(context.getBean(JobBackend.class).name()).isEqualTo("local");
		});
	}

	@Test
	void standsBackForTheApplicationsDispatcher() {
		JobDispatcher own = org.mockito.Mockito.mock(JobDispatcher.class);
		this.runner.withBean(JobDispatcher.class, () -> own)
			.run((context) -> assertThat(context.getBean(JobDispatcher.class)).isSameAs(own));
	}

	@ParameterizedTest
	@ValueSource(strings = { "test", "Test", "TEST" })
	void matchesTheBackendRelaxedly(String name) {
		this.runner.withPropertyValues("jobs.backend=" + name)
			.run((context) -> assertThat(context.getBean(JobBackend.class).name()).isEqualTo("test"));
	}

	@Test
	void addsTheBackendOfAQueue() {
		this.runner.withPropertyValues("jobs.backend=test", "jobs.queues.bulk-mail.backend=inline")
			.run((context) -> assertThat(context.getBeansOfType(JobBackend.class).values()).extracting(JobBackend::name)
				.containsExactlyInAnyOrder("test", "inline"));
	}

	@Test
	void addsTheDelayBackendOfAQueue() {
		this.runner.withPropertyValues("jobs.backend=inline", "jobs.queues.bulk-mail.delay-backend=test")
			.run((context) -> assertThat(context).hasNotFailed().getBeans(JobBackend.class).hasSize(2));
	}

	@Test
	void readsAQueuesBackendFromTheEnvironment() {
		this.runner.withPropertyValues("jobs.backend=test")
			.withUserConfiguration(BulkMail.class)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("JOBS_QUEUES_BULKMAIL_BACKEND", "own"))))
			.withUserConfiguration(OwnBackend.class)
			.run((context) -> {
				context.getBean(JobDispatcher.class).enqueue(BulkMail::send);
				assertThat(context.getBean(RecordingJobBackend.class).sent).hasSize(1);
			});
	}

	@Test
	void selectsTheApplicationsBackendByItsName() {
		this.runner.withPropertyValues("jobs.backend=own")
			.withUserConfiguration(OwnBackend.class, BulkMail.class)
			.run((context) -> {
				assertThat(context).hasSingleBean(JobBackend.class);
				context.getBean(JobDispatcher.class).enqueue("bulkMail.send");
				assertThat(context.getBean(RecordingJobBackend.class).sent).hasSize(1);
			});
	}

	@Test
	void listsTheValidBackendsAndSuggestsTheNearest() {
		this.runner.withPropertyValues("jobs.backend=loacl").withUserConfiguration(OwnBackend.class).run((context) -> {
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("Property 'jobs.backend' is 'loacl'",
					"did you mean 'local'?");
			assertThat(analysis.getAction()).contains("inline", "lambda, local", "own", "test",
					"declare a JobBackend bean");
		});
	}

	@Test
	void namesSeveralUnknownBackendsAtOnce() {
		this.runner
			.withPropertyValues("jobs.backend=tset", "jobs.queues.a.backend=nowhere", "jobs.queues.b.delay-backend=nil")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription()).contains(
					"'jobs.backend' is 'tset'", "'jobs.queues.a.backend' is 'nowhere'",
					"'jobs.queues.b.delay-backend' is 'nil'"));
	}

	@Test
	void namesTheDependencyOfABackendWhoseLibraryIsMissing() {
		this.runner.withPropertyValues("jobs.backend=pigeon-post").run((context) -> {
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'pigeon-post', and the library of that backend is missing");
			assertThat(analysis.getAction()).isEqualTo("Add the dependency org.example:pigeon-client.");
		});
	}

	@Test
	void namesTheDependencyOfABackendWrittenWithUnderscores() {
		this.runner.withPropertyValues("jobs.backend=pigeon_post")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getAction())
				.isEqualTo("Add the dependency org.example:pigeon-client."));
	}

	@Test
	void listsAllDeclarationsThatCannotWork() {
		this.runner.withUserConfiguration(PrivateJob.class, ObjectJob.class).run((context) -> {
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("PrivateJob.run", "ObjectJob.run");
		});
	}

	@Test
	void listsArgumentsThatCannotBeReadWithTheRest() {
		this.runner.withUserConfiguration(PrivateJob.class, UnreadableJob.class).run((context) -> {
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("PrivateJob.run", "unreadableJob.run");
		});
	}

	@Test
	void refusesTwoDeclaredQueuesThatDifferOnlyInDashes() {
		this.runner.withUserConfiguration(BulkMail.class, BulkMailWithoutDash.class)
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription()).contains("'bulk-mail'",
					"'bulkmail'", "environment variables cannot carry"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobs.retry.max-attempts=0", "jobs.retry.backoff.multiplier=0.5",
			"jobs.retry.backoff.jitter-factor=2", "jobs.local.concurrency=0", "jobs.local.queues.a.concurrency=0" })
	void explainsAPropertyOutOfRange(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains(property.startsWith("jobs.retry") ? "jobs.retry" : property.replace("=0", "")));
	}

	@Test
	void explainsAKeyThatCannotBeUsed() {
		this.runner.withPropertyValues("jobs.signing.keys.k1=tooshort", "jobs.signing.key-id=k1").run((context) -> {
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("jobs.signing.keys.k1").doesNotContain("tooshort");
		});
	}

	@Test
	void explainsAKeyThatSomebodyTyped() {
		String typed = "changemechangemechangemechangemechangemechangeme";
		this.runner
			.withPropertyValues("jobs.encryption.keys.e1=" + TestKeys.secret("e1"), "jobs.signing.keys.k1=" + typed)
			.run((context) -> {
				FailureAnalysis analysis = analysis(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("'jobs.signing.keys.k1' repeats itself")
					.doesNotContain("change");
				assertThat(analysis.getAction()).isEqualTo("Change the key as described.");
			});
	}

	@Test
	void explainsAKeyForEncryptionThatNothingResolves() {
		this.runner.withPropertyValues("jobs.encryption.keys.e1=${JOBS_KEY_E1:${JOBS_KEY}}")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("'jobs.encryption.keys.e1' is a placeholder that nothing resolves"));
	}

	@Test
	void explainsASecretWithTwoUses() {
		String secret = TestKeys.secret("one");
		this.runner.withPropertyValues("jobs.signing.keys.k1=" + secret, "jobs.encryption.keys.e1=" + secret)
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("'jobs.encryption.keys.e1' is the same key as 'jobs.signing.keys.k1'"));
	}

	@Test
	void readsKeysForEncryptionFromTheEnvironment() {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("JOBS_ENCRYPTION_KEYID", "key-1", "JOBS_ENCRYPTION_KEYS_KEY1", TestKeys.secret("e1")))))
			.run((context) -> assertThat(context.getBean(JobMessageCodec.class).encrypts()).isTrue());
	}

	@Test
	void refusesRequiredSignaturesWithoutAKey() {
		this.runner.withPropertyValues("jobs.signing.required=true")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("'jobs.signing.required' is set and there is no key"));
	}

	@Test
	void refusesADeadLetterQueueOnTheLocalBackend() {
		this.runner.withPropertyValues("jobs.queues.reports.dead-letter=graveyard")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription()).contains(
					"'jobs.queues.reports.dead-letter' is 'graveyard'",
					"whose backend 'local' runs whatever it is given", "DeadJobEvent"));
	}

	@Test
	void refusesADelayBackendThatCannotDelay() {
		this.runner.withPropertyValues("jobs.queues.reports.delay-backend=inline")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("'jobs.queues.reports.delay-backend' is 'inline', which cannot delay"));
	}

	@Test
	void warnsOfAQueueThatNobodyDeclares(CapturedOutput output) {
		this.runner.withUserConfiguration(BulkMail.class)
			.withPropertyValues("jobs.queues.bulk-mial.backend=test")
			.run((context) -> assertThat(output).contains(
					"'jobs.queues.bulk-mial' names a queue that no job here declares: did you mean 'bulk-mail'?"));
	}

	@Test
	void saysInOneLineWhatIsConfigured(CapturedOutput output) {
		// Other tests of this process may have silenced the log.
		LoggingSystem logging = LoggingSystem.get(JobsStartCheck.class.getClassLoader());
		logging.setLogLevel(JobsStartCheck.class.getName(), LogLevel.INFO);
		try {
			this.web.withUserConfiguration(BulkMail.class)
				.run((context) -> assertThat(output.getOut().lines().filter((line) -> line.contains("Jobs on backend")))
					.singleElement()
					.asString()
					.contains("'local'", "1 jobs", "[bulk-mail]", "POST /_jobs", "nobody"));
		}
		finally {
			logging.setLogLevel(JobsStartCheck.class.getName(), null);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "K_SERVICE", "AWS_LAMBDA_FUNCTION_NAME" })
	void refusesTheLocalBackendInTheCloudUnlessWrittenOut(String variable) {
		this.runner.withPropertyValues(variable + "=x")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("write out 'jobs.backend=local'"));
		this.runner.withPropertyValues(variable + "=x", "jobs.backend=local")
			.run((context) -> assertThat(context).hasNotFailed());
		this.runner.withPropertyValues(variable + "=x", "jobs.backend=test")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void saysThatAnAuthenticatorDecidesWhoMayDeliver(CapturedOutput output) {
		LoggingSystem logging = LoggingSystem.get(JobsStartCheck.class.getClassLoader());
		logging.setLogLevel(JobsStartCheck.class.getName(), LogLevel.INFO);
		try {
			this.web.withUserConfiguration(BulkMail.class)
				.withBean(DeliveryAuthenticator.class, () -> (request) -> DeliveryAuthenticator.Decision.ABSTAIN)
				.run((context) -> assertThat(output)
					.contains("endpoint POST /_jobs for callers that a DeliveryAuthenticator accepts"));
		}
		finally {
			logging.setLogLevel(JobsStartCheck.class.getName(), null);
		}
	}

	@Test
	void analysesTheLocalBackendInTheCloud() {
		this.runner.withPropertyValues("K_SERVICE=x")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("No backend is chosen on Cloud Run"));
	}

	@Test
	void warnsOfTheLocalBackendOnKubernetes(CapturedOutput output) {
		this.runner.withPropertyValues("KUBERNETES_SERVICE_HOST=10.0.0.1").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("Backend 'local' keeps jobs in memory: a pod that is replaced forgets them");
		});
	}

	@Test
	void refusesToEnqueueWhileBeansAreCreated() {
		this.runner.withPropertyValues("jobs.backend=test")
			.withUserConfiguration(BulkMail.class, EagerCaller.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("ApplicationRunner")
				.hasMessageContaining("@PostConstruct"));
	}

	@Test
	void needsNoTransactions() {
		this.runner.withClassLoader(new FilteredClassLoader(TransactionSynchronizationManager.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JobDispatcher.class)
				.doesNotHaveBean(AfterCommitOutbox.class));
	}

	@Test
	void sendsAtOnceWhereThatIsAskedFor() {
		this.runner.withPropertyValues("jobs.enqueue-after-commit=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(AfterCommitOutbox.class));
	}

	@Test
	void hasNoEndpointWithoutServlets() {
		this.web.withClassLoader(new FilteredClassLoader(Filter.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
	}

	@Test
	void hasNoEndpointOutsideAWebApplication() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
	}

	@Test
	void hasNoEndpointInAReactiveApplication() {
		new ReactiveWebApplicationContextRunner().withConfiguration(JOBS)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JobDispatcher.class)
				.doesNotHaveBean(FilterRegistrationBean.class));
	}

	@Test
	void hasNoEndpointWhereItIsSwitchedOff() {
		this.web.withPropertyValues("jobs.endpoint.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
	}

	@Test
	void putsTheEndpointJustBeforeSpringSecurity() {
		this.web.withPropertyValues("jobs.endpoint.path=/hooks/jobs").run((context) -> {
			FilterRegistrationBean<?> registration = context.getBean("jobDeliveryFilter", FilterRegistrationBean.class);
			assertThat(registration.getFilter()).isInstanceOf(JobDeliveryFilter.class);
			assertThat(registration.getOrder()).isEqualTo(-101);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobs", "/", "/jobs/", "/jobs/*", "" })
	void refusesAnEndpointPathThatIsNone(String path) {
		this.web.withPropertyValues("jobs.endpoint.path=" + path)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("jobs.endpoint.path"));
	}

	@Test
	void needsNoActuator() {
		this.web.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobsActuatorEndpoint.class));
	}

	@Test
	void hidesTheActuatorEndpointByDefault() {
		this.web.run((context) -> assertThat(context).doesNotHaveBean(JobsActuatorEndpoint.class));
	}

	@Test
	void describesJobsAndQueues() {
		this.web.withPropertyValues("management.endpoints.web.exposure.include=jobs", "jobs.backend=test")
			.withUserConfiguration(BulkMail.class)
			.run((context) -> {
				Object description = context.getBean(JobsActuatorEndpoint.class).describe();
				JsonNode json = JsonMapper.builder().build().valueToTree(description);
				assertThat(json.propertyNames()).containsExactly("backend", "endpoint", "jobs", "queues");
				assertThat(json.get("backend").asString()).isEqualTo("test");
				assertThat(json.get("endpoint").toString()).isEqualTo("{\"path\":\"/_jobs\"}");
				assertThat(json.get("jobs").toString())
					.isEqualTo("[{\"name\":\"bulkMail.send\",\"aliases\":[\"mail.send\"],\"queue\":\"bulk-mail\","
							+ "\"maxAttempts\":5,\"timeout\":\"PT10M\"}]");
				assertThat(json.get("queues").propertyNames()).containsExactly("bulk-mail");
				assertThat(json.at("/queues/bulk-mail").propertyNames()).containsExactly("backend", "capabilities");
			});
	}

	@Test
	void addsNoBeanOfATypeThatBootStandsBackFor() {
		WebApplicationContextRunner bare = new WebApplicationContextRunner().withConfiguration(BOOT)
			.withUserConfiguration(Mvc.class);
		Map<Class<?>, List<String>> without = new java.util.LinkedHashMap<>();
		bare.run((context) -> without.putAll(displaceable(context)));
		bare.withConfiguration(JOBS).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(displaceable(context)).isEqualTo(without);
		});
		assertThat(without.get(Executor.class)).isNotEmpty();
		assertThat(without.get(JsonMapper.class)).isNotEmpty();
	}

	@Test
	void usesTheApplicationsClock() {
		Clock clock = Clock.fixed(java.time.Instant.parse("2026-03-01T10:11:12.345Z"), java.time.ZoneOffset.UTC);
		this.runner.withBean(Clock.class, () -> clock)
			.run((context) -> assertThat(context.getBean(JobsClock.class).get()).isSameAs(clock));
	}

	@Test
	void bindsWhatTheDesignPromises() {
		this.runner
			.withPropertyValues("jobs.backend=test", "jobs.retry.max-attempts=3", "jobs.retry.backoff.delay=1s",
					"jobs.queues.heavy.dead-letter=graveyard", "jobs.signing.audience=a",
					"jobs.dead-letter.log-message=always")
			.run((context) -> {
				JobsProperties properties = context.getBean(JobsProperties.class);
				assertThat(properties.retry().maxAttempts()).isEqualTo(3);
				assertThat(properties.retry().backoff().delay()).isEqualTo(Duration.ofSeconds(1));
				assertThat(properties.retry().backoff().jitterFactor()).isEqualTo(0.15);
				assertThat(properties.queues().get("heavy").deadLetter()).isEqualTo("graveyard");
				assertThat(context).hasSingleBean(DeliveryProcessor.class);
			});
	}

	@Test
	void describesEveryProperty() throws IOException {
		JsonNode metadata;
		try (var in = JobsProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			metadata = JsonMapper.builder().build().readTree(in);
		}
		List<String> names = new ArrayList<>();
		for (JsonNode property : metadata.get("properties")) {
			String name = property.get("name").asString();
			if (!name.startsWith("jobs.")) {
				continue;
			}
			names.add(name);
			assertThat(property.has("description")).as(name).isTrue();
			String description = property.get("description").asString();
			assertThat(description).as(name).doesNotStartWith("The ").doesNotStartWith("A ").isNotBlank();
			if (property.get("type").asString().equals("java.lang.Boolean")) {
				assertThat(description).as(name).startsWith("Whether");
			}
			assertThat(description.charAt(0)).as(name).isUpperCase();
			assertThat(description).as(name).endsWith(".");
		}
		assertThat(names).contains("jobs.backend", "jobs.enqueue-after-commit", "jobs.endpoint.path",
				"jobs.retry.backoff.jitter-factor", "jobs.local.concurrency", "jobs.signing.keys");
	}

	private static Map<Class<?>, List<String>> displaceable(ApplicationContext context) {
		Map<Class<?>, List<String>> names = new java.util.LinkedHashMap<>();
		for (Class<?> type : List.of(Executor.class, TaskScheduler.class, JsonMapper.class, SecurityFilterChain.class,
				Clock.class)) {
			names.put(type, Arrays.stream(context.getBeanNamesForType(type)).sorted().toList());
		}
		return names;
	}

	private static FailureAnalysis analysis(@org.jspecify.annotations.Nullable Throwable failure) {
		assertThat(failure).isNotNull();
		FailureAnalysis analysis = new JobsFailureAnalyzer().analyze(failure);
		assertThat(analysis).as("analysis of %s", failure).isNotNull();
		return analysis;
	}

	static class BulkMail {

		@BackgroundJob(queue = "bulk-mail", aliases = "mail.send", timeout = "10m")
		void send() {
		}

	}

	static class BulkMailWithoutDash {

		@BackgroundJob(queue = "bulkmail")
		void send() {
		}

	}

	static class PrivateJob {

		@BackgroundJob
		private void run() {
		}

	}

	static class ObjectJob {

		@BackgroundJob
		void run(Object argument) {
		}

	}

	static class UnreadableJob {

		@BackgroundJob
		void run(Comparable<String> argument) {
		}

	}

	static class EagerCaller {

		private final JobDispatcher jobs;

		EagerCaller(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@PostConstruct
		void call() {
			this.jobs.enqueue(BulkMail::send);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBackend {

		@Bean
		RecordingJobBackend ownBackend() {
			return new RecordingJobBackend("own", BackendCapabilities.none());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@org.springframework.web.servlet.config.annotation.EnableWebMvc
	static class Mvc {

	}

}
