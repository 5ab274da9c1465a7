package dev.backgroundjobs.adapter.aws;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.backgroundjobs.adapter.aws.LambdaAnswersTests.Jobs;
import dev.backgroundjobs.adapter.aws.LambdaAnswersTests.Platform;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the daemon of an Elastic Beanstalk worker environment hears, which deletes a
 * message for 200 and nothing else: over HTTP, with its headers.
 */
@Timeout(120)
class SqsdAnswersTests {

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	private static Platform platform;

	private static int port;

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(LambdaAnswersTests.Application.class).run(
				"--spring.config.location=optional:classpath:/none/", "--server.port=0", "--jobs.backend=platform",
				"--jobs.sqsd.enabled=true", "--jobs.queues.kept.dead-letter=graveyard",
				"--jobs.endpoint.request-timeout=10s");
		platform = context.getBean(Platform.class);
		port = ((WebServerApplicationContext) context).getWebServer().getPort();
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
	}

	private static String message(String job, String queue, int attempt, String more) {
		return """
				{"v":1,"id":"%s","seq":0,"job":"%s","queue":"%s","args":[],"attempt":%d,\
				"enqueuedAt":"%s"%s}""".formatted(UUID.randomUUID(), job, queue, attempt, Instant.now(), more);
	}

	private static String message(String job) {
		return message(job, "default", 1, "");
	}

	private static int post(String body, String... more) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/_jobs"))
			.headers("User-Agent", "aws-sqsd/2.0", "Content-Type", "application/json", "X-Aws-Sqsd-Msgid", "m1",
					"X-Aws-Sqsd-Queue", "jobs", "X-Aws-Sqsd-Receive-Count", "1", "X-Aws-Sqsd-First-Received-At",
					"2026-11-22T10:00:00Z")
			.POST(BodyPublishers.ofString(body));
		for (int i = 0; i < more.length; i += 2) {
			request.setHeader(more[i], more[i + 1]);
		}
		HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
		return answer.statusCode();
	}

	@Test
	void doneIs200AndSoIsADuplicate() throws Exception {
		String message = message("jobs.succeed");
		assertThat(post(message)).isEqualTo(200);
		assertThat(post(message)).isEqualTo(200);
		assertThat(Jobs.runs).containsExactly("succeed 1");
	}

	@Test
	void discardedReplacedExpiredAndDeadWithACopyAre200() throws Exception {
		assertThat(post(message("jobs.discard"))).isEqualTo(200);
		assertThat(post(message("jobs.fail"))).isEqualTo(200);
		assertThat(post(message("jobs.ofTheNextVersion"))).isEqualTo(200);
		assertThat(post(message("jobs.succeed", "default", 1, ",\"expiresAt\":\"2026-01-01T00:00:00Z\"")))
			.isEqualTo(200);
		assertThat(post(message("jobs.fail", "kept", 5, ""))).isEqualTo(200);
		assertThat(platform.sent).extracting(JobMessage::destination)
			.containsExactly("default", "default", "graveyard");
		assertThat(Jobs.runs).containsExactly("fail 1", "fail 5");
	}

	@Test
	void whatCannotBeSentComesAgain() throws Exception {
		platform.isDown = true;
		assertThat(post(message("jobs.fail"))).isEqualTo(422);
		assertThat(post(message("jobs.ofTheNextVersion"))).isEqualTo(404);
	}

	@Test
	void shuttingDownIsNot200() throws Exception {
		DeliveryProcessor processor = context.getBean(DeliveryProcessor.class);
		processor.drain();
		try {
			assertThat(post(message("jobs.succeed"))).isEqualTo(429);
		}
		finally {
			processor.open();
		}
		assertThat(Jobs.runs).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "what is this", "{}", "{\"v\":1}", "[]" })
	void whatIsNoMessageIs400(String body) throws Exception {
		assertThat(post(body)).isEqualTo(400);
	}

	@Test
	void anEventThatStartsNothingIs200() throws Exception {
		assertThat(post("""
				{"version":"0","id":"1","detail-type":"order.placed","source":"com.example.shop","account":"1",
				"time":"2026-11-22T10:00:00Z","region":"eu-central-1","resources":[],"detail":{"number":7}}"""))
			.isEqualTo(200);
	}

	@Test
	void aPeriodicTaskStartsTheJobThatIsDeclaredForIt() throws Exception {
		for (String task : List.of("cleanup", "cleanup", "other")) {
			assertThat(post("", "X-Aws-Sqsd-Taskname", task, "Content-Type", "application/x-www-form-urlencoded",
					"X-Aws-Sqsd-Msgid", "of " + task))
				.isEqualTo(200);
		}
		assertThat(Jobs.runs).containsExactly("cleanup 1");
	}

	@Test
	void whatWasForwardedOrIsSomebodyElsesDoesNotGetIn() throws Exception {
		assertThat(post(message("jobs.succeed"), "X-Forwarded-For", "127.0.0.1")).isEqualTo(401);
		assertThat(post(message("jobs.succeed"), "User-Agent", "curl/8")).isEqualTo(401);
		assertThat(Jobs.runs).isEmpty();
	}

	@Test
	void receptionsAreRedeliveriesAndNoAttempts() throws Exception {
		assertThat(post(message("jobs.succeed"), "X-Aws-Sqsd-Receive-Count", "7")).isEqualTo(200);
		assertThat(post(message("jobs.succeed"), "X-Aws-Sqsd-Receive-Count", "many")).isEqualTo(200);
		assertThat(Jobs.runs).containsExactly("succeed 1", "succeed 1");
	}

}
