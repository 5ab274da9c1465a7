package dev.backgroundjobs.adapter.pubsub;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.google.cloud.spring.pubsub.core.PubSubTemplate;
import com.google.cloud.spring.pubsub.support.PublisherFactory;
import com.google.cloud.spring.pubsub.support.SubscriberFactory;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.adapter.google.GoogleAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsEndpointAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is found out when the application starts.
 */
class PubSubStartTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(JobsAutoConfiguration.class,
			JobsEndpointAutoConfiguration.class, GoogleAutoConfiguration.class, PubSubJobAutoConfiguration.class);

	private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
		.withUserConfiguration(Templates.class)
		.withBean("letters", Letters.class)
		.withPropertyValues("jobs.backend=pubsub", "jobs.google-oidc.audience=https://paperwork.example.com",
				"jobs.google-oidc.emails=invoker@paperwork.iam.gserviceaccount.com", "jobs.pubsub.ack-deadline=60s");

	private final ApplicationContextRunner puller = new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
		.withUserConfiguration(Templates.class)
		.withBean("letters", Letters.class)
		.withPropertyValues("jobs.backend=pubsub");

	@Test
	void createsNothingBeforeItIsNeeded() {
		this.web.run((context) -> {
			assertThat(context).hasNotFailed();
			Mockito.verifyNoInteractions(context.getBean(SubscriberFactory.class),
					context.getBean(PublisherFactory.class));
		});
	}

	@Test
	void namesTheDependencyThatIsMissing() {
		this.puller.withClassLoader(new FilteredClassLoader(PubSubTemplate.class))
			.run((context) -> assertThat(actions(context.getStartupFailure()))
				.containsExactly("Add the dependency com.google.cloud:spring-cloud-gcp-starter-pubsub."));
	}

	private static List<String> actions(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, ArgumentResolver.none(), FailureHandler.handleMessage((message, cause) -> {
			}))
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.map(FailureAnalysis::getAction)
			.toList();
	}

	@Test
	void saysThatSpringCloudGcpIsSwitchedOff() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withPropertyValues("jobs.backend=pubsub")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("spring.cloud.gcp.pubsub.enabled=false"));
	}

	@Test
	void refusesAnEndpointThatLetsNobodyIn() {
		new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withUserConfiguration(Templates.class)
			.withBean("letters", Letters.class)
			.withPropertyValues("jobs.backend=pubsub", "jobs.pubsub.ack-deadline=60s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("jobs.google-oidc.audience", "a signature is not looked for",
						"jobs.pubsub.worker.enabled"));
	}

	@Test
	void refusesATimeoutThatAPushDoesNotWaitFor() {
		assertProblem(this.web, "Job 'letters.print' has a timeout of PT1M, a subscription that pushes waits for PT20S",
				"jobs.pubsub.ack-deadline=20s");
	}

	@Test
	void acceptsATimeoutWhereNothingIsPushed() {
		this.puller.withPropertyValues("jobs.pubsub.ack-deadline=20s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesATimeoutThatTheWorkerDoesNotWaitFor() {
		assertProblem(this.web, "Job 'letters.print' has a timeout of PT1M, the worker keeps a message for PT30S",
				"jobs.pubsub.worker.enabled=true", "jobs.pubsub.worker.max-lease=30s");
	}

	@Test
	void refusesTimesAndNumbersThatPubSubDoesNotKnow() {
		assertProblem(this.web, "'jobs.pubsub.ack-deadline' is PT11M: give 10s to 600s",
				"jobs.pubsub.ack-deadline=11m");
		assertProblem(this.web, "'jobs.pubsub.worker.release-delay' is PT11M: give 0s to 600s",
				"jobs.pubsub.worker.release-delay=11m");
		assertProblem(this.web, "'jobs.pubsub.worker.concurrency' is 0: give 1 to 1000",
				"jobs.pubsub.worker.concurrency=0");
		assertProblem(this.web, "'jobs.pubsub.queues.default.concurrency' is 2000",
				"jobs.pubsub.queues.default.concurrency=2000");
	}

	@Test
	void refusesNamesThatPubSubDoesNotTake() {
		assertProblem(this.web, "Queue 'default' has the topic 'ab', which is no id of Pub/Sub: 3 to 255",
				"jobs.pubsub.queues.default.topic=ab");
		assertProblem(this.web, "has the topic 'google-mail', which is no id",
				"jobs.pubsub.queues.default.topic=google-mail");
		assertProblem(this.web, "'jobs.pubsub.queues.default.subscription' is 'a b', which is no id",
				"jobs.pubsub.queues.default.subscription=a b");
	}

	@Test
	void acceptsPathsOfTopicsAndSubscriptions() {
		this.web
			.withPropertyValues("jobs.pubsub.queues.default.topic=projects/other/topics/letters",
					"jobs.pubsub.queues.default.subscription=projects/other/subscriptions/letters")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesAnOrderedQueueWhoseAttemptsNobodyCounts() {
		assertProblem(this.web, "Queue 'default' is ordered, so that Pub/Sub must count attempts",
				"jobs.pubsub.queues.default.ordered=true");
	}

	@Test
	void refusesAnOrderedQueueThatPubSubGivesUpBeforeItsJobs() {
		assertProblem(this.web, "Job 'letters.send' has 5 attempts, and Pub/Sub gives up after 5 on its ordered queue",
				"jobs.pubsub.queues.default.ordered=true", "jobs.pubsub.queues.default.max-delivery-attempts=5");
	}

	@Test
	void refusesDeliveryAttemptsThatNoPolicyAllows() {
		assertProblem(this.web, "max-delivery-attempts' is 101, a dead-letter policy of Pub/Sub allows 5 to 100",
				"jobs.pubsub.queues.default.max-delivery-attempts=101");
	}

	@Test
	void warnsOfAPolicyThatCountsOutages() {
		try (CapturedLog log = new CapturedLog()) {
			this.web.withPropertyValues("jobs.pubsub.queues.default.max-delivery-attempts=24")
				.run((context) -> assertThat(context).hasNotFailed());
			this.web.withPropertyValues("jobs.pubsub.queues.default.max-delivery-attempts=25")
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(log.lines()).filteredOn((line) -> line.contains("max-delivery-attempts"))
				.singleElement()
				.asString()
				.startsWith("WARN")
				.contains("is 24", "25 or more");
		}
	}

	private static void assertProblem(WebApplicationContextRunner runner, String problem, String... properties) {
		List<Throwable> failures = new ArrayList<>();
		runner.withPropertyValues(properties).run((context) -> failures.add(context.getStartupFailure()));
		assertThat(failures).singleElement()
			.satisfies((failure) -> assertThat(NestedExceptionUtils.getMostSpecificCause(failure))
				.hasMessageContaining(problem));
	}

	static class Letters {

		@BackgroundJob
		void send() {
		}

		@BackgroundJob(timeout = "60s")
		void print() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Templates {

		@Bean
		PublisherFactory publisherFactory() {
			return Mockito.mock(PublisherFactory.class);
		}

		@Bean
		SubscriberFactory subscriberFactory() {
			return Mockito.mock(SubscriberFactory.class);
		}

		@Bean
		PubSubTemplate pubSubTemplate(PublisherFactory publishers, SubscriberFactory subscribers) {
			return new PubSubTemplate(publishers, subscribers);
		}

	}

}
