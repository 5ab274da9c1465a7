package dev.backgroundjobs.adapter.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.adapter.aws.LambdaWebAdapter.Result;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Lambda hears after an invocation that Lambda Web Adapter has passed on: a test for
 * each row of the table in {@code docs/deploy-lambda.md}, over HTTP, through a double
 * that drops statuses and headers as the adapter does.
 */
@Timeout(120)
class LambdaAnswersTests {

	// What cannot be sent is tried for as long as there is time.
	private static final Duration SHORT = Duration.ofSeconds(5);

	private static ConfigurableApplicationContext context;

	private static Platform platform;

	private static Visibility visibility;

	private static LambdaWebAdapter lambda;

	private static LambdaWebAdapter withoutErrors;

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(Application.class).run(
				"--spring.config.location=optional:classpath:/none/", "--server.port=0", "--jobs.backend=platform",
				"--AWS_LAMBDA_FUNCTION_NAME=paperwork", "--AWS_LWA_ERROR_STATUS_CODES=400-599",
				"--AWS_LWA_PASS_THROUGH_PATH=/_jobs", "--jobs.queues.kept.dead-letter=graveyard",
				"--jobs.endpoint.batch-concurrency=3");
		platform = context.getBean(Platform.class);
		visibility = context.getBean(Visibility.class);
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		lambda = new LambdaWebAdapter(port, true);
		withoutErrors = new LambdaWebAdapter(port, false);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void forget() {
		Jobs.runs.clear();
		platform.sent.clear();
		platform.isDown = false;
		visibility.delays.clear();
	}

	private static String message(String job, String queue, int attempt, String more) {
		return """
				{"v":1,"id":"%s","seq":0,"job":"%s","queue":"%s","args":[],"attempt":%d,\
				"enqueuedAt":"%s"%s}""".formatted(UUID.randomUUID(), job, queue, attempt, Instant.now(), more);
	}

	private static String message(String job) {
		return message(job, "default", 1, "");
	}

