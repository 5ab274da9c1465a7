package dev.backgroundjobs.adapter.cloudrun;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import com.google.cloud.run.v2.JobsClient;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What is found out when the application starts, and what only when it enqueues.
 */
class CloudRunStartTests {

	private static final String[] COMPLETE = { "jobs.cloud-run.project=paperwork",
			"jobs.cloud-run.location=europe-west1", "jobs.cloud-run.queues.default.job=paperwork-jobs" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, CloudRunJobAutoConfiguration.class))
		.withBean("letters", Letters.class)
		.withPropertyValues("jobs.backend=cloud-run");

	@Test
	void startsWithoutCredentialsAndNetwork() {
		this.runner.withPropertyValues(COMPLETE).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void namesTheDependencyThatIsMissing() {
		this.runner.withClassLoader(new FilteredClassLoader(JobsClient.class))
			.run((context) -> assertThat(actions(context.getStartupFailure()))
				.containsExactly("Add the dependency com.google.cloud:google-cloud-run."));
	}

	@Test
	void asksForProjectLocationAndJob() {
		this.runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("Property 'jobs.cloud-run.project' is not set")
			.hasMessageContaining("Property 'jobs.cloud-run.location' is not set")
			.hasMessageContaining("Queue 'default' has backend 'cloud-run' and no Cloud Run job: set "
					+ "'jobs.cloud-run.queues.default.job'"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					concurrency=0               | Property 'jobs.cloud-run.concurrency' is 0: give 1 or more
					queues.default.tasks=0      | Property 'jobs.cloud-run.queues.default.tasks' is 0, an execution has 1 to 10,000 tasks
					queues.default.tasks=10001  | Property 'jobs.cloud-run.queues.default.tasks' is 10001
					queues.default.timeout=169h | Property 'jobs.cloud-run.queues.default.timeout' is PT169H, Cloud Run allows 1 s to 168 h
					queues.default.timeout=10ms | Property 'jobs.cloud-run.queues.default.timeout' is PT0.01S
					queues.default.job=a/jobs/b | Property 'jobs.cloud-run.queues.default.job' is 'a/jobs/b': give the name alone
					queues.other.tasks=2        | Property 'jobs.cloud-run.queues.other.job' is not set
					""")
	void refusesWhatCloudRunHasNot(String property, String problem) {
		this.runner.withPropertyValues(COMPLETE)
			.withPropertyValues("jobs.cloud-run." + property)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(problem));
	}

	@Test
	void refusesATimeoutThatNoTaskHas() {
		this.runner.withPropertyValues(COMPLETE)
			.withBean("marathons", Marathons.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(
						"Job 'marathons.run' has a timeout of PT168H, and Cloud Run stops a task after " + "168 h")
				.hasMessageNotContaining("marathons.almost"));
	}

	@Test
	void refusesAnIterationThatEveryTaskWouldWalk() {
		this.runner.withPropertyValues(COMPLETE)
			.withPropertyValues("jobs.cloud-run.queues.default.tasks=4")
			.withBean("walks", Walks.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("Job 'walks.go' is an iteration, and each of the 4 tasks of queue 'default' "
						+ "would walk all of it: remove 'jobs.cloud-run.queues.default.tasks'")
				.hasMessageContaining("parallel(4)"));
	}

	@ParameterizedTest
	@CsvSource({ "CLOUD_RUN_EXECUTION, 20, true", "CLOUD_RUN_EXECUTION, 5, false", "K_SERVICE, 20, false" })
	void warnsATaskThatCloudRunGivesUpFirst(String variable, int maxRedeliveries, boolean warns) {
		try (CapturedLog log = new CapturedLog()) {
			this.runner.withPropertyValues(COMPLETE)
				.withPropertyValues(variable + "=paperwork-jobs-abcde", "jobs.max-redeliveries=" + maxRedeliveries)
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(
					log.lines().stream().anyMatch((line) -> line.startsWith("WARN Property 'jobs.max-redeliveries'")))
				.isEqualTo(warns);
		}
	}

	@Test
	void saysThatThereAreNoCredentials() {
		this.runner.withPropertyValues(COMPLETE).run((context) -> {
			assumeTrue(hasNoCredentials(), "SKIPPED: this machine has application default credentials");
			assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> context.getBean(CloudRunJobBackend.class).enqueue(message()))
				.withMessageContaining("Backend 'cloud-run' has no credentials")
				.withMessageContaining("gcloud auth application-default login");
		});
	}

	// Where Google's library looks for them.
	private static boolean hasNoCredentials() {
		Path file = Path.of(System.getProperty("user.home"), ".config/gcloud/application_default_credentials.json");
		return System.getenv("GOOGLE_APPLICATION_CREDENTIALS") == null && !Files.exists(file);
	}

	@Test
	void saysThatCloudRunWasNotReached() {
		this.runner.withPropertyValues(COMPLETE)
			.withPropertyValues("jobs.cloud-run.endpoint=127.0.0.1:9")
			.run((context) -> assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> context.getBean(CloudRunJobBackend.class).enqueue(message()))
				.withMessageContaining("Cloud Run was not reached for job 'paperwork-jobs' of queue 'default'"));
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

		@BackgroundJob(timeout = "168h")
		void run() {
		}

		@BackgroundJob(timeout = "167h")
		void almost() {
		}

	}

	static class Walks {

		@BackgroundJob
		Iteration<Long> go() {
			return Iteration.over(Sources.range(0, 8)).each((item) -> {
			}).parallel(4);
		}

	}

}
