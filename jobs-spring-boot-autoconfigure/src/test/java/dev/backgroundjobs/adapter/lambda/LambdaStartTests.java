package dev.backgroundjobs.adapter.lambda;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;

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
class LambdaStartTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, LambdaJobAutoConfiguration.class))
		.withBean("letters", Letters.class)
		.withPropertyValues("jobs.backend=lambda");

	@Test
	void startsWithoutRegionAndCredentials() {
		this.runner.withPropertyValues("jobs.lambda.queues.default.function=paperwork-jobs")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void namesTheDependencyThatIsMissing() {
		this.runner.withClassLoader(new FilteredClassLoader(LambdaClient.class))
			.run((context) -> assertThat(actions(context.getStartupFailure()))
				.containsExactly("Add the dependency software.amazon.awssdk:lambda."));
	}

	@Test
	void refusesAQueueWithoutAFunction() {
		assertProblem(
				"Queue 'default' has backend 'lambda' and no function: set " + "'jobs.lambda.queues.default.function'");
		assertProblem("Property 'jobs.lambda.queues.bulk.function' is not set",
				"jobs.lambda.queues.default.function=paperwork-jobs", "jobs.lambda.queues.bulk.qualifier=live");
	}

	@Test
	void refusesTwoVersionsOfOneFunction() {
		assertProblem("which names a version or alias, and so does 'jobs.lambda.queues.default.qualifier'",
				"jobs.lambda.queues.default.function=" + TestLambda.ARN + "jobs:7",
				"jobs.lambda.queues.default.qualifier=live");
	}

	@Test
	void refusesToInvokeNothingAtOnceOrMoreThanThereAreConnections() {
		assertProblem("Property 'jobs.lambda.concurrency' is 0: give 1 to 50", "jobs.lambda.concurrency=0");
		assertProblem("Property 'jobs.lambda.concurrency' is 51: give 1 to 50", "jobs.lambda.concurrency=51");
	}

	@Test
	void refusesATimeoutThatNoFunctionHas() {
		this.runner.withBean("marathons", Marathons.class)
			.withPropertyValues("jobs.lambda.queues.default.function=paperwork-jobs")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(
						"Job 'marathons.run' has a timeout of PT2H, Lambda stops functions after 15 min"));
	}

	@Test
	void warnsOfATimeoutThatOnlyManagedInstancesHave() {
		try (CapturedLog log = new CapturedLog()) {
			this.runner.withBean("walks", Walks.class)
				.withPropertyValues("jobs.lambda.queues.default.function=paperwork-jobs")
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(log.lines()).anyMatch((line) -> line.startsWith("WARN Job 'walks.go' has a timeout of PT1H,"));
		}
	}

	@Test
	void saysThatThereIsNoRegion() {
		withoutSurroundings(() -> this.runner.withBean(LambdaJobCustomizer.class, TestLambda::credentials)
			.withPropertyValues("jobs.lambda.queues.default.function=paperwork-jobs")
			.run((context) -> assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> context.getBean(LambdaJobBackend.class).enqueue(message()))
				.withMessageContaining("set 'jobs.lambda.region', or AWS_REGION")));
	}

	@Test
	void saysThatThereAreNoCredentials() {
		withoutSurroundings(() -> this.runner
			.withPropertyValues("jobs.lambda.queues.default.function=paperwork-jobs", "jobs.lambda.region=eu-central-1",
					"jobs.lambda.endpoint=http://127.0.0.1:9")
			.run((context) -> assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> context.getBean(LambdaJobBackend.class).enqueue(message()))
				.withMessageContaining("No credentials for function 'paperwork-jobs' of queue 'default'")));
	}

	@Test
	void saysThatLambdaWasNotReached() {
		this.runner.withBean(LambdaJobCustomizer.class, TestLambda::credentials)
			.withPropertyValues("jobs.lambda.queues.default.function=paperwork-jobs", "jobs.lambda.region=eu-central-1",
					"jobs.lambda.endpoint=http://127.0.0.1:9")
			.run((context) -> assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> context.getBean(LambdaJobBackend.class).enqueue(message()))
				.withMessageContaining("Lambda was not reached for function 'paperwork-jobs' of queue 'default'"));
	}

	// No metadata service is asked, and no file of the person who runs the tests.
	private static void withoutSurroundings(Runnable test) {
		List<String> properties = List.of("aws.disableEc2Metadata", "aws.sharedCredentialsFile", "aws.configFile");
		System.setProperty("aws.disableEc2Metadata", "true");
		System.setProperty("aws.sharedCredentialsFile", "none");
		System.setProperty("aws.configFile", "none");
		try {
			test.run();
		}
		finally {
			properties.forEach(System::clearProperty);
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

	private static JobMessage message() {
		return JobMessage
			.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", "[]", Instant.EPOCH)
			.build();
	}

	static class Letters {

		@BackgroundJob(timeout = "10m")
		void send() {
		}

	}

	static class Marathons {

		@BackgroundJob(timeout = "2h")
		void run() {
		}

	}

	static class Walks {

		@BackgroundJob(timeout = "1h")
		void go() {
		}

	}

}
