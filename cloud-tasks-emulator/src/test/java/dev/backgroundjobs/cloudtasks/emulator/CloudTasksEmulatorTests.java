package dev.backgroundjobs.cloudtasks.emulator;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.tasks.v2.CloudTasksClient;
import com.google.cloud.tasks.v2.CloudTasksSettings;
import com.google.cloud.tasks.v2.HttpRequest;
import com.google.cloud.tasks.v2.OidcToken;
import com.google.cloud.tasks.v2.Queue;
import com.google.cloud.tasks.v2.RateLimits;
import com.google.cloud.tasks.v2.RetryConfig;
import com.google.cloud.tasks.v2.Task;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The rules that {@link CloudTasksEmulator} names, through Google's client and over HTTP.
 */
class CloudTasksEmulatorTests {

	private static final String PARENT = "projects/p/locations/l/queues/";

	private static final String QUEUE = PARENT + "q";

	private static final String SLOW = PARENT + "slow";

	private static final String IMPATIENT = PARENT + "impatient";

	private final Worker worker = new Worker();

	private final CloudTasksEmulator cloud = CloudTasksEmulator.builder()
		.retry(RetryConfig.newBuilder().setMaxAttempts(-1).setMinBackoff(millis(50)).build())
		.queue(Queue.newBuilder().setName(QUEUE).build())
		.queue(Queue.newBuilder()
			.setName(SLOW)
			.setRateLimits(RateLimits.newBuilder().setMaxConcurrentDispatches(1))
			.build())
		.queue(Queue.newBuilder()
			.setName(IMPATIENT)
			.setRetryConfig(RetryConfig.newBuilder().setMaxAttempts(2).setMinBackoff(millis(10)))
			.build())
		.start();

	private final CloudTasksClient client = client();