	@Test
	void aMixedBatchListsWhatIsToComeAgainAndNothingElse() throws Exception {
		String finished = message("jobs.succeed");
		lambda.invoke(new SqsEvent("default").with("before", finished).toString(), SHORT);
		Jobs.runs.clear();
		platform.isDown = true;
		SqsEvent event = new SqsEvent("default").with("good-1", message("jobs.succeed"))
			.with("unreadable", "{\"what\":\"is this\"}")
			.with("good-2", message("jobs.succeed"))
			.with("unknown", message("jobs.ofTheNextVersion"))
			.with("duplicate", finished)
			.with("failing", message("jobs.fail"))
			.with("good-3", message("jobs.succeed"))
			.with("expired", message("jobs.succeed", "default", 1, ",\"expiresAt\":\"2026-01-01T00:00:00Z\""))
			.with("good-4", message("jobs.succeed"))
			.with("good-5", message("jobs.succeed"));

		Result result = lambda.invoke(event.toString(), SHORT);

		assertThat(result.payload()).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"unreadable\"},"
				+ "{\"itemIdentifier\":\"unknown\"},{\"itemIdentifier\":\"failing\"}]}");
		assertThat(result.status()).isEqualTo(200);
		assertThat(Collections.frequency(Jobs.runs, "succeed 1")).isEqualTo(5);
		assertThat(Jobs.runs).hasSize(6);
	}

	@Test
	void aFailedAttemptAndAnUnknownJobAreDoneOnceTheirSuccessorsAreSent() throws Exception {
		SqsEvent event = new SqsEvent("default").with("failing", message("jobs.fail"))
			.with("unknown", message("jobs.ofTheNextVersion"))
			.with("discarded", message("jobs.discard"));

		assertThat(lambda.invoke(event.toString()).payload()).isEqualTo("{\"batchItemFailures\":[]}");
		assertThat(platform.sent).extracting(JobMessage::job)
			.containsExactlyInAnyOrder("jobs.fail", "jobs.ofTheNextVersion");
	}

	@Test
	void equalMessagesOfABatchRunOnceAndShareWhatBecomesOfThem() throws Exception {
		String good = message("jobs.succeed");
		String bad = message("jobs.fail");
		platform.isDown = true;
		SqsEvent event = new SqsEvent("default").with("a", good)
			.with("b", good)
			.with("c", bad)
			.with("d", bad)
			.with("e", good);

		assertThat(event.kept(lambda.invoke(event.toString(), SHORT))).containsExactly("c", "d");
		assertThat(Jobs.runs).containsExactlyInAnyOrder("succeed 1", "fail 1");
	}

	@Test
	void noMoreRunAtOnceThanConfigured() throws Exception {
		SqsEvent event = new SqsEvent("default");
		for (int i = 0; i < 9; i++) {
			event.with("m" + i, message("jobs.count"));
		}
		assertThat(event.kept(lambda.invoke(event.toString()))).isEmpty();
		assertThat(Jobs.most).isEqualTo(3);
	}

	@Test
	void onAQueueThatKeepsOrderNothingRunsAfterTheFirstFailure() throws Exception {
		SqsEvent event = new SqsEvent("orders.fifo").with("1", message("jobs.succeed"), 1, "a")
			.with("2", message("jobs.fail"), 1, "a")
			.with("3", message("jobs.succeed"), 1, "a")
			.with("4", message("jobs.succeed"), 1, "b");

		assertThat(event.kept(lambda.invoke(event.toString()))).containsExactly("2", "3", "4");
		assertThat(Jobs.runs).containsExactly("succeed 1", "fail 1");
		assertThat(platform.sent).isEmpty();
	}

	@Test
	void onAQueueThatKeepsOrderReceptionsAreAttemptsAndTheBackoffIsVisibility() throws Exception {
		SqsEvent event = new SqsEvent("orders.fifo").with("1", message("jobs.fail"), 3, "a")
			.with("2", message("jobs.succeed"), 1, "a");

		assertThat(event.kept(lambda.invoke(event.toString()))).containsExactly("1", "2");
		assertThat(Jobs.runs).containsExactly("fail 3");
		assertThat(visibility.delays.keySet()).containsExactly("receipt-1", "receipt-2");
		assertThat(visibility.delays.values())
			.allSatisfy((delay) -> assertThat(delay).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(14)));
	}

	@Test
	void aDeadJobOfAQueueThatKeepsOrderIsKeptAndLetsTheNextOneRun() throws Exception {
		SqsEvent event = new SqsEvent("orders.fifo").with("1", message("jobs.fail", "kept", 1, ""), 5, "a")
			.with("2", message("jobs.succeed", "kept", 1, ""), 1, "a");

		assertThat(event.kept(lambda.invoke(event.toString()))).isEmpty();
		assertThat(platform.sent).extracting(JobMessage::destination).containsExactly("graveyard");
		assertThat(Jobs.runs).containsExactly("fail 5", "succeed 1");
	}

	@Test
	void theSameMessageAtTheSameTimeIsListed() throws Exception {
		String waiting = message("jobs.wait");
		SqsEvent event = new SqsEvent("default").with("1", waiting);
		CompletableFuture<Result> first = CompletableFuture.supplyAsync(() -> invoke(event));
		await().until(() -> Jobs.waiting.getCount() == 0);

		assertThat(event.kept(lambda.invoke(event.toString()))).containsExactly("1");
		Jobs.goOn.countDown();
		assertThat(event.kept(first.get(30, TimeUnit.SECONDS))).isEmpty();
	}

	private static Result invoke(SqsEvent event) {
		try {
			return lambda.invoke(event.toString());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void theAnswerLeavesInTimeAndWhatStillRunsIsListed() throws Exception {
		SqsEvent event = new SqsEvent("default").with("stuck", message("jobs.stuck"))
			.with("good", message("jobs.succeed"));

		Instant start = Instant.now();
		assertThat(event.kept(lambda.invoke(event.toString(), Duration.ofSeconds(6)))).containsExactly("stuck");
		assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(6));

		// As long as it runs nothing else does.
		SqsEvent next = new SqsEvent("default").with("next", message("jobs.succeed"));
		assertThat(next.kept(lambda.invoke(next.toString()))).containsExactly("next");
		assertThat(lambda.invoke(message("jobs.succeed"))).extracting(Result::status).isEqualTo(503);
		Jobs.release.countDown();
		await().untilAsserted(() -> assertThat(next.kept(lambda.invoke(next.toString()))).isEmpty());
		assertThat(platform.sent).isEmpty();
	}

	@Test
	void whatHasNoTimeIsNotStartedButListed() throws Exception {
		SqsEvent event = new SqsEvent("default");
		for (int i = 0; i < 6; i++) {
			event.with("m" + i, message("jobs.slow"));
		}
		assertThat(event.kept(lambda.invoke(event.toString(), Duration.ofSeconds(6)))).hasSize(3);
		assertThat(Jobs.runs).hasSize(3);
	}

	// A mapping of Lambda gathers up to 10,000 messages and 6 MB, and ours have
	// attributes.
	@Test
	void aBatchOfThousandsIsTaken() throws Exception {
		SqsEvent event = new SqsEvent("default");
		for (int i = 0; i < 5_000; i++) {
			event.with("m" + i, "{}").withAttributes("job", "id", "queue", "traceparent");
		}
		Result result = lambda.invoke(event.toString());
		assertThat(result.status()).isEqualTo(200);
		assertThat(event.kept(result)).hasSize(5_000);
	}

	@Test
	void nothingIsStartedWhoseTimeIsOver() throws Exception {
		SqsEvent event = new SqsEvent("default").with("1", message("jobs.succeed"));
		assertThat(event.kept(lambda.invoke(event.toString(), Duration.ofMillis(-500)))).containsExactly("1");
		assertThat(Jobs.runs).isEmpty();
	}

	@Test
	void whileShuttingDownEverythingIsListed() throws Exception {
		DeliveryProcessor processor = context.getBean(DeliveryProcessor.class);
		SqsEvent event = new SqsEvent("default").with("1", message("jobs.succeed"));
		processor.drain();
		try {
			assertThat(event.kept(withoutErrors.invoke(event.toString()))).containsExactly("1");
			assertThat(lambda.invoke(message("jobs.succeed"))).extracting(Result::status).isEqualTo(503);
		}
		finally {
			processor.open();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "[]", "{}", "{\"Records\":[]}", "{\"Records\":[null]}", "{\"Records\":{}}",
			"{\"Records\":[{\"eventSource\":\"aws:sqs\"}]}", "\"text\"", "7", "{\"Records\":[{\"eventSource\":" })
	void whatIsNoEventFailsTheInvocation(String event) throws Exception {
		Result result = lambda.invoke(event);
		assertThat(result.failed()).isTrue();
		assertThat(result.status()).isEqualTo(400);
	}

	@Test
	void aDirectInvocationIsDone() throws Exception {
		Result result = lambda.invoke(message("jobs.succeed"));
		assertThat(result.failed()).isFalse();
		assertThat(result.status()).isEqualTo(200);
		assertThat(result.payload()).isEqualTo("{\"settlement\":\"done\"}");
	}

	@Test
	void aDirectInvocationWhoseRetryCannotBeSentFailsAndRunsAgain() throws Exception {
		String message = message("jobs.fail");
		platform.isDown = true;
		assertThat(lambda.invoke(message, SHORT)).matches(Result::failed).extracting(Result::status).isEqualTo(500);
		platform.isDown = false;
		assertThat(lambda.invoke(message, SHORT)).matches((result) -> !result.failed());
		assertThat(Jobs.runs).containsExactly("fail 1", "fail 1");
	}

	@Test
	void aDirectInvocationThatDiesWithoutAPlaceFailsWithoutAnotherRun() throws Exception {
		String message = message("jobs.fail", "default", 5, "");
		assertThat(lambda.invoke(message)).matches(Result::failed).extracting(Result::status).isEqualTo(500);
		assertThat(lambda.invoke(message)).matches(Result::failed);
		assertThat(Jobs.runs).containsExactly("fail 5");
	}

	@Test
	void deadAndKeptIsDone() throws Exception {
		assertThat(lambda.invoke(message("jobs.fail", "kept", 5, ""))).matches((result) -> !result.failed());
		assertThat(platform.sent).extracting(JobMessage::destination).containsExactly("graveyard");
	}

	@Test
	void withoutErrorStatusesABatchOfSqsIsStillNotLost() throws Exception {
		platform.isDown = true;
		SqsEvent event = new SqsEvent("default").with("good", message("jobs.succeed"))
			.with("failing", message("jobs.fail"))
			.with("unreadable", "what is this");
		Map<String, String> kept = new LinkedHashMap<>();
		event.kept(withoutErrors.invoke(event.toString(), SHORT)).forEach((id) -> kept.put(id, id));
		assertThat(kept.keySet()).containsExactly("failing", "unreadable");
	}

	@Test
	void withoutErrorStatusesAFailedDirectInvocationWouldBeLost() throws Exception {
		platform.isDown = true;
		// Which is why the application does not start without them.
		assertThat(withoutErrors.invoke(message("jobs.fail"), SHORT)).matches((result) -> !result.failed());
	}

	@Test
	void aRequestOfAFunctionUrlDoesNotGetIn() throws Exception {
		String event = new SqsEvent("default").with("1", message("jobs.succeed")).toString();
		for (String body : List.of(event, message("jobs.succeed"))) {
			assertThat(lambda.request(body, Map.of()).statusCode()).isEqualTo(401);
			assertThat(lambda
				.request(body, Map.of("x-amzn-request-context", "null", "x-amzn-lambda-context", "{\"deadline\":1}"))
				.statusCode()).isEqualTo(401);
			assertThat(lambda.request(body, Map.of("User-Agent", "aws-sqsd/2.0", "X-Aws-Sqsd-Msgid", "1")).statusCode())
				.isEqualTo(401);
		}
		assertThat(Jobs.runs).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Jobs.class, Platform.class, Visibility.class })
	static class Application {

	}

	static class Jobs {

		static final List<String> runs = new CopyOnWriteArrayList<>();

		static final CountDownLatch waiting = new CountDownLatch(1);

		static final CountDownLatch goOn = new CountDownLatch(1);

		static final CountDownLatch release = new CountDownLatch(1);

		static int running;

		static int most;

		@BackgroundJob
		void succeed() {
			record("succeed");
		}

		@BackgroundJob
		void fail() {
			record("fail");
			throw new IllegalStateException("on purpose");
		}

		@BackgroundJob
		@OnEvent(type = "com.amazonaws.elasticbeanstalk.PeriodicTask", subject = "cleanup")
		void cleanup() {
			record("cleanup");
		}

		@BackgroundJob
		void discard() {
			throw new DiscardJobException("not wanted");
		}

		@BackgroundJob(name = "jobs.wait")
		void waiting() throws InterruptedException {
			waiting.countDown();
			goOn.await(60, TimeUnit.SECONDS);
		}

		@BackgroundJob
		void stuck() {
			boolean interrupted = false;
			while (release.getCount() > 0) {
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}

		@BackgroundJob(timeout = "3s")
		void slow() throws InterruptedException {
			record("slow");
			new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS);
		}

		@BackgroundJob
		void count() throws InterruptedException {
			synchronized (Jobs.class) {
				running++;
				most = Math.max(most, running);
			}
			new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
			synchronized (Jobs.class) {
				running--;
			}
		}

		private static void record(String job) {
			runs.add(job + " " + JobContext.current().attempt());
		}

	}

	static final class Visibility implements SqsVisibility {

		final Map<String, Duration> delays = Collections.synchronizedMap(new LinkedHashMap<>());

		@Override
		public void change(String queueArn, Map<String, Duration> delays) {
			this.delays.putAll(delays);
		}

	}

	static final class Platform implements JobBackend {

		final List<JobMessage> sent = Collections.synchronizedList(new ArrayList<>());

		volatile boolean isDown;

		@Override
		public String name() {
			return "platform";
		}

		@Override
		public String enqueue(JobMessage message) {
			if (this.isDown) {
				throw new IllegalStateException("down");
			}
			this.sent.add(message);
			return "1";
		}

		@Override
		public String enqueueAt(JobMessage message, Instant time) {
			return enqueue(message);
		}

		@Override
		public BackendCapabilities capabilities() {
			return BackendCapabilities.none().withDurable().withMaxDelay(Duration.ofDays(1)).withHoldsDeadLetters();
		}

	}

}
