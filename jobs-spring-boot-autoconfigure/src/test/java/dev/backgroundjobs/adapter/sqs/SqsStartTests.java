package dev.backgroundjobs.adapter.sqs;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.adapter.aws.AwsTarget;
import dev.backgroundjobs.adapter.local.LocalJobAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.JobBackend;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is found out when the application starts.
 */
class SqsStartTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, SqsJobAutoConfiguration.class))
		.withBean("letters", Letters.class)
		.withPropertyValues("jobs.backend=sqs");

	@Test
	void createsNoClientBeforeItIsNeeded() {
		SqsJobCustomizer customizer = (builder) -> {
			throw new AssertionError("a client is made");
		};
		this.application.withBean(SqsJobCustomizer.class, () -> customizer)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(SqsJobBackend.class)
				.hasSingleBean(AwsTarget.class));
	}

	@Test
	void isNotThereForAnotherBackend() {
		this.application.withPropertyValues("jobs.backend=local")
			.withConfiguration(AutoConfigurations.of(LocalJobAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SqsJobBackend.class));
	}

	@Test
	void servesAQueueBesideAnotherBackend() {
		this.application.withPropertyValues("jobs.backend=local", "jobs.queues.mail.backend=sqs")
			.withConfiguration(AutoConfigurations.of(LocalJobAutoConfiguration.class))
			.run((context) -> assertThat(context.getBeansOfType(JobBackend.class)).hasSize(2));
	}

	@Test
	void namesTheDependencyThatIsMissing() {
		this.application.withClassLoader(new FilteredClassLoader(SqsClient.class))
			.run((context) -> assertThat(actions(context.getStartupFailure()))
				.containsExactly("Add the dependency software.amazon.awssdk:sqs."));
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
	void saysNothingAtTheStartOfWhereDeadJobsAreKept() {
		try (CapturedLog log = new CapturedLog()) {
			this.application.run((context) -> assertThat(context).hasNotFailed());
			assertThat(log.lines()).noneMatch((line) -> line.startsWith("WARN"));
		}
	}

	@Test
	void knowsFifoQueuesByTheirNames() {
		this.application
			.withPropertyValues("jobs.sqs.queues.ledger.name=ledger.fifo",
					"jobs.sqs.queues.bulkmail.url=https://sqs.eu-west-1.amazonaws.com/123456789012/bulk.fifo")
			.run((context) -> {
				SqsQueues queues = context.getBean(SqsQueues.class);
				assertThat(queues.isFifo("ledger")).isTrue();
				assertThat(queues.isFifo("bulk-mail")).isTrue();
				assertThat(queues.isFifo("default")).isFalse();
				JobBackend backend = context.getBean(JobBackend.class);
				assertThat(backend.capabilities("ledger").orderedQueues()).isTrue();
				assertThat(backend.capabilities("ledger").maxDelay()).isZero();
				assertThat(backend.capabilities("default").orderedQueues()).isFalse();
			});
	}

	@Test
	void knowsTheConcurrencyOfAQueue() {
		this.application.withPropertyValues("jobs.sqs.worker.concurrency=7", "jobs.sqs.queues.bulkmail.concurrency=2")
			.run((context) -> {
				SqsQueues queues = context.getBean(SqsQueues.class);
				assertThat(queues.concurrency("bulk-mail")).isEqualTo(2);
				assertThat(queues.concurrency("default")).isEqualTo(7);
			});
	}

	@Test
	void refusesTimesAndNumbersThatSqsDoesNotKnow() {
		assertProblem("'jobs.sqs.worker.wait-time' is PT21S: give 0s to 20s", "jobs.sqs.worker.wait-time=21s");
		assertProblem("'jobs.sqs.worker.visibility-timeout' is PT9S: give 10s to 43200s",
				"jobs.sqs.worker.visibility-timeout=9s");
		assertProblem("'jobs.sqs.worker.visibility-timeout' is PT13H", "jobs.sqs.worker.visibility-timeout=13h");
		assertProblem("'jobs.sqs.worker.max-lease' is PT13H: give 10s to 43200s", "jobs.sqs.worker.max-lease=13h");
		assertProblem("'jobs.sqs.worker.release-delay' is PT13H: give 0s to 43200s",
				"jobs.sqs.worker.release-delay=13h");
		assertProblem("'jobs.sqs.worker.concurrency' is 0: give 1 or more", "jobs.sqs.worker.concurrency=0");
		assertProblem("'jobs.sqs.queues.default.concurrency' is -1", "jobs.sqs.queues.default.concurrency=-1");
	}

	@Test
	void refusesAddressesThatLeadToNoQueue() {
		assertProblem("'jobs.sqs.queues.default.url' is 'sqs.eu-west-1.amazonaws.com', which is no address of a queue",
				"jobs.sqs.queues.default.url=sqs.eu-west-1.amazonaws.com");
		assertProblem("'jobs.sqs.queues.default.url' is 'https://sqs.eu-west-1.amazonaws.com/', which is no address",
				"jobs.sqs.queues.default.url=https://sqs.eu-west-1.amazonaws.com/");
		assertProblem("is 'arn:aws:sqs:eu-west-1:123456789012:reports', which is no address of a queue",
				"jobs.sqs.queues.default.url=arn:aws:sqs:eu-west-1:123456789012:reports");
	}

	@Test
	void refusesAnEndpointThatIsNoAddress() {
		assertProblem("'jobs.sqs.endpoint' is 'localhost:9324', which is no address",
				"jobs.sqs.endpoint=localhost:9324");
	}

	@Test
	void refusesANameThatSqsDoesNotTake() {
		assertProblem("'jobs.sqs.queues.default.name' is 'a.b', which is no name of SQS",
				"jobs.sqs.queues.default.name=a.b");
		assertProblem("which is no name of SQS", "jobs.sqs.queues.default.name=" + "x".repeat(76) + ".fifo");
	}

	@Test
	void refusesAnAddressInAnotherRegion() {
		String url = "jobs.sqs.queues.default.url=https://sqs.us-east-1.amazonaws.com/123456789012/reports";
		assertProblem("of region 'us-east-1', and 'jobs.sqs.region' is 'eu-west-1'", url, "jobs.sqs.region=eu-west-1");
		this.application.withPropertyValues(url, "jobs.sqs.region=us-east-1")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesATimeoutThatTheWorkerDoesNotWaitFor() {
		assertProblem("Job 'letters.print' has a timeout of PT1M, the worker keeps a message for PT30S",
				"jobs.sqs.worker.enabled=true", "jobs.sqs.worker.max-lease=30s");
	}

	@Test
	void acceptsATimeoutWhereNothingIsReceived() {
		this.application.withPropertyValues("jobs.sqs.worker.max-lease=30s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private void assertProblem(String problem, String... properties) {
		List<Throwable> failures = new ArrayList<>();
		this.application.withPropertyValues(properties).run((context) -> failures.add(context.getStartupFailure()));
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

}
