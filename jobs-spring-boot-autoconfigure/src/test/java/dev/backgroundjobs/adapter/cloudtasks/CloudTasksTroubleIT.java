package dev.backgroundjobs.adapter.cloudtasks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import com.google.cloud.tasks.v2.HttpMethod;
import com.google.cloud.tasks.v2.Task;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import dev.backgroundjobs.cloudtasks.emulator.Push;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.test.util.TestSocketUtils;

import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.AUDIENCE;
import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.EMAIL;
import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.PARENT;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Outages of what stands around the endpoint, rolling deployments and forged headers,
 * over gRPC and HTTP.
 */
class CloudTasksTroubleIT {

	private final CloudTasksEmulator cloud = TestCloudTasks.start(Duration.ofMillis(200));

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port = TestSocketUtils.findAvailableTcpPort();

	private @Nullable ConfigurableApplicationContext context;

	private ConfigurableApplicationContext start(Class<?> application, String... more) {
		this.context = TestCloudTasks.run(application, this.cloud, this.port, more);
		return this.context;
	}

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
		this.cloud.close();
	}

	@Test
	void goesOnWhenGoogleChangesItsKeys() {
		ConfigurableApplicationContext application = start(Application.class);
		JobDispatcher jobs = application.getBean(JobDispatcher.class);
		jobs.enqueue(Letters::send, "before");
		awaitStatuses(204);
		this.cloud.tokens().rotate();
		jobs.enqueue(Letters::send, "after");
		awaitStatuses(204, 204);
		assertThat(sent(application)).containsExactly("before", "after");
	}

	@Test
	void asksToComeBackWhileTheKeysCannotBeFetchedAndRunsTheTaskOnce() throws Exception {
		this.cloud.tokens().setDown(true);
		ConfigurableApplicationContext application = start(Application.class);
		String token = this.cloud.tokens().token(AUDIENCE, EMAIL);
		for (int i = 0; i < 5; i++) {
			HttpResponse<Void> answer = post("{}".getBytes(StandardCharsets.UTF_8), "Authorization", "Bearer " + token);
			assertThat(answer.statusCode()).as("also when the keys were asked for a moment ago").isEqualTo(503);
			assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
		}
		application.getBean(JobDispatcher.class).enqueue(Letters::send, "Ada");
		await().untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).contains(503));
		this.cloud.tokens().setDown(false);
		await().untilAsserted(() -> assertThat(this.cloud.tasks()).isEmpty());
		assertThat(this.cloud.pushes()).extracting(Push::status).containsOnly(503, 204).endsWith(204);
		assertThat(sent(application)).containsExactly("Ada");
	}

	@Test
	void aTaskOutlivesAnApplicationThatIsAway() {
		this.cloud.pause(PARENT + "default");
		start(Application.class).getBean(JobDispatcher.class).enqueue(Letters::send, "Ada");
		stopApplication();
		this.cloud.resume(PARENT + "default");
		await().untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).contains(0));
		ConfigurableApplicationContext back = start(Application.class);
		await().untilAsserted(() -> assertThat(this.cloud.tasks()).isEmpty());
		assertThat(sent(back)).containsExactly("Ada");
	}

	@Test
	void anOldRevisionDefersAJobItDoesNotKnowAndTheNewOneRunsIt() {
		start(Application.class);
		JobDispatcher jobs = application().getBean(JobDispatcher.class);
		this.cloud.pause(PARENT + "default");
		EnqueuedJob job = jobs.enqueue(Letters::send, "Ada");
		stopApplication();
		start(OldRevision.class);
		Instant before = Clock.systemUTC().instant();
		assertThat(this.cloud.run(String.valueOf(job.backendId()))).isEqualTo(204);
		Task deferred = this.cloud.tasks().values().iterator().next();
		assertThat(this.cloud.tasks()).hasSize(1).doesNotContainKey(job.backendId());
		assertThat(Instant.ofEpochSecond(deferred.getScheduleTime().getSeconds())).isBetween(before.plusSeconds(29),
				before.plusSeconds(50));
		stopApplication();
		ConfigurableApplicationContext newRevision = start(Application.class);
		assertThat(this.cloud.run(deferred.getName())).isEqualTo(204);
		assertThat(sent(newRevision)).containsExactly("Ada");
		assertThat(this.cloud.tasks()).isEmpty();
	}

	@Test
	void forgedHeadersOpenNothing() throws Exception {
		ConfigurableApplicationContext application = start(Application.class);
		byte[] body = message(application);
		assertThat(forged(body).statusCode()).isEqualTo(401);
		assertThat(forged(body, "Authorization", "Bearer x.y.z").statusCode()).isEqualTo(401);
		assertThat(forged(body, "Authorization", "Bearer " + signedByAStranger()).statusCode()).isEqualTo(401);
		String other = this.cloud.tokens().token(AUDIENCE, "other@paperwork.iam.gserviceaccount.com");
		assertThat(forged(body, "Authorization", "Bearer " + other).statusCode()).isEqualTo(403);
		assertThat(sent(application)).isEmpty();
	}

	// Spring Security's form login is on the class path, and on every other path.
	@Test
	void aTaskWithoutATokenHears401AndIsNotSentToALoginPage() {
		start(Application.class);
		this.cloud.pause(PARENT + "default");
		CloudTasksClientFactory client = new CloudTasksClientFactory(this.cloud.endpoint());
		String toJobs = client.get().createTask(PARENT + "default", task(HttpMethod.POST, "/_jobs")).getName();
		String elsewhere = client.get().createTask(PARENT + "default", task(HttpMethod.GET, "/other")).getName();
		client.destroy();
		assertThat(this.cloud.run(toJobs)).isEqualTo(401);
		assertThat(this.cloud.tasks()).containsKey(toJobs);
		assertThat(this.cloud.run(elsewhere)).as("the login page, which Cloud Tasks takes for a success")
			.isEqualTo(200);
		assertThat(this.cloud.tasks()).doesNotContainKey(elsewhere);
	}

	private Task task(HttpMethod method, String path) {
		return Task.newBuilder()
			.setHttpRequest(com.google.cloud.tasks.v2.HttpRequest.newBuilder()
				.setHttpMethod(method)
				.setUrl("http://127.0.0.1:" + this.port + path)
				.putHeaders("Content-Type", "application/json")
				.putHeaders("Accept", "text/html"))
			.build();
	}

	@Test
	void headersAreBelievedOfACallerWithAToken() throws Exception {
		ConfigurableApplicationContext application = start(Application.class);
		String token = this.cloud.tokens().token(AUDIENCE, EMAIL);
		assertThat(forged(message(application), "Authorization", "Bearer " + token).statusCode()).isEqualTo(204);
		assertThat(sent(application)).as("dead, since it was delivered too often").isEmpty();
	}

	@Test
	void headersAreNotBelievedOfACallerWhoseMessageIsSigned() throws Exception {
		ConfigurableApplicationContext application = start(Application.class, "--jobs.signing.key-id=k1",
				"--jobs.signing.keys.k1=" + TestKeys.secret("k1"));
		assertThat(forged(message(application)).statusCode()).isEqualTo(204);
		assertThat(sent(application)).containsExactly("old");
		assertThat(application.getBean(Letters.class).deadlines).as("none, though the header names one")
			.containsExactly("null");
	}

	private ConfigurableApplicationContext application() {
		return Objects.requireNonNull(this.context);
	}

	private void stopApplication() {
		application().close();
		this.context = null;
	}

	// Two days old, so that a million redeliveries would make it dead.
	private static byte[] message(ConfigurableApplicationContext application) {
		JobMessage message = JobMessage
			.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", "[\"old\"]",
					Clock.systemUTC().instant().minus(Duration.ofDays(2)))
			.build();
		return application.getBean(JobMessageCodec.class).encode(message).bytes();
	}

	private HttpResponse<Void> forged(byte[] body, String... headers) throws IOException, InterruptedException {
		List<String> all = new ArrayList<>(List.of("X-CloudTasks-TaskName", "forged", "X-CloudTasks-QueueName",
				"default", "X-CloudTasks-TaskRetryCount", "1000000", "X-CloudTasks-TaskETA", "1",
				"Jobs-Dispatch-Deadline", "15000", "User-Agent", "Google-Cloud-Tasks"));
		all.addAll(List.of(headers));
		return post(body, all.toArray(String[]::new));
	}

	private HttpResponse<Void> post(byte[] body, String... headers) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/_jobs"))
			.header("Content-Type", (body[0] == '{') ? "application/json" : "application/jose")
			.headers(headers)
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build(), HttpResponse.BodyHandlers.discarding());
	}

	private String signedByAStranger() throws JOSEException {
		RSAKey key = new RSAKeyGenerator(2048).keyID(this.cloud.tokens().key().getKeyID()).generate();
		return this.cloud.tokens().sign(this.cloud.tokens().claims(AUDIENCE, EMAIL).build(), key);
	}

	private static List<String> sent(ConfigurableApplicationContext application) {
		return application.getBean(Letters.class).sent;
	}

	private void awaitStatuses(Integer... statuses) {
		await().untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).containsExactly(statuses));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(120));
	}

	@Component
	static class Letters {

		final List<String> sent = new CopyOnWriteArrayList<>();

		final List<String> deadlines = new CopyOnWriteArrayList<>();

		@BackgroundJob
		void send(String to) {
			this.deadlines.add(String.valueOf(JobContext.current().deadline()));
			this.sent.add(to);
		}

	}

	@Component("others")
	static class Others {

		@BackgroundJob
		void greet(String name) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Letters.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Others.class)
	static class OldRevision {

	}

}
