package dev.backgroundjobs.adapter.scheduler;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.scheduler.SchedulerClient;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is found out when the application starts, and what only when it enqueues.
 */
class SchedulerStartTests {

	private static final String PREFIX = "jobs.eventbridge-scheduler.";

	private static final String TARGET = PREFIX + "queues.default.target-arn=arn:aws:sqs:eu-central-1:1:letters";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, SchedulerJobAutoConfiguration.class))
		.withBean("letters", Letters.class)
		.withBean(RecordingJobBackend.class,
				() -> new RecordingJobBackend("platform", BackendCapabilities.none().withDurable()))
		.withPropertyValues("jobs.backend=platform", "jobs.queues.default.delay-backend=EventBridge_Scheduler",
				PREFIX + "role-arn=arn:aws:iam::123456789012:role/scheduler", TARGET);

	@Test
	void startsWithoutRegionAndCredentials() {
		this.runner.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void namesTheDependencyThatIsMissing() {
		this.runner.withClassLoader(new FilteredClassLoader(SchedulerClient.class))
			.run((context) -> assertThat(actions(context.getStartupFailure()))
				.containsExactly("Add the dependency software.amazon.awssdk:scheduler."));
	}

	@Test
	void refusesToBeTheBackendThatRunsJobs() {
		assertProblem("Property 'jobs.backend' is 'eventbridge-scheduler', which only holds messages until their time: "
				+ "name it in 'jobs.queues.<queue>.delay-backend'", "jobs.backend=eventbridge-scheduler");
		assertProblem("Property 'jobs.queues.default.backend' is 'eventbridge-scheduler', which only holds messages",
				"jobs.queues.default.backend=eventbridge-scheduler");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					role-arn=          | role-arn' is not set
					role-arn=scheduler | role-arn' is 'scheduler': give the ARN of a role
					max-attempts=-1    | max-attempts' is -1: give 0 to 185
					max-attempts=186   | max-attempts' is 186: give 0 to 185
					max-age=59s        | max-age' is PT59S: give 60s to 24h
					max-age=25h        | max-age' is PT25H: give 60s to 24h
					queues.default.target-arn=letters | target-arn' is 'letters', where EventBridge Scheduler delivers no messages
					queues.default.target-arn=arn:aws:states:eu-central-1:1:stateMachine:x | delivers no messages: give the ARN of an SQS queue
					queues.default.target-arn=arn:aws:sqs:eu-central-1:1:letters.fifo | letters.fifo', which keeps the order of its messages
					""")
	void refusesWhatEventBridgeSchedulerDoesNotTake(String property, String problem) {
		assertProblem(problem, PREFIX + property);
	}

	@Test
	void refusesAQueueOfWhichNobodyKnowsWhereItIs() {
		assertProblem(
				"Queue 'reports' has delay-backend 'eventbridge-scheduler', and its own backend is nowhere that "
						+ "it delivers to: set 'jobs.eventbridge-scheduler.queues.reports.target-arn'",
				"jobs.queues.reports.delay-backend=eventbridge-scheduler");
	}

	@Test
	void warnsWhenUndeliverableMessagesAreKeptNowhere() {
		assertThat(warnings()).anyMatch((line) -> line.contains("'jobs.eventbridge-scheduler.dead-letter-arn'"));
		assertThat(warnings(PREFIX + "dead-letter-arn=arn:aws:sqs:eu-central-1:1:dead"))
			.noneMatch((line) -> line.contains("dead-letter-arn"));
	}

	@Test
	void saysThatThereIsNoRegion() {
		System.setProperty("aws.disableEc2Metadata", "true");
		System.setProperty("aws.configFile", "none");
		try {
			JobMessage message = JobMessage
				.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", "[]", Instant.EPOCH)
				.build();
			this.runner.withBean(SchedulerJobCustomizer.class, TestScheduler::credentials)
				.run((context) -> assertThatExceptionOfType(JobException.class)
					.isThrownBy(() -> context.getBean(SchedulerJobBackend.class)
						.enqueueAt(message, Instant.now().plusSeconds(3_600)))
					.withMessageContaining("set 'jobs.eventbridge-scheduler.region', or AWS_REGION"));
		}
		finally {
			System.clearProperty("aws.disableEc2Metadata");
			System.clearProperty("aws.configFile");
		}
	}

	private List<String> warnings(String... properties) {
		try (CapturedLog log = new CapturedLog()) {
			this.runner.withPropertyValues(properties).run((context) -> assertThat(context).hasNotFailed());
			return log.lines().stream().filter((line) -> line.startsWith("WARN ")).toList();
		}
	}

	private void assertProblem(String problem, String... properties) {
		this.runner.withPropertyValues(properties)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(problem));
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

	static class Letters {

		@BackgroundJob
		void send() {
		}

	}

}
