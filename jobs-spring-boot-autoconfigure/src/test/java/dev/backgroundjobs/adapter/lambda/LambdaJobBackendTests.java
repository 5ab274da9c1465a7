package dev.backgroundjobs.adapter.lambda;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.adapter.aws.AwsTarget;
import dev.backgroundjobs.adapter.lambda.TestLambda.Invocation;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the backend asks of Lambda through the SDK, and what it makes of the answers.
 * Lambda is a {@link TestLambda double}.
 */
class LambdaJobBackendTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private TestLambda lambda;

	private ApplicationContextRunner runner;

	@BeforeEach
	void startLambda() throws IOException {
		this.lambda = new TestLambda();
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, LambdaJobAutoConfiguration.class))
			.withBean(LambdaJobCustomizer.class, TestLambda::credentials)
			.withPropertyValues(this.lambda.properties());
	}

	@AfterEach
	void stopLambda() {
		this.lambda.close();
	}

	@Test
	void invokesTheFunctionWithTheMessageAndWaitsForNoResult() {
		run((context) -> {
			String backendId = backend(context).enqueue(message("default"));
			Invocation invocation = this.lambda.invocations.get(0);
			assertThat(this.lambda.invocations).hasSize(1);
			assertThat(backendId).isEqualTo(invocation.id());
			assertThat(invocation.function()).isEqualTo("paperwork-jobs");
			assertThat(invocation.qualifier()).isNull();
			assertThat(invocation.type()).isEqualTo("Event");
			assertThat(invocation.payload()).isEqualTo(encoded(context));
			assertThat(JSON.readTree(invocation.payload()).get("job").asString()).isEqualTo("letters.send");
		});
	}

	@Test
	void invokesTheVersionThatIsNamed() {
		run((context) -> {
			backend(context).enqueue(message("bulk-mail"));
			assertThat(this.lambda.invocations.get(0).function()).isEqualTo(TestLambda.ARN + "bulk");
			assertThat(this.lambda.invocations.get(0).qualifier()).isEqualTo("live");
		}, "jobs.lambda.queues.bulkmail.function=" + TestLambda.ARN + "bulk",
				"jobs.lambda.queues.bulkmail.qualifier=live");
	}

	@Test
	void sendsAProtectedMessageAsOneJsonString() {
		run((context) -> {
			backend(context).enqueue(message("default"));
			String payload = this.lambda.invocations.get(0).payload();
			assertThat(JSON.readTree(payload).asString()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
		}, "jobs.signing.keys.k1=" + TestKeys.secret("k1"), "jobs.signing.key-id=k1");
	}

	@Test
	void cannotDelay() {
		run((context) -> {
			assertThat(backend(context).capabilities().maxDelay()).isZero();
			assertThatExceptionOfType(SchedulingNotSupportedException.class)
				.isThrownBy(() -> backend(context).enqueueAt(message("default"), Instant.EPOCH))
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
			assertThat(capabilities.maxMessageBytes()).isEqualTo(984_000);
		});
	}

	@Test
	void refusesAQueueWithoutAFunction() {
		run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> backend(context).enqueue(message("reports")))
			.withMessageContaining("'jobs.lambda.queues.reports.function'"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					404 | ResourceNotFoundException | Lambda has no function 'paperwork-jobs' of queue 'default': create it, or set 'jobs.lambda.queues.default.function'
					403 | AccessDeniedException     | allow them lambda:InvokeFunction
					429 | TooManyRequestsException  | 'jobs.lambda.concurrency'
					413 | RequestTooLargeException  | Lambda takes 984000 bytes
					500 | ServiceException          | Lambda refuses lambda:InvokeFunction for function 'paperwork-jobs' of queue 'default'
					""")
	void saysWhatToDoWhenLambdaRefuses(int status, String type, String advice) {
		this.lambda.refuse(status, type);
		run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> backend(context).enqueue(message("default")))
			.withMessageContaining(advice)
			.withMessageContaining("queue 'default'")
			.withCauseInstanceOf(software.amazon.awssdk.core.exception.SdkException.class));
	}

	@Test
	void takesNoOtherStatusForASuccess() {
		this.lambda.acceptWith(204);
		run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> backend(context).enqueue(message("default")))
			.withMessageContaining("answered 204 for function 'paperwork-jobs'"));
	}

	@Test
	void invokesAsManyFunctionsAtOnceAsConfigured() {
		Semaphore answers = new Semaphore(0);
		this.lambda.answers = answers;
		run((context) -> {
			List<JobMessage> messages = IntStream.range(0, 10).mapToObj((i) -> message("default")).toList();
			CompletableFuture<List<SendResult>> sent = CompletableFuture
				.supplyAsync(() -> backend(context).enqueueAll(messages));
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.lambda.open.get() == 3);
			assertThat(sent).isNotDone();
			answers.release(10);
			List<SendResult> results = sent.orTimeout(30, TimeUnit.SECONDS).join();
			assertThat(results).hasSize(10).allMatch((result) -> result instanceof SendResult.Sent);
			assertThat(this.lambda.mostOpen).hasValue(3);
		}, "jobs.lambda.concurrency=3");
	}

	@Test
	void saysWhichMessagesOfSeveralFailed() {
		run((context) -> {
			List<SendResult> results = backend(context).enqueueAll(List.of(message("reports"), message("default")));
			assertThat(results.get(0)).isInstanceOf(SendResult.Failed.class);
			assertThat(results.get(1)).isEqualTo(new SendResult.Sent(this.lambda.invocations.get(0).id()));
		});
	}

	@Test
	void knowsTheArnOfAFunctionThatIsGivenByArn() {
		run((context) -> {
			AwsTarget target = context.getBean(AwsTarget.class);
			assertThat(target.backend()).isEqualTo("lambda");
			assertThat(target.arn("bulk")).isEqualTo(TestLambda.ARN + "bulk:live");
			assertThat(target.arn("version")).isEqualTo(TestLambda.ARN + "bulk:7");
			assertThat(this.lambda.lookups).hasValue(0);
		}, "jobs.lambda.queues.bulk.function=" + TestLambda.ARN + "bulk", "jobs.lambda.queues.bulk.qualifier=live",
				"jobs.lambda.queues.version.function=" + TestLambda.ARN + "bulk:7");
	}

	@Test
	void asksOnceForTheArnOfAFunctionThatIsGivenByName() {
		run((context) -> {
			AwsTarget target = context.getBean(AwsTarget.class);
			assertThat(target.arn("default")).isEqualTo(TestLambda.ARN + "paperwork-jobs");
			assertThat(target.arn("default")).isEqualTo(TestLambda.ARN + "paperwork-jobs");
			assertThat(this.lambda.lookups).hasValue(1);
			assertThat(target.arn("reports")).isNull();
		});
	}

	@Test
	void saysWhichRightIsMissingToAskForTheArn() {
		this.lambda.refuse(403, "AccessDeniedException");
		run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> context.getBean(AwsTarget.class).arn("default"))
			.withMessageContaining("lambda:GetFunctionConfiguration"));
	}

	private void run(Assertions assertions, String... properties) {
		this.runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			assertions.accept(context);
		});
	}

	private static JobBackend backend(ApplicationContext context) {
		return context.getBean(LambdaJobBackend.class);
	}

	private static String encoded(ApplicationContext context) {
		return context.getBean(JobMessageCodec.class).encode(message("default")).text();
	}

	private static JobMessage message(String queue) {
		return JobMessage
			.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", queue, "[\"Grüße\"]", Instant.EPOCH)
			.build();
	}

	@FunctionalInterface
	private interface Assertions {

		void accept(ApplicationContext context);

	}

}