	private CloudTasksClient client() {
		try {
			return CloudTasksClient.create(CloudTasksSettings.newBuilder()
				.setEndpoint(this.cloud.endpoint())
				.setCredentialsProvider(NoCredentialsProvider.create())
				.setTransportChannelProvider(CloudTasksSettings.defaultGrpcTransportProviderBuilder()
					.setEndpoint(this.cloud.endpoint())
					.setChannelConfigurator((channel) -> channel.usePlaintext())
					.build())
				.build());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@AfterEach
	void close() {
		this.client.close();
		this.cloud.close();
		this.worker.close();
	}

	@Test
	void pushesWithTheHeadersOfCloudTasks() {
		Task created = this.client.createTask(QUEUE, task("first").build());
		awaitPushes(204);
		Worker.Received push = this.worker.received.get(0);
		assertThat(push.method()).isEqualTo("POST");
		assertThat(push.body()).isEqualTo("hello");
		assertThat(push.header("User-Agent")).isEqualTo("Google-Cloud-Tasks");
		assertThat(push.header("X-CloudTasks-QueueName")).isEqualTo("q");
		assertThat(push.header("X-CloudTasks-TaskName")).isEqualTo("first");
		assertThat(push.header("X-CloudTasks-TaskRetryCount")).isEqualTo("0");
		assertThat(push.header("X-CloudTasks-TaskExecutionCount")).isEqualTo("0");
		assertThat(push.header("X-CloudTasks-TaskETA")).matches(created.getScheduleTime().getSeconds() + "\\.[0-9]{6}");
		assertThat(this.cloud.tasks()).isEmpty();
	}

	@Test
	void countsAllAttemptsAndThoseWithAnAnswerOtherThan5xx() {
		this.worker.answers(500, 422, 204);
		this.client.createTask(QUEUE, task("first").build());
		awaitPushes(500, 422, 204);
		assertThat(this.worker.received).extracting((push) -> push.header("X-CloudTasks-TaskRetryCount"))
			.containsExactly("0", "1", "2");
		assertThat(this.worker.received).extracting((push) -> push.header("X-CloudTasks-TaskExecutionCount"))
			.containsExactly("0", "0", "1");
		assertThat(this.worker.received.get(2).header("X-CloudTasks-TaskPreviousResponse")).isEqualTo("422");
	}

	@Test
	void givesUpAfterTheAttemptsOfTheQueue() {
		this.worker.answers(500);
		this.client.createTask(IMPATIENT, task(IMPATIENT, "first").build());
		awaitPushes(500, 500);
		assertThat(this.cloud.tasks()).isEmpty();
	}

	@Test
	void takesANameOnceAlsoAfterItsTaskIsDone() {
		this.client.createTask(QUEUE, task("first").build());
		awaitPushes(204);
		assertThatExceptionOfType(AlreadyExistsException.class)
			.isThrownBy(() -> this.client.createTask(QUEUE, task("first").build()));
	}

	@Test
	void namesATaskThatHasNone() {
		Task created = this.client.createTask(QUEUE, task("").clearName().build());
		assertThat(created.getName()).startsWith(QUEUE + "/tasks/");
		awaitPushes(204);
	}

	@Test
	void showsBodiesOnlyWhenAllIsAskedFor() {
		this.client.pauseQueue(QUEUE);
		Task created = this.client.createTask(QUEUE, task("first").build());
		assertThat(created.getHttpRequest().getBody()).isEmpty();
		assertThat(this.client.listTasks(QUEUE).iterateAll()).containsExactly(created);
		assertThat(this.cloud.tasks().get(created.getName()).getHttpRequest().getBody().toStringUtf8())
			.isEqualTo("hello");
	}

	@Test
	void pushesAtTheTimeAndBeforeItWhenTold() {
		Instant later = Clock.systemUTC().instant().plus(Duration.ofHours(1));
		Task created = this.client.createTask(QUEUE,
				task("first").setScheduleTime(StoredTask.timestamp(later)).build());
		assertThat(this.cloud.pushes()).isEmpty();
		this.client.runTask(created.getName());
		awaitPushes(204);
		assertThat(this.worker.received.get(0).header("X-CloudTasks-TaskETA")).startsWith(later.getEpochSecond() + ".");
	}

	@Test
	void aTaskThatWasRunWhileItsQueueWasPausedIsNotPushedAgain() {
		this.cloud.pause(QUEUE);
		Task first = this.client.createTask(QUEUE, task("first").build());
		this.client.createTask(QUEUE, task("second").build());
		assertThat(this.cloud.run(first.getName())).isEqualTo(204);
		this.cloud.resume(QUEUE);
		awaitPushes(204, 204);
		assertThat(this.cloud.pushes()).extracting(Push::task)
			.containsExactly(first.getName(), QUEUE + "/tasks/second");
	}

	@Test
	void keepsTheTasksOfAPausedQueue() {
		this.cloud.pause(QUEUE);
		Task created = this.client.createTask(QUEUE, task("first").build());
		assertThat(this.client.getQueue(QUEUE).getState()).isEqualTo(Queue.State.PAUSED);
		assertThat(this.client.getTask(created.getName()).getDispatchCount()).isZero();
		this.cloud.resume(QUEUE);
		awaitPushes(204);
	}

	@Test
	void holdsTheWholeQueueBackForAsLongAsAnAnswerAsks() {
		this.worker.answers(503, 204);
		this.worker.retryAfter = "2";
		this.client.createTask(QUEUE, task("first").build());
		awaitPushes(503);
		this.client.createTask(QUEUE, task("second").build());
		awaitPushes(503, 204, 204);
		long waited = this.worker.received.get(1).nanos() - this.worker.received.get(0).nanos();
		assertThat(Duration.ofNanos(waited)).isGreaterThan(Duration.ofMillis(1_900));
	}

	@Test
	void takesWhatIsBehindARedirectForTheAnswer() {
		Task.Builder task = task("first");
		task.getHttpRequestBuilder().setUrl(this.worker.url("/moved"));
		this.client.createTask(QUEUE, task.build());
		awaitPushes(200);
		assertThat(this.worker.received).extracting(Worker.Received::path).containsExactly("/moved", "/behind");
		assertThat(this.cloud.tasks()).isEmpty();
	}

	@Test
	void pushesOneAtATimeWhereTheQueueSaysSo() {
		for (int i = 0; i < 5; i++) {
			this.client.createTask(SLOW, task(SLOW, "task-" + i).build());
		}
		awaitPushes(204, 204, 204, 204, 204);
		assertThat(this.cloud.pushes()).extracting(Push::task)
			.containsExactly(SLOW + "/tasks/task-0", SLOW + "/tasks/task-1", SLOW + "/tasks/task-2",
					SLOW + "/tasks/task-3", SLOW + "/tasks/task-4");
	}

	@Test
	void signsATokenThatItsKeysVerify() throws Exception {
		Task.Builder task = task("first");
		task.getHttpRequestBuilder()
			.putHeaders("Authorization", "Bearer mine")
			.setOidcToken(OidcToken.newBuilder().setServiceAccountEmail("a@p.iam.gserviceaccount.com"));
		this.client.createTask(QUEUE, task.build());
		awaitPushes(204);
		SignedJWT token = SignedJWT.parse(this.worker.received.get(0).header("Authorization").replace("Bearer ", ""));
		JWKSet keys = JWKSet.load(this.cloud.tokens().jwkSetUri().toURL());
		assertThat(token
			.verify(new RSASSAVerifier(keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey().toRSAPublicKey())))
			.isTrue();
		assertThat(token.getJWTClaimsSet().getAudience()).containsExactly(this.worker.url("/"));
		assertThat(this.cloud.pushes()).extracting(Push::serviceAccount).containsExactly("a@p.iam.gserviceaccount.com");
	}

	@Test
	void refusesWhatCloudTasksRefuses() {
		Instant far = Clock.systemUTC().instant().plus(Duration.ofDays(31));
		List<Task.Builder> wrong = List.of(task("far").setScheduleTime(StoredTask.timestamp(far)),
				task("short").setDispatchDeadline(millis(14_000)), task("long").setDispatchDeadline(millis(1_801_000)),
				task("no/name"),
				task("big").setHttpRequest(request().setBody(ByteString.copyFrom(new byte[1_000_001]))),
				task("address").setHttpRequest(request().setUrl("ftp://example.com/")));
		for (Task.Builder task : wrong) {
			assertThatExceptionOfType(InvalidArgumentException.class).as(task.getName())
				.isThrownBy(() -> this.client.createTask(QUEUE, task.build()));
		}
		assertThatExceptionOfType(NotFoundException.class)
			.isThrownBy(() -> this.client.createTask(PARENT + "missing", task(PARENT + "missing", "t").build()));
		assertThat(this.cloud.pushes()).isEmpty();
	}

	private Task.Builder task(String name) {
		return task(QUEUE, name);
	}

	private Task.Builder task(String queue, String name) {
		return Task.newBuilder().setName(queue + "/tasks/" + name).setHttpRequest(request());
	}

	private HttpRequest.Builder request() {
		return HttpRequest.newBuilder().setUrl(this.worker.url("/")).setBody(ByteString.copyFromUtf8("hello"));
	}

	private void awaitPushes(Integer... statuses) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).containsExactly(statuses));
	}

	private static com.google.protobuf.Duration millis(long millis) {
		return com.google.protobuf.Duration.newBuilder()
			.setSeconds(millis / 1_000)
			.setNanos((int) (millis % 1_000) * 1_000_000)
			.build();
	}

}
