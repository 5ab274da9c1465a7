package dev.backgroundjobs.adapter.cloudrun;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.run.v2.EnvVar;
import com.google.cloud.run.v2.RunJobRequest;
import com.google.cloud.run.v2.RunJobRequest.Overrides.ContainerOverride;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageBuilder;
import dev.backgroundjobs.message.JobMessageCodec;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the backend asks of Cloud Run through Google's client, and what it makes of the
 * answers. Cloud Run is a {@link TestCloudRun double}.
 */
class CloudRunJobBackendTests {

	private final TestCloudRun cloud = new TestCloudRun();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, CloudRunJobAutoConfiguration.class))
		.withBean("letters", Letters.class)
		.withPropertyValues(this.cloud.properties("default", "bulk-mail", "missing"));

	@AfterEach
	void stopCloud() {
		this.cloud.close();
	}

	@Test
	void runsTheJobOfTheQueueWithTheMessageInTheEnvironment() {
		run((context) -> {
			String backendId = backend(context).enqueue(message("default").build());
			RunJobRequest request = request();
			assertThat(request.getName()).isEqualTo(TestCloudRun.PARENT + "paperwork-default");
			assertThat(environment(request)).containsExactlyInAnyOrderEntriesOf(
					Map.of("JOBS_MESSAGE", encoded(context), "JOBS_SENDER", "cloud-run", "JOBS_TASKS", "1"));
			assertThat(container(request).getName()).isEmpty();
			assertThat(request.getOverrides().getTaskCount()).isEqualTo(1);
			assertThat(backendId).isEqualTo(this.cloud.last().name());
		});
	}

	@Test
	void knowsAnExecutionByItsOperationWhereThatDoesNotTell() {
		this.cloud.withoutMetadata = true;
		run((context) -> assertThat(backend(context).enqueue(message("default").build()))
			.isEqualTo("projects/paperwork/locations/europe-west1/operations/" + this.cloud.last().shortName()));
	}

	@Test
	void leavesTheTimeoutOfTheCloudRunJobToAJobThatHasNone() {
		run((context) -> {
			backend(context).enqueue(message("default").build());
			assertThat(request().getOverrides().hasTimeout()).isFalse();
		});
	}

	@Test
	void givesATaskTheTimeoutOfTheQueueWhereTheJobHasNone() {
		run((context) -> {
			backend(context).enqueue(message("default").build());
			assertThat(request().getOverrides().getTimeout().getSeconds()).isEqualTo(7200);
		}, "jobs.cloud-run.queues.default.timeout=2h");
	}

	@Test
	void givesATaskMoreThanTheTimeoutOfTheJob() {
		run((context) -> {
			backend(context).enqueue(job("letters.print", "default").build());
			assertThat(request().getOverrides().getTimeout().getSeconds()).isEqualTo(20 * 60 + 5 * 60);
		}, "jobs.cloud-run.queues.default.timeout=2h");
	}

	@Test
	void namesTheContainerThatIsConfigured() {
		run((context) -> {
			backend(context).enqueue(message("bulk-mail").build());
			assertThat(container(request()).getName()).isEqualTo("app");
		}, "jobs.cloud-run.queues.bulkmail.job=paperwork-bulk", "jobs.cloud-run.queues.bulkmail.container=app");
	}

	@Test
	void runsAPlainJobInAsManyTasksAsConfigured() {
		run((context) -> {
			backend(context).enqueue(message("default").build());
			assertThat(request().getOverrides().getTaskCount()).isEqualTo(12);
			assertThat(environment(request())).containsEntry("JOBS_TASKS", "12");
		}, "jobs.cloud-run.queues.default.tasks=12");
	}

	@Test
	void runsWhatReplacesATaskInOne() {
		run((context) -> {
			backend(context)
				.enqueue(message("default").parallel(new ParallelPart("01a20188-6a28-71f0-afe3-49c324578c12", 7, 12))
					.build());
			assertThat(request().getOverrides().getTaskCount()).isEqualTo(1);
			assertThat(environment(request())).containsEntry("JOBS_TASKS", "1");
		}, "jobs.cloud-run.queues.default.tasks=12");
	}

	@Test
	void runsAllPartsInOneExecution() {
		run((context) -> {
			JobMessage parent = message("default").iteration(IterationState.NEW.withRanges(List.of("2", "5"))).build();
			backend(context).enqueueParts(parent, 3);
			assertThat(this.cloud.requests).hasSize(1);
			assertThat(request().getOverrides().getTaskCount()).isEqualTo(3);
			assertThat(environment(request())).containsEntry("JOBS_TASKS", "3")
				.containsEntry("JOBS_MESSAGE", context.getBean(JobMessageCodec.class).encode(parent).text());
		});
	}

	@Test
	void letsACustomizerAddAVariable() {
		this.runner
			.withBean(CloudRunJobCustomizer.class,
					() -> (request, message) -> request.getOverridesBuilder()
						.getContainerOverridesBuilder(0)
						.addEnv(EnvVar.newBuilder().setName("TENANT").setValue(message.job())))
			.run((context) -> {
				backend(context).enqueue(message("default").build());
				assertThat(environment(request())).containsEntry("TENANT", "letters.send").containsKey("JOBS_MESSAGE");
			});
	}

	@Test
	void sendsAProtectedMessageAsItsText() {
		run((context) -> {
			backend(context).enqueue(message("default").build());
			assertThat(environment(request()).get("JOBS_MESSAGE")).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
		}, "jobs.signing.keys.k1=" + TestKeys.secret("k1"), "jobs.signing.key-id=k1");
	}

	// Signed and encrypted, with all that a successor may add.
	@Test
	void largestMessageFitsIntoAVariableWhenItHasGrown() {
		run((context) -> {
			JobMessageCodec codec = context.getBean(JobMessageCodec.class);
			int first = CloudRunJobBackend.MAX_MESSAGE_BYTES - 8 * 1024;
			JobMessage largest = messageOf("x".repeat(1));
			int letters = 1;
			while (codec.encode(messageOf("x".repeat(letters + 100))).bytes().length <= first) {
				letters += 100;
				largest = messageOf("x".repeat(letters));
			}
			JobMessage grown = messageOf("x".repeat(letters + 8 * 1024));
			assertThat(codec.encode(largest).bytes()).hasSizeBetween(first - 200, first);
			assertThat(codec.encode(grown).bytes()).hasSizeLessThan(32_768);
			backend(context).enqueue(grown);
		}, "jobs.signing.keys.k1=" + TestKeys.secret("k1"), "jobs.signing.key-id=k1",
				"jobs.encryption.keys.e1=" + TestKeys.secret("e1"), "jobs.encryption.key-id=e1");
	}

	@Test
	void cannotDelay() {
		run((context) -> {
			assertThat(backend(context).capabilities().maxDelay()).isZero();
			assertThatExceptionOfType(SchedulingNotSupportedException.class)
				.isThrownBy(() -> backend(context).enqueueAt(message("default").build(), Instant.EPOCH))
				.withMessageContaining("'jobs.queues.default.delay-backend'");
		});
	}

	@Test
	void keepsMessagesButNoneThatNobodyRuns() {
		run((context) -> {
			BackendCapabilities capabilities = backend(context).capabilities();
			assertThat(capabilities.durable()).isTrue();
			assertThat(capabilities.deduplicates()).isFalse();
			assertThat(capabilities.holdsDeadLetters()).isFalse();
		});
	}

	@Test
	void refusesAQueueWithoutAJob() {
		run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> backend(context).enqueue(message("reports").build()))
			.withMessageContaining("'jobs.cloud-run.queues.reports.job'"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			NOT_FOUND          | set 'jobs.cloud-run.queues.default.job' to the name it has
			PERMISSION_DENIED  | they need run.jobs.runWithOverrides on it, which roles/run.developer has
			PERMISSION_DENIED  | or 'jobs.cloud-run.location' does not exist
			UNAUTHENTICATED    | does not accept the credentials
			RESOURCE_EXHAUSTED | lower 'jobs.cloud-run.concurrency'
			UNAVAILABLE        | was not reached
			DEADLINE_EXCEEDED  | it may still run the message
			INVALID_ARGUMENT   | Cloud Run refuses run.jobs.runWithOverrides
			""")
	void saysWhatToDoWhenCloudRunRefuses(Status.Code code, String advice) {
		this.cloud.refuse(code.toStatus());
		run((context) -> {
			assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> backend(context).enqueue(message("default").build()))
				.withMessageContaining(advice)
				.withMessageContaining("job 'paperwork-default' of queue 'default'")
				.withCauseInstanceOf(ApiException.class);
			assertThat(backend(context).enqueueAll(List.of(message("default").build()))).singleElement()
				.isInstanceOfSatisfying(SendResult.Failed.class,
						(failed) -> assertThat(failed.cause()).hasMessageContaining(advice));
		});
	}

	@Test
	void namesTheContainerThatIsNotThere() {
		run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> backend(context).enqueue(message("default").build()))
			.withMessageContaining("container 'sidecar'"), "jobs.cloud-run.queues.default.container=sidecar");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PORT", "K_SERVICE", "CLOUD_RUN_TASK_COUNT" })
	void saysThatACustomizerHasSetWhatCloudRunDoes(String variable) {
		this.runner
			.withBean(CloudRunJobCustomizer.class,
					() -> (request, message) -> request.getOverridesBuilder()
						.getContainerOverridesBuilder(0)
						.addEnv(EnvVar.newBuilder().setName(variable).setValue("1")))
			.run((context) -> assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> backend(context).enqueue(message("default").build()))
				.withMessageContaining("env name '" + variable + "'"));
	}

	@Test
	void startsAsManyExecutionsAtOnceAsConfigured() {
		Semaphore answers = new Semaphore(0);
		this.cloud.answers = answers;
		run((context) -> {
			List<JobMessage> messages = IntStream.range(0, 10).mapToObj((i) -> message("default").build()).toList();
			CompletableFuture<List<SendResult>> sent = CompletableFuture
				.supplyAsync(() -> backend(context).enqueueAll(messages));
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.cloud.open.get() == 3);
			assertThat(sent).isNotDone();
			answers.release(10);
			assertThat(sent.orTimeout(30, TimeUnit.SECONDS).join()).hasSize(10)
				.allMatch((result) -> result instanceof SendResult.Sent);
			assertThat(this.cloud.mostOpen).hasValue(3);
		}, "jobs.cloud-run.concurrency=3");
	}

	@Test
	void saysWhichMessagesOfSeveralFailed() {
		run((context) -> {
			List<SendResult> results = backend(context)
				.enqueueAll(List.of(message("reports").build(), message("default").build()));
			assertThat(results.get(0)).isInstanceOf(SendResult.Failed.class);
			assertThat(results.get(1)).isEqualTo(new SendResult.Sent(this.cloud.last().name()));
		}, "jobs.cloud-run.queues.reports.job=missing");
	}

	@Test
	void tellsHowFarAnExecutionIs() {
		run((context) -> {
			EnqueuedJob job = enqueued(backend(context).enqueue(message("default").build()));
			assertThat(backend(context).status(job)).isEqualTo(JobStatus.QUEUED);
			this.cloud.last().start();
			assertThat(backend(context).status(job)).isEqualTo(JobStatus.RUNNING);
			this.cloud.runAll((variables) -> 0);
			assertThat(backend(context).status(job)).isEqualTo(JobStatus.SUCCEEDED);
		});
	}

	@Test
	void tellsThatAnExecutionHasFailed() {
		run((context) -> {
			EnqueuedJob job = enqueued(backend(context).enqueue(message("default").build()));
			this.cloud.runAll((variables) -> 65);
			assertThat(this.cloud.last().exitCodes(0)).containsExactly(65, 65, 65, 65);
			assertThat(backend(context).status(job)).isEqualTo(JobStatus.FAILED);
		});
	}

	@Test
	void cancelsAnExecutionThatHasNotEnded() {
		run((context) -> {
			EnqueuedJob job = enqueued(backend(context).enqueue(message("default").build()));
			assertThat(backend(context).cancel(job)).isTrue();
			assertThat(backend(context).status(job)).isEqualTo(JobStatus.UNKNOWN);
			assertThat(backend(context).cancel(job)).isFalse();
		});
	}

	@Test
	void doesNotCancelWhatHasEndedOrWasNeverThere() {
		run((context) -> {
			EnqueuedJob job = enqueued(backend(context).enqueue(message("default").build()));
			this.cloud.runAll((variables) -> 0);
			assertThat(backend(context).cancel(job)).isFalse();
			assertThat(backend(context).cancel(enqueued(TestCloudRun.PARENT + "paperwork-default/executions/other")))
				.isFalse();
			assertThat(backend(context).status(enqueued("operations/none"))).isEqualTo(JobStatus.UNKNOWN);
		});
	}

	@Test
	void saysWhichRightIsMissingToAskForAnExecution() {
		run((context) -> {
			EnqueuedJob job = enqueued(backend(context).enqueue(message("default").build()));
			this.cloud.refuse(Status.PERMISSION_DENIED);
			assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(context).status(job))
				.withMessageContaining("run.executions.get");
		});
	}

	private void run(Assertions assertions, String... properties) {
		this.runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			assertions.accept(context);
		});
	}

	private RunJobRequest request() {
		return this.cloud.requests.get(this.cloud.requests.size() - 1);
	}

	private static ContainerOverride container(RunJobRequest request) {
		assertThat(request.getOverrides().getContainerOverridesCount()).isEqualTo(1);
		return request.getOverrides().getContainerOverrides(0);
	}

	private static Map<String, String> environment(RunJobRequest request) {
		Map<String, String> environment = new HashMap<>();
		container(request).getEnvList().forEach((variable) -> environment.put(variable.getName(), variable.getValue()));
		return environment;
	}

	private static CloudRunJobBackend backend(ApplicationContext context) {
		return context.getBean(CloudRunJobBackend.class);
	}

	private static String encoded(ApplicationContext context) {
		return context.getBean(JobMessageCodec.class).encode(message("default").build()).text();
	}

	private static EnqueuedJob enqueued(String backendId) {
		return new EnqueuedJob("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", null, backendId);
	}

	private static JobMessageBuilder message(String queue) {
		return job("letters.send", queue);
	}

	private static JobMessageBuilder job(String job, String queue) {
		return JobMessage.builder("01a20188-6a28-71f0-afe3-49c324578c12", job, queue,
				"[\"Grüße, $(HOME) ${HOME} \\\" \\n\"]", Instant.EPOCH);
	}

	private static JobMessage messageOf(String text) {
		return JobMessage
			.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", "[\"" + text + "\"]",
					Instant.EPOCH)
			.build();
	}

	@FunctionalInterface
	private interface Assertions {

		void accept(ApplicationContext context);

	}

	static class Letters {

		@BackgroundJob
		void send(String to) {
		}

		@BackgroundJob(timeout = "20m")
		void print(String to) {
		}

	}

}
