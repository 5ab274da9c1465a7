package dev.backgroundjobs.adapter.lambda;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.adapter.lambda.TestLambda.Invocation;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The handler under Lambda's real runtime client, in a process of its own as in a
 * function. Around it are doubles of our own: of the {@link TestRuntime Runtime API}, and
 * of the {@link TestLambda Invoke API} that the SDK calls.
 */
@Timeout(180)
class LambdaHandlerIT {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final JobMessageCodec CODEC = new JobMessageCodec(SigningKeys.none(), Clock.systemUTC());

	@TempDir
	private static Path directory;

	private static TestRuntime runtime;

	private static TestLambda lambda;

	private static RuntimeClient function;

	@BeforeAll
	static void startFunction() throws IOException {
		runtime = new TestRuntime();
		lambda = new TestLambda((invocation) -> runtime.invokeLater(invocation.id(), invocation.payload()));
		function = new RuntimeClient(directory, runtime, LambdaWorker.class.getName(), options());
		await("the start", () -> assertThat(function.told()).isNotEmpty());
	}

	@AfterAll
	static void stopFunction() {
		function.close();
		lambda.close();
		runtime.close();
	}

	@Test
	void startsOnceForAllInvocationsByItsOwnMainWithoutAWebServer() {
		for (int i = 0; i < 3; i++) {
			assertThat(runtime.invoke(encoded("letters.send", "default", "Edsger" + i))).contains("settlement");
		}
		await("the runs", () -> assertThat(function.told()).contains("ran send Edsger0, attempt 1",
				"ran send Edsger2, attempt 1"));
		assertThat(function.told().stream().filter((line) -> line.startsWith("started")))
			.containsExactly("started, profiles by-its-own-main, web server false");
		assertThat(function.output()).doesNotContain("Tomcat");
	}

	@Test
	void runsAJobThatAnApplicationEnqueues() {
		withApplication((context) -> {
			String backendId = context.getBean(JobDispatcher.class)
				.enqueue(LambdaWorker.Letters::send, "Ada")
				.backendId();
			assertThat(lambda.invocations).extracting(Invocation::id).contains(backendId);
			await("the run", () -> assertThat(function.told()).contains("ran send Ada, attempt 1"));
		});
	}

	@Test
	void runsASignedJob() {
		withApplication((context) -> {
			context.getBean(JobDispatcher.class).enqueue(LambdaWorker.Letters::send, "Barbara");
			await("the run", () -> assertThat(function.told()).contains("ran send Barbara, attempt 1"));
		}, "jobs.signing.key-id=k1");
	}

	@Test
	void runsWhatAJobEnqueues() {
		withApplication((context) -> {
			context.getBean(JobDispatcher.class).enqueue(LambdaWorker.Letters::announce, "Donald");
			await("both runs", () -> assertThat(function.told()).contains("ran announce Donald, attempt 1",
					"ran send Donald, attempt 1"));
		});
	}

	@Test
	void retriesAFailedJobByInvokingItself() {
		withApplication((context) -> {
			context.getBean(JobDispatcher.class).enqueue(LambdaWorker.Letters::fail, "Tony");
			await("both runs",
					() -> assertThat(function.told()).contains("ran fail Tony, attempt 1", "ran fail Tony, attempt 2"));
		});
	}

	@Test
	void tellsExactlyWhichMessagesOfABatchAreToComeAgain() {
		String grace = encoded("letters.send", "default", "Grace");
		List<String> bodies = List.of(grace, encoded("letters.fail", "default", "Frances"),
				encoded("letters.discard", "default", "Hedy"),
				encoded("letters.failWithoutSuccessor", "broken", "Jean"), encoded("letters.burn", "default", "Joan"),
				"no message at all", grace, encoded("letters.announce", "default", "Katherine"),
				encoded("letters.failWithoutSuccessor", "broken", "Margaret"),
				encoded("letters.send", "default", "Radia"));
		ArrayNode failures = JSON.createArrayNode();
		for (String id : List.of("m3", "m4", "m5", "m8")) {
			failures.addObject().put("itemIdentifier", id);
		}
		assertThat(runtime.invoke(sqsEvent(bodies)))
			.isEqualTo(JSON.createObjectNode().set("batchItemFailures", failures).toString());
		await("the runs", () -> assertThat(function.told()).contains("ran send Radia, attempt 1",
				"ran discard Hedy, attempt 1", "ran send Grace, attempt 1", "ran announce Katherine, attempt 1"));
		assertThat(function.told()).containsOnlyOnce("ran send Grace, attempt 1");
	}

