package dev.backgroundjobs.adapter.kubernetes;

import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.mockwebserver.http.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the backend asks of the API server, and what it makes of the answers.
 */
class KubernetesJobBackendTests extends ClusterFixture {

	@Test
	void createsAJobWithTheMessage() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		String backendId = backend(instance).enqueue(message);
		ObservedJob job = onlyJob();
		assertThat(backendId).isEqualTo(NAMESPACE + "/" + KubernetesNames.of(message)).isEqualTo(job.key());
		assertThat(job.isSuspended()).isFalse();
		assertThat(job.id()).isEqualTo(message.id());
		assertThat(new KubernetesMessages(api()).read(job)).isEqualTo(encoded(instance, message));
	}

	@Test
	void cannotDelayJobsThatSomebodyElseResumes() {
		KubernetesJobBackend backend = backend(startWithoutWorker("jobs.kubernetes.queues.held.suspend=true",
				"jobs.kubernetes.queues.batch.labels.[kueue.x-k8s.io/queue-name]=team"));
		assertThat(backend.capabilities("held").maxDelay()).isZero();
		assertThat(backend.capabilities("batch").maxDelay()).isZero();
		assertThat(backend.capabilities("other").maxDelay()).isPositive();
	}

	@Test
	void suspendsAJobUntilItsTime() {
		Instant time = NOW.plus(Duration.ofDays(400));
		backend(startWithoutWorker()).enqueueAt(message(), time);
		assertThat(onlyJob().isSuspended()).isTrue();
		assertThat(onlyJob().runAt()).isEqualTo(time);
		assertThat(onlyJob().isDelayed()).isTrue();
	}

	@Test
	void takesARepeatOfItsOwnForSuccess() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		String first = backend(instance).enqueue(message);
		assertThat(backend(instance).enqueue(message)).isEqualTo(first);
		assertThat(jobs()).hasSize(1);
	}

	@Test
	void refusesAnotherMessageWithTheCallersKey() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage first = keyed();
		JobMessage second = keyed();
		backend(instance).enqueue(first);
		assertThatExceptionOfType(DuplicateMessageException.class).isThrownBy(() -> backend(instance).enqueue(second));
		assertThat(backend(instance).enqueue(first)).endsWith(onlyJob().name());
	}

	@Test
	void createsSeveralJobsSideBySide() {
		List<JobMessage> messages = IntStream.range(0, 25).mapToObj((i) -> message()).toList();
		List<SendResult> results = backend(startWithoutWorker()).enqueueAll(messages);
		assertThat(results).containsExactlyElementsOf(messages.stream()
			.<SendResult>map((message) -> new SendResult.Sent(NAMESPACE + "/" + KubernetesNames.of(message)))
			.toList());
		assertThat(jobs()).hasSize(25);
	}

	@Test
	void holdsADeadMessageSuspendedUnderAnotherName() {
		ApplicationContext instance = startWithoutWorker("jobs.kubernetes.queues.dead.namespace=graveyard");
		JobMessage copy = message().successor().target("dead").build();
		backend(instance).enqueue(copy);
		assertThat(onlyJob().isHeld()).isTrue();
		assertThat(onlyJob().isDelayed()).isFalse();
		assertThat(onlyJob().key()).startsWith("graveyard/");
		assertThat(onlyJob().queue()).isEqualTo("default");
		backend(instance).enqueue(message(copy.id(), "[\"Ada\"]").successor().build());
		assertThat(jobs()).hasSize(2);
	}

	@Test
	void putsALargeMessageIntoASecretThatTheJobOwns() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = largeMessage();
		backend(instance).enqueue(message);
		assertThat(onlyJob().isSuspended()).isFalse();
		assertThat(onlyJob().isIncomplete()).isFalse();
		assertThat(secrets()).singleElement()
			.satisfies((secret) -> assertThat(secret.getMetadata().getOwnerReferences()).singleElement()
				.satisfies((owner) -> {
					assertThat(owner.getKind()).isEqualTo("Job");
					assertThat(owner.getUid()).isEqualTo(onlyJob().job().getMetadata().getUid());
				}));
		assertThat(new KubernetesMessages(api()).read(onlyJob())).isEqualTo(encoded(instance, message));
	}

	@Test
	void delaysALargeMessage() {
		backend(startWithoutWorker()).enqueueAt(largeMessage(), NOW.plusSeconds(60));
		assertThat(onlyJob().isDelayed()).isTrue();
		assertThat(onlyJob().runAt()).isEqualTo(NOW.plusSeconds(60));
	}

	@ParameterizedTest
	@CsvSource({ "POST, /secrets", "PATCH, /jobs/" })
	void completesWhatADeadSenderLeft(String method, String path) {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = largeMessage();
		dieAt(instance, message, method, path);
		assertThat(onlyJob().isSuspended()).isTrue();
		assertThat(onlyJob().isIncomplete()).isTrue();
		backend(instance).enqueue(message);
		assertThat(onlyJob().isSuspended()).isFalse();
		assertThat(onlyJob().isIncomplete()).isFalse();
		assertThat(secrets()).hasSize(1);
		assertThat(new KubernetesMessages(api()).read(onlyJob())).isEqualTo(encoded(instance, message));
	}

	@ParameterizedTest
	@CsvSource({ "POST, /secrets", "PATCH, /jobs/" })
	void deletesWhatNobodyCompletes(String method, String path) {
		dieAt(startWithoutWorker(), largeMessage(), method, path);
		ObservedJob abandoned = onlyJob();
		start();
		await().until(() -> this.cluster.requests().stream().anyMatch((request) -> request.contains("watch=true")));
		assertThat(jobs()).hasSize(1);
		// The API server writes the time of creation by its own clock.
		this.clock.advance(Duration.between(NOW, created(abandoned)).plus(KubernetesJobWorker.MAX_INCOMPLETE));
		this.clock.advance(Duration.ofSeconds(1));
		await().until(() -> jobs().isEmpty());
	}

	@ParameterizedTest
	@CsvSource({ "POST, /secrets", "PATCH, /jobs/" })
	void takesWhatIsIncompleteForNoSuccessor(String method, String path) {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		backend(instance).enqueue(message);
		KubernetesPod pod = pod(instance, onlyJob());
		JobMessage large = message(message.id(), largeMessage().args()).successor().build();
		dieAt(instance, large, method, path);
		assertThat(pod.isOver()).isFalse();
		backend(instance).enqueue(large);
		assertThat(pod.isOver()).isTrue();
	}

	@Test
	void refusesASecretOfAJobThatIsGone() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = largeMessage();
		backend(instance).enqueue(message);
		api().delete(NAMESPACE, onlyJob().name());
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(instance).enqueue(message))
			.withMessageContaining("send the message again");
		assertThat(onlyJob().isIncomplete()).isTrue();
		this.cluster.client().secrets().inNamespace(NAMESPACE).delete();
		backend(instance).enqueue(message);
		assertThat(onlyJob().isIncomplete()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "POST, /secrets", "PATCH, /jobs/" })
	void sendsARepeatThatIsSmallerThanWhatADeadSenderLeft(String method, String path) {
		ApplicationContext instance = startWithoutWorker();
		JobMessage large = largeMessage();
		dieAt(instance, large, method, path);
		JobMessage small = message(large.id(), "[\"Ada\"]");
		backend(instance).enqueue(small);
		assertThat(onlyJob().isIncomplete()).isFalse();
		assertThat(onlyJob().isSuspended()).isFalse();
		assertThat(new KubernetesMessages(api()).read(onlyJob())).isEqualTo(encoded(instance, small));
	}

	@Test
	void takesAnUnfinishedJobThatIsBeingDeletedForNoRepeat() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		backend(instance).enqueue(message);
		// As with kubectl delete --cascade=foreground, while its pod ends.
		this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace(NAMESPACE)
			.withName(onlyJob().name())
			.edit((job) -> new JobBuilder(job).editMetadata()
				.withFinalizers("foregroundDeletion")
				.endMetadata()
				.build());
		api().delete(NAMESPACE, onlyJob().name());
		assertThat(onlyJob().isBeingDeleted()).isTrue();
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(instance).enqueue(message))
			.withMessageContaining("send the message again");
	}

	@Test
	void completesAJobWhoseStatusIsWrittenMeanwhile() {
		ApplicationContext instance = startWithoutWorker();
		AtomicBoolean first = new AtomicBoolean(true);
		this.cluster.before((request) -> {
			boolean conflicts = request.getMethod().equals("PATCH") && first.getAndSet(false);
			return conflicts ? TestCluster.refused(409, "Conflict", "the object has been modified") : null;
		});
		backend(instance).enqueue(largeMessage());
		assertThat(onlyJob().isSuspended()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					401 | Unauthorized | Unauthorized | does not know who asks to 'create' jobs in namespace 'paperwork'
					403 | Forbidden | jobs.batch is forbidden: User "x" cannot create | give its Role the verb 'create' for 'jobs', as in docs/deploy-kubernetes.md
					403 | Forbidden | jobs.batch "x" is forbidden: exceeded quota: compute | quota of namespace 'paperwork' is used up
					403 | Forbidden | unable to create new content in namespace paperwork because it is being terminated | 'paperwork' is being deleted
					404 | NotFound | namespaces "paperwork" not found | no namespace 'paperwork'
					422 | Invalid | Job.batch "x" is invalid: spec.template.spec.containers[0].image: Required value | spec.template.spec.containers[0].image: Required value
					429 | TooManyRequests | too many requests | has answered 429
					503 | ServiceUnavailable | etcd is down | has answered 503
					400 | BadRequest | no | (400): no
					""")
	void saysWhatARefusalMeans(int code, String reason, String message, String sentence) {
		ApplicationContext instance = startWithoutWorker();
		this.cluster.before((request) -> TestCluster.refused(code, reason, message));
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(instance).enqueue(message()))
			.withMessageContaining(sentence);
		this.cluster.before((request) -> null);
	}

	@Test
	void saysThatTheApiServerIsNotReached() throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> find("http://localhost:" + port))
			.withMessageContaining("was not reached to 'get' jobs in namespace 'paperwork': check the kubeconfig");
	}

	@Test
	void saysThatTheApiServersHostIsNotKnown() {
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> find("http://api.invalid"))
			.withMessageContaining("check the kubeconfig, or KUBERNETES_MASTER");
	}

	@Test
	void saysThatTheApiServerHasNotAnsweredInTime() {
		this.cluster.before(
				(request) -> new MockResponse().setResponseCode(200).setBody("{}").setBodyDelay(Duration.ofSeconds(5)));
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> find(this.cluster.url()))
			.withMessageContaining("has not answered in time when asked to 'get' jobs");
		this.cluster.before((request) -> null);
	}

	@Test
	void keepsHoldsAndDelaysMessages() {
		BackendCapabilities capabilities = backend(startWithoutWorker()).capabilities();
		assertThat(capabilities.durable()).isTrue();
		assertThat(capabilities.deduplicates()).isTrue();
		assertThat(capabilities.holdsDeadLetters()).isTrue();
		assertThat(capabilities.maxDelay()).isEqualTo(BackendCapabilities.UNLIMITED);
		assertThat(capabilities.maxMessageBytes()).isEqualTo(1_000_000);
	}

	private static JobMessage keyed() {
		return JobMessage.builder(UUID.randomUUID().toString(), "letters.send", "default", "[\"Ada\"]", NOW)
			.deduplicationKey("daily")
			.build();
	}

	private static void find(String url) {
		try (KubernetesClient client = TestCluster.client(url, Duration.ofSeconds(1))) {
			new KubernetesApi(() -> client, BackendRequests.NONE).find(NAMESPACE, "x");
		}
	}

	private void dieAt(ApplicationContext instance, JobMessage message, String method, String path) {
		this.cluster.before((request) -> (request.getMethod().equals(method) && request.getPath().contains(path))
				? TestCluster.refused(500, "InternalError", "the sender is dead") : null);
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(instance).enqueue(message))
			.withMessageContaining("the sender is dead");
		this.cluster.before((request) -> null);
	}

	static KubernetesPod pod(ApplicationContext instance, ObservedJob job) {
		return new KubernetesPod(instance.getBean(KubernetesApi.class), instance.getBean(KubernetesSuccessors.class),
				job.namespace(), job.name());
	}

	private static byte[] encoded(ApplicationContext instance, JobMessage message) {
		return instance.getBean(JobMessageCodec.class).encode(message).bytes();
	}

	private static Instant created(ObservedJob job) {
		return Instant.parse(job.job().getMetadata().getCreationTimestamp());
	}

}
