package dev.backgroundjobs.adapter.cloudtasks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import com.google.cloud.tasks.v2.Task;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import dev.backgroundjobs.cloudtasks.emulator.Push;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import org.springframework.test.util.TestSocketUtils;

import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.AUDIENCE;
import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.EMAIL;
import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.PARENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What tasks look like, and what Cloud Tasks hears, over gRPC and HTTP.
 */
class CloudTasksDeliveryIT {

	private final CloudTasksEmulator cloud = TestCloudTasks.start(Duration.ofMillis(100), PARENT + "default",
			PARENT + "reports-v2", PARENT + "slow");

	private final HttpClient http = HttpClient.newHttpClient();

	private ConfigurableApplicationContext context;

	private JobDispatcher jobs;

	private Letters letters;

	private int port;

	@BeforeEach
	void start() {
		this.port = TestSocketUtils.findAvailableTcpPort();
		this.context = TestCloudTasks.run(Application.class, this.cloud, this.port);
		this.jobs = this.context.getBean(JobDispatcher.class);
		this.letters = this.context.getBean(Letters.class);
	}

	@AfterEach
	void stop() {
		this.context.close();
		this.cloud.close();
	}

	@Test
	void deliversAndHears204() {
		this.jobs.enqueue(Letters::send, "Ada");
		awaitSent("Ada");
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).containsExactly(204));
		assertThat(this.cloud.tasks()).isEmpty();
	}

	@Test
	void nameIsTheHashOfTheDeliveryKey() {
		this.cloud.pause(PARENT + "default");
		EnqueuedJob job = this.jobs.enqueue(Letters::send, "Ada");
		assertThat(job.backendId()).matches(PARENT + "default/tasks/[0-9a-f]{64}");
		assertThat(this.cloud.tasks()).containsOnlyKeys(job.backendId());
	}

	@Test
	void taskHasQueueTokenDeadlineAndHeaders() {
		this.cloud.pause(PARENT + "reports-v2");
		this.jobs.enqueue(Letters::report);
		Task task = this.cloud.tasks().values().iterator().next();
		assertThat(task.getName()).startsWith(PARENT + "reports-v2/tasks/");
		assertThat(task.getDispatchDeadline().getSeconds()).as("timeout and reserve").isEqualTo(120 + 15);
		assertThat(task.getHttpRequest().getHeadersMap()).containsEntry("Jobs-Dispatch-Deadline", "135000")
			.containsEntry("Content-Type", "application/json")
			.containsEntry("X-Tenant", "letters.report");
		assertThat(task.getHttpRequest().getOidcToken().getAudience()).isEqualTo(AUDIENCE);
		assertThat(task.getHttpRequest().getOidcToken().getServiceAccountEmail()).isEqualTo(EMAIL);
	}

	@Test
	void keepsTheFractionOfASecond() {
		this.cloud.pause(PARENT + "default");
		Instant soon = Clock.systemUTC().instant().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
		this.jobs.enqueueAt(soon.plusMillis(123), Letters::send, "Ada");
		Task task = this.cloud.tasks().values().iterator().next();
		assertThat(task.getScheduleTime().getNanos()).isEqualTo(123_000_000);
		assertThat(task.getScheduleTime().getSeconds()).isEqualTo(soon.getEpochSecond());
	}

	@Test
	void hopsBeyondThirtyDays() {
		this.cloud.pause(PARENT + "default");
		this.jobs.enqueueIn(Duration.ofDays(90), Letters::send, "Ada");
		Task task = this.cloud.tasks().values().iterator().next();
		Instant hop = Instant.ofEpochSecond(task.getScheduleTime().getSeconds());
		assertThat(hop).isBetween(Clock.systemUTC().instant().plus(Duration.ofDays(29)),
				Clock.systemUTC().instant().plus(Duration.ofDays(30)));
	}

	@Test
	void runsADelayedTaskThatAPersonHasRunNow() {
		EnqueuedJob job = this.jobs.enqueueIn(Duration.ofHours(5), Letters::send, "now");
		this.cloud.run(job.backendId());
		awaitSent("now");
		assertThat(this.cloud.tasks()).as("it is done").isEmpty();
	}

	@Test
	void takesAKeyOnce() {
		this.cloud.pause(PARENT + "default");
		JobOptions once = JobOptions.none().deduplicationKey("order-7");
		assertThat(this.jobs.with(once).enqueue(Letters::send, "Ada").duplicate()).isFalse();
		assertThat(this.jobs.with(once).enqueue(Letters::send, "Ada").duplicate()).isTrue();
		assertThat(this.cloud.tasks()).hasSize(1);
	}

	@Test
	void triesAgainWhileCloudTasksIsUnavailable() {
		this.cloud.refuse(3, Status.UNAVAILABLE);
		this.jobs.enqueue(Letters::send, "Ada");
		awaitSent("Ada");
		assertThat(this.cloud.refusalsLeft()).isZero();
	}

	@Test
	void createsManyTasksSideBySide() {
		List<EnqueuedJob> enqueued = this.jobs
			.enqueueAll(IntStream.range(0, 300).mapToObj((i) -> JobCall.of(Letters::send, "n" + i)));
		assertThat(enqueued).hasSize(300).allSatisfy((job) -> assertThat(job.backendId()).isNotNull());
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.letters.sent).hasSize(300).doesNotHaveDuplicates());
	}

	@Test
	void namesTheQueueThatIsNotThere() {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.jobs.with(JobOptions.queue("missing")).enqueue(Letters::send, "Ada"))
			.withMessageContaining(PARENT + "missing")
			.withMessageContaining("jobs.cloud-tasks.queues.<queue>.name");
	}

	@Test
	void cancelsATaskThatWaits() {
		EnqueuedJob job = this.jobs.enqueueIn(Duration.ofHours(1), Letters::send, "Ada");
		JobOperations operations = this.context.getBean(JobOperations.class);
		assertThat(operations.cancel(job)).isTrue();
		assertThat(operations.cancel(job)).isFalse();
		assertThat(this.cloud.tasks()).isEmpty();
	}

	@Test
	void failedAttemptIsANewTaskAndAcknowledged() {
		this.jobs.enqueue(Letters::failOnce);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.letters.sent).containsExactly("attempt 1", "attempt 2"));
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).containsExactly(204, 204));
	}

	@Test
	void releasesWhatItCannotReplaceAndLosesNothing() {
		this.letters.beforeFailure = () -> this.cloud.refuse(1_000, Status.INTERNAL);
		this.jobs.enqueue(Letters::failOnce);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).contains(422));
		this.letters.beforeFailure = () -> {
		};
		this.cloud.refuse(0, Status.OK);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.letters.sent).contains("attempt 2"));
	}

	@Test
	void answers503WhileItDrainsAnd409WhileItRuns() throws Exception {
		this.jobs.enqueue(Letters::hold);
		this.letters.holding.await();
		Task running = this.cloud.tasks().values().iterator().next();
		assertThat(post(running.getHttpRequest().getBody().toByteArray(), EMAIL)).isEqualTo(409);
		this.context.getBean(DeliveryProcessor.class).drain();
		assertThat(post(running.getHttpRequest().getBody().toByteArray(), EMAIL)).isEqualTo(503);
		this.letters.release.countDown();
	}

	@Test
	void refusesStrangers() throws Exception {
		byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
		assertThat(post(body, null)).isEqualTo(401);
		assertThat(post(body, "other@paperwork.iam.gserviceaccount.com")).isEqualTo(403);
		assertThat(post(body, EMAIL)).as("in, and no message").isEqualTo(400);
	}

	@Test
	void saysWhatIsMissingWhenItStarts() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> SpringApplication.run(BrokenApplication.class,
					"--spring.config.location=optional:classpath:/none/", "--jobs.backend=cloud-tasks",
					"--server.port=0"))
			.satisfies((ex) -> assertThat(NestedExceptionUtils.getMostSpecificCause(ex)).hasMessageContainingAll(
					"jobs.cloud-tasks.project", "jobs.cloud-tasks.location", "jobs.cloud-tasks.url",
					"Job 'broken.tooLong' has a timeout of PT31M", "Job 'broken.tooShort' has a timeout of PT5S",
					"jobs.google-oidc.audience"));
	}

	private int post(byte[] body, @Nullable String email) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/_jobs"))
			.header("Content-Type", "application/json")
			.header("X-CloudTasks-TaskName", "forged")
			.POST(HttpRequest.BodyPublishers.ofByteArray(body));
		if (email != null) {
			request.header("Authorization", "Bearer " + this.cloud.tokens().token(AUDIENCE, email));
		}
		return this.http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
	}

	private void awaitSent(String to) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.letters.sent).containsExactly(to));
	}

	@Component
	static class Letters {

		final List<String> sent = new CopyOnWriteArrayList<>();

		final CountDownLatch holding = new CountDownLatch(1);

		final CountDownLatch release = new CountDownLatch(1);

		volatile Runnable beforeFailure = () -> {
		};

		@BackgroundJob
		void send(String to) {
			this.sent.add(to);
		}

		@BackgroundJob(queue = "reports", timeout = "2m")
		void report() {
			this.sent.add("report");
		}

		@BackgroundJob
		void failOnce() {
			int attempt = JobContext.current().attempt();
			this.sent.add("attempt " + attempt);
			if (attempt == 1) {
				this.beforeFailure.run();
				throw new IllegalStateException("not yet");
			}
		}

		@BackgroundJob
		void hold() throws InterruptedException {
			this.holding.countDown();
			this.release.await();
		}

	}

	@Component("broken")
	static class Broken {

		@BackgroundJob(timeout = "31m")
		void tooLong() {
		}

		@BackgroundJob(timeout = "5s")
		void tooShort() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Broken.class)
	static class BrokenApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Letters.class)
	static class Application {

		@Bean
		CloudTasksJobCustomizer tenant() {
			return (request, message) -> request.putHeaders("X-Tenant", message.job());
		}

	}

}