	@Test
	void failsUntilTheDestinationIsToldWhenNoSuccessorCanBeEnqueued() {
		String id = UUID.randomUUID().toString();
		String payload = encoded("letters.failWithoutSuccessor", "broken", "Mary");
		runtime.invokeLater(id, payload);
		await("the destination",
				() -> assertThat(runtime.destination).filteredOn((failure) -> failure.id().equals(id))
					.singleElement()
					.satisfies((failure) -> {
						assertThat(failure.payload()).isEqualTo(payload);
						assertThat(failure.error()).contains("The event of invocation " + id + " is to come again")
							.doesNotContain("Nobody may read", "Mary");
					}));
		await("three runs",
				() -> assertThat(function.told()).filteredOn("ran failWithoutSuccessor Mary, attempt 1"::equals)
					.hasSize(3));
	}

	@Test
	void failsForAnEventThatIsNothingOfOurs() {
		String id = UUID.randomUUID().toString();
		runtime.invokeLater(id, "{\"color\":\"secret\"}");
		await("the destination",
				() -> assertThat(runtime.destination).filteredOn((failure) -> failure.id().equals(id))
					.singleElement()
					.satisfies((failure) -> assertThat(failure.error()).contains("is neither a message nor an event")
						.doesNotContain("secret")));
	}

	@Test
	void saysWhatToSetWhenThereIsNoSuchMainClass() throws IOException {
		try (TestRuntime own = new TestRuntime();
				RuntimeClient broken = new RuntimeClient(directory, own, "paperwork.Application")) {
			await("the error",
					() -> assertThat(own.initErrors).singleElement()
						.asString()
						.contains("Class 'paperwork.Application'", "MAIN_CLASS"));
			await("the end", () -> assertThat(broken.isAlive()).isFalse());
		}
	}

	private static String[] options() {
		List<String> options = new ArrayList<>();
		for (String property : properties()) {
			options.add("-D" + property);
		}
		return options.toArray(String[]::new);
	}

	private static List<String> properties() {
		List<String> properties = new ArrayList<>(List.of(lambda.properties()));
		properties.add("jobs.lambda.queues.broken.function=" + TestLambda.MISSING);
		properties.add("jobs.signing.keys.k1=" + TestKeys.secret("k1"));
		return properties;
	}

	private static void withApplication(Consumer<ApplicationContext> test, String... properties) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, LambdaJobAutoConfiguration.class))
			.withBean(LambdaJobCustomizer.class, TestLambda::credentials)
			.withBean("letters", LambdaWorker.Letters.class)
			.withPropertyValues(properties().toArray(String[]::new))
			.withPropertyValues(properties)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.accept(context);
			});
	}

	private static String encoded(String job, String queue, String argument) {
		JobMessage message = JobMessage
			.builder(UUID.randomUUID().toString(), job, queue, "[\"" + argument + "\"]", Instant.now())
			.build();
		return CODEC.encode(message).text();
	}

	private static String sqsEvent(List<String> bodies) {
		ObjectNode event = JSON.createObjectNode();
		ArrayNode records = event.putArray("Records");
		for (int i = 0; i < bodies.size(); i++) {
			ObjectNode entry = records.addObject();
			entry.put("messageId", "m" + i).put("receiptHandle", "r" + i).put("body", bodies.get(i));
			entry.put("eventSource", "aws:sqs").put("eventSourceARN", "arn:aws:sqs:eu-central-1:123456789012:letters");
			entry.putObject("attributes").put("ApproximateReceiveCount", "1");
		}
		return event.toString();
	}

	private static void await(String what, ThrowingRunnable assertion) {
		Awaitility.await(what).atMost(Duration.ofSeconds(90)).untilAsserted(assertion);
	}

}
