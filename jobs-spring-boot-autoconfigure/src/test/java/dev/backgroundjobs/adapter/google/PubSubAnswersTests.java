package dev.backgroundjobs.adapter.google;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.cloudtasks.emulator.GoogleTokenIssuer;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Pub/Sub hears after a push: a test for each row of the table in
 * {@code docs/pubsub.md}, over HTTP, with tokens as Google's.
 */
@Timeout(120)
class PubSubAnswersTests {

	private static final String AUDIENCE = "https://paperwork.example.com";

	private static final String INVOKER = "invoker@paperwork.iam.gserviceaccount.com";

	private static final GoogleTokenIssuer google = new GoogleTokenIssuer();

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	private static Platform platform;

	private static int port;

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(Application.class).run(
				"--spring.config.location=optional:classpath:/none/", "--server.port=0", "--jobs.backend=platform",
				"--jobs.google-oidc.audience=" + AUDIENCE, "--jobs.google-oidc.emails=" + INVOKER,
				"--jobs.google-oidc.jwk-set-uri=" + google.jwkSetUri(), "--jobs.queues.kept.dead-letter=graveyard");
		platform = context.getBean(Platform.class);
		port = ((WebServerApplicationContext) context).getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		context.close();
		google.close();
	}

	@BeforeEach
	void forget() {
		Jobs.runs.clear();
		platform.sent.clear();
		platform.isDown = false;
		google.setDown(false);
	}

	private static String message(String job, String queue, int attempt, String more) {
		return """
				{"v":1,"id":"%s","seq":0,"job":"%s","queue":"%s","args":[],"attempt":%d,\
				"enqueuedAt":"2026-01-01T00:00:00Z"%s}""".formatted(UUID.randomUUID(), job, queue, attempt, more);
	}

	private static String message(String job) {
		return message(job, "default", 1, "");
	}

	private static String wrapped(String message, String more) {
		String data = Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8));
		return """
				{"message":{"attributes":{"job":"j","id":"i","queue":"q"},"data":"%s","messageId":"1","message_id":"1",\
				"publishTime":"2026-11-22T10:00:00Z","publish_time":"2026-11-22T10:00:00Z"},\
				"subscription":"projects/paperwork/subscriptions/reports"%s}""".formatted(data, more);
	}

	private static HttpResponse<String> push(String body, String token) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/_jobs"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body));
		if (!token.isEmpty()) {
			request.header("Authorization", "Bearer " + token);
		}
		return http.send(request.build(), BodyHandlers.ofString());
	}

	private static int push(String message) throws Exception {
		return push(wrapped(message, ""), google.token(AUDIENCE, INVOKER)).statusCode();
	}

	private static int pushCounted(String message, int attempt) throws Exception {
		return push(wrapped(message, ",\"deliveryAttempt\":" + attempt), google.token(AUDIENCE, INVOKER)).statusCode();
	}

	@Test
	void doneIs204() throws Exception {
		assertThat(push(message("jobs.succeed"))).isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("succeed 1");
	}

	@Test
	void discardedIs204() throws Exception {
		assertThat(push(message("jobs.discard"))).isEqualTo(204);
		assertThat(platform.sent).isEmpty();
	}

	@Test
	void enqueuedAgainIs204() throws Exception {
		assertThat(push(message("jobs.fail"))).isEqualTo(204);
		assertThat(platform.sent).singleElement().satisfies((next) -> assertThat(next.attempt()).isEqualTo(2));
	}

	@Test
	void aDuplicateOfAFinishedOneIs204AndNotRun() throws Exception {
		String message = message("jobs.succeed");
		assertThat(push(message)).isEqualTo(204);
		assertThat(push(message)).isEqualTo(204);
		assertThat(Jobs.runs).hasSize(1);
	}

	@Test
	void aRetryThatCannotBeSentIs422AndRunsAgain() throws Exception {
		String message = message("jobs.fail");
		platform.isDown = true;
		assertThat(push(message)).isEqualTo(422);
		platform.isDown = false;
		assertThat(push(message)).isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("fail 1", "fail 1");
	}

	@Test
	void anUnknownJobIsPutOffOrElse404() throws Exception {
		assertThat(push(message("jobs.ofTheNextVersion").replace("2026-01-01T00:00:00Z", Instant.now().toString())))
			.isEqualTo(204);
		assertThat(platform.sent).singleElement().satisfies((next) -> assertThat(next.unknown()).isEqualTo(1));
		platform.isDown = true;
		assertThat(push(message("jobs.ofTheNextVersion").replace("2026-01-01T00:00:00Z", Instant.now().toString())))
			.isEqualTo(404);
	}

	@Test
	void theSameMessageAtTheSameTimeIs409() throws Exception {
		String message = message("jobs.wait");
		CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> {
			try {
				return push(message);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(Jobs.started.await(60, TimeUnit.SECONDS)).isTrue();
		assertThat(push(message)).isEqualTo(409);
		Jobs.goOn.countDown();
		assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(204);
	}

	@Test
	void shuttingDownIs503WithRetryAfter() throws Exception {
		DeliveryProcessor processor = context.getBean(DeliveryProcessor.class);
		processor.drain();
		try {
			HttpResponse<String> answer = push(wrapped(message("jobs.succeed"), ""), google.token(AUDIENCE, INVOKER));
			assertThat(answer.statusCode()).isEqualTo(503);
			assertThat(answer.headers().firstValue("Retry-After")).isPresent();
		}
		finally {
			processor.open();
		}
		assertThat(Jobs.runs).isEmpty();
	}

	@Test
	void deadAndKeptIs204() throws Exception {
		assertThat(pushCounted(message("jobs.fail", "kept", 5, ""), 3)).isEqualTo(204);
		assertThat(platform.sent).singleElement()
			.satisfies((copy) -> assertThat(copy.destination()).isEqualTo("graveyard"));
	}

	@Test
	void deadWhereNobodyKeepsItIs204() throws Exception {
		assertThat(push(message("jobs.fail", "default", 5, ""))).isEqualTo(204);
		assertThat(platform.sent).isEmpty();
	}

	@Test
	void deadWhereThePolicyKeepsItIs422WithoutAnotherRun() throws Exception {
		String message = message("jobs.fail", "default", 5, "");
		for (int attempt = 1; attempt <= 3; attempt++) {
			assertThat(pushCounted(message, attempt)).isEqualTo(422);
		}
		assertThat(Jobs.runs).containsExactly("fail 5");
	}

	@Test
	void aFailedAttemptWhereOrderIsKeptIs422AndCounted() throws Exception {
		String message = message("jobs.fail");
		String body = wrapped(message, ",\"deliveryAttempt\":2").replace("\"messageId\"",
				"\"orderingKey\":\"k\",\"messageId\"");
		assertThat(push(body, google.token(AUDIENCE, INVOKER)).statusCode()).isEqualTo(422);
		assertThat(Jobs.runs).containsExactly("fail 2");
		assertThat(platform.sent).isEmpty();
	}

	@Test
	void expiredIs204AndNotRun() throws Exception {
		assertThat(push(message("jobs.succeed", "default", 1, ",\"expiresAt\":\"2026-01-02T00:00:00Z\"")))
			.isEqualTo(204);
		assertThat(Jobs.runs).isEmpty();
	}

	@Test
	void whatIsNoMessageIs400() throws Exception {
		assertThat(push("no message")).isEqualTo(400);
	}

	@Test
	void withoutATokenItIs401AndWithAnothers403() throws Exception {
		String body = wrapped(message("jobs.succeed"), "");
		assertThat(push(body, "").statusCode()).isEqualTo(401);
		assertThat(push(body, google.token("https://other.example.com", INVOKER)).statusCode()).isEqualTo(401);
		assertThat(push(body, google.token(AUDIENCE, "other@paperwork.iam.gserviceaccount.com")).statusCode())
			.isEqualTo(403);
		assertThat(Jobs.runs).isEmpty();
	}

	@Test
	void aDeadlineIsThatOfTheSubscription() throws Exception {
		assertThat(push(message("jobs.deadline"))).isEqualTo(204);
		assertThat(Jobs.runs).singleElement()
			.satisfies((run) -> assertThat(Duration.parse(run)).isBetween(Duration.ZERO, Duration.ofSeconds(10)));
	}

	@Configuration
	@EnableAutoConfiguration
	@Import({ Jobs.class, Platform.class })
	static class Application {

	}

	static class Jobs {

		static final List<String> runs = new CopyOnWriteArrayList<>();

		static final CountDownLatch started = new CountDownLatch(1);

		static final CountDownLatch goOn = new CountDownLatch(1);

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
		void discard() {
			throw new DiscardJobException("not wanted");
		}

		@BackgroundJob(name = "jobs.wait")
		void waiting() throws InterruptedException {
			started.countDown();
			goOn.await(60, TimeUnit.SECONDS);
		}

		@BackgroundJob
		void deadline() {
			Instant deadline = JobContext.current().deadline();
			runs.add(Duration.between(Instant.now(), (deadline != null) ? deadline : Instant.MAX).toString());
		}

		private static void record(String job) {
			runs.add(job + " " + JobContext.current().attempt());
		}

	}

	static final class Platform implements JobBackend {

		final List<JobMessage> sent = new ArrayList<>();

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
