package dev.backgroundjobs.adapter.kubernetes;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application is told of its jobs.
 */
class KubernetesJobsTests extends ClusterFixture {

	private ApplicationContext instance;

	private KubernetesJobs jobs;

	@BeforeEach
	void startInstance() {
		this.instance = startWithoutWorker();
		this.jobs = this.instance.getBean(KubernetesJobs.class);
	}

	@Test
	void tellsTheStatusOfAJobFromItsCreationToItsEnd() {
		JobMessage message = message();
		assertThat(status(message)).isEqualTo(JobStatus.UNKNOWN);
		backend(this.instance).enqueueAt(message, NOW.plusSeconds(60));
		assertThat(status(message)).isEqualTo(JobStatus.SCHEDULED);
		DelayedJobs delayed = this.instance.getBean(DelayedJobs.class);
		delayed.resume(onlyJob());
		assertThat(status(message)).isEqualTo(JobStatus.QUEUED);
		edit(onlyJob(), new JobStatusBuilder().withActive(1).withReady(1));
		assertThat(status(message)).isEqualTo(JobStatus.RUNNING);
		edit(onlyJob(),
				new JobStatusBuilder().addNewCondition()
					.withType(ObservedJob.COMPLETE)
					.withStatus("True")
					.endCondition());
		assertThat(status(message)).isEqualTo(JobStatus.SUCCEEDED);
	}

	@Test
	void tellsTheStatusOfTheLastMessage() {
		JobMessage message = message();
		backend(this.instance).enqueue(message);
		edit(onlyJob(),
				new JobStatusBuilder().addNewCondition()
					.withType(ObservedJob.COMPLETE)
					.withStatus("True")
					.endCondition());
		backend(this.instance).enqueueAt(message.successor().attempt(2).build(), NOW.plusSeconds(60));
		assertThat(status(message)).isEqualTo(JobStatus.SCHEDULED);
		assertThat(this.jobs.find(enqueued(message))).satisfies((state) -> {
			assertThat(state.attempt()).isEqualTo(2);
			assertThat(state.seq()).isEqualTo(1);
			assertThat(state.runAt()).isEqualTo(NOW.plusSeconds(60));
		});
	}

	@Test
	void tellsThatAJobHasFailedAndWhy() {
		JobMessage message = message();
		backend(this.instance).enqueue(message);
		fail(onlyJob());
		assertThat(this.jobs.find(enqueued(message))).satisfies((state) -> {
			assertThat(state.status()).isEqualTo(JobStatus.FAILED);
			assertThat(state.id()).isEqualTo(message.id());
			assertThat(state.job()).isEqualTo("letters.send");
			assertThat(state.queue()).isEqualTo("default");
			assertThat(state.namespace()).isEqualTo(NAMESPACE);
			assertThat(state.name()).isEqualTo(onlyJob().name());
			assertThat(state.failedPods()).isEqualTo(3);
			assertThat(state.completedAt()).isEqualTo(Instant.parse("2026-06-01T12:05:00Z"));
			assertThat(state.conditions()).singleElement().satisfies((condition) -> {
				assertThat(condition.type()).isEqualTo("Failed");
				assertThat(condition.holds()).isTrue();
				assertThat(condition.reason()).isEqualTo("BackoffLimitExceeded");
			});
		});
	}

	@Test
	void tellsThatAJobHasFailedWhoseDeadMessageIsKeptElsewhere() {
		JobMessage message = message();
		backend(this.instance).enqueue(message);
		KubernetesJobBackendTests.pod(this.instance, onlyJob()).settled(Settlement.DEAD_KEPT);
		edit(onlyJob(),
				new JobStatusBuilder().addNewCondition()
					.withType(ObservedJob.COMPLETE)
					.withStatus("True")
					.endCondition());
		assertThat(status(message)).isEqualTo(JobStatus.FAILED);
	}

	@Test
	void tellsWhyAPodDoesNotStart() {
		JobMessage message = message();
		backend(this.instance).enqueue(message);
		edit(onlyJob(), new JobStatusBuilder().withActive(1).withReady(0));
		pod(onlyJob(), "a");
		this.cluster.client()
			.pods()
			.inNamespace(NAMESPACE)
			.withName("a")
			.editStatus((pod) -> new PodBuilder(pod).editOrNewStatus()
				.addNewCondition()
				.withType("PodScheduled")
				.withStatus("False")
				.withReason("Unschedulable")
				.withMessage("0/3 nodes are available")
				.withLastTransitionTime(NOW.toString())
				.endCondition()
				.endStatus()
				.build());
		assertThat(this.jobs.find(enqueued(message)).waiting()).isNull();
		this.clock.advance(Duration.ofMinutes(6));
		assertThat(this.jobs.find(enqueued(message)).waiting()).satisfies((waiting) -> {
			assertThat(waiting.reason()).isEqualTo("Unschedulable");
			assertThat(waiting.message()).isEqualTo("0/3 nodes are available");
			assertThat(waiting.pod()).isEqualTo("a");
		});
	}

	@Test
	void listsJobsByNameAndByLabels() {
		JobMessage first = message();
		JobMessage second = message();
		backend(this.instance).enqueue(first);
		backend(this.instance).enqueue(second);
		backend(this.instance)
			.enqueue(JobMessage.builder(message().id(), "invoices.send", "default", "[]", NOW).build());
		assertThat(this.jobs.list("letters.send", "default")).extracting(KubernetesJobState::id)
			.containsExactlyInAnyOrder(first.id(), second.id());
		assertThat(this.jobs.list("default", Map.of())).hasSize(3);
		assertThat(this.jobs.list("default", Map.of(KubernetesNames.ID, second.id())))
			.extracting(KubernetesJobState::id)
			.containsExactly(second.id());
	}

	@Test
	void readsTheLogsOfAllPodsAsFarAsSomebodyReads() {
		JobMessage message = message();
		backend(this.instance).enqueue(message);
		pod(onlyJob(), "b");
		pod(onlyJob(), "a");
		answerLogs();
		try (Stream<String> lines = this.jobs.logs(enqueued(message))) {
			assertThat(lines.limit(1)).containsExactly("a: first");
		}
		assertThat(this.cluster.requests()).noneMatch((request) -> request.contains("pods/b/log"));
		assertThat(this.instance.getBean(JobOperations.class).logs(enqueued(message))).containsExactly("a: first",
				"a: Grüße", "b: first", "b: Grüße");
	}

	@Test
	void followsTheLogOfTheLastPod() {
		JobMessage message = message();
		backend(this.instance).enqueue(message);
		pod(onlyJob(), "a");
		pod(onlyJob(), "b");
		answerLogs();
		try (Stream<String> lines = this.jobs.followLogs(enqueued(message))) {
			assertThat(lines).containsExactly("a: first", "a: Grüße", "b: first", "b: Grüße");
		}
		assertThat(this.cluster.requests()).filteredOn((request) -> request.contains("/log"))
			.anyMatch((request) -> request.contains("pods/b/log") && request.contains("follow=true"))
			.noneMatch((request) -> request.contains("pods/a/log") && request.contains("follow=true"));
	}

	@Test
	void showsTheManifestThatWouldBeSent() {
		String manifest = this.jobs.manifest(JobCall.of(Letters::send, "it's $(HOME)\n\"quoted\""));
		Job shown = Serialization.unmarshal(manifest, Job.class);
		assertThat(jobs()).isEmpty();
		assertThat(shown.getStatus()).isNull();
		assertThat(shown.getMetadata().getUid()).isNull();
		assertThat(shown.getMetadata().getResourceVersion()).isNull();
		byte[] message = new KubernetesMessages(api()).read(new ObservedJob(shown));
		assertThat(new String(message, StandardCharsets.UTF_8)).contains("it's $(HOME)\\n\\\"quoted\\\"");
		assertThat(this.instance.getBean(KubernetesManifestText.class).backend()).isEqualTo("kubernetes");
	}

	@Test
	void showsTheSecretOfALargeMessageAsWell() {
		String manifest = this.instance.getBean(KubernetesManifestText.class).manifest(largeMessage());
		assertThat(manifest.split("(?m)^---")).hasSize(3);
		assertThat(manifest).contains("kind: \"Job\"").contains("kind: \"Secret\"");
	}

	private void answerLogs() {
		this.cluster.before((request) -> {
			if (!request.getPath().contains("/log?") && !request.getPath().endsWith("/log")) {
				return null;
			}
			String pod = request.getPath().replaceAll(".*/pods/([a-z]+)/log.*", "$1");
			return new MockResponse().setResponseCode(200).setBody(pod + ": first\n" + pod + ": Grüße\n");
		});
	}

	private void pod(ObservedJob job, String name) {
		this.cluster.client()
			.pods()
			.inNamespace(NAMESPACE)
			.resource(new PodBuilder().withNewMetadata()
				.withName(name)
				.withLabels(Map.of(WaitingPods.JOB_LABEL, job.name()))
				.endMetadata()
				.withSpec(job.job().getSpec().getTemplate().getSpec())
				.build())
			.create();
	}

	private void edit(ObservedJob job, JobStatusBuilder status) {
		this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace(job.namespace())
			.withName(job.name())
			.editStatus((now) -> new JobBuilder(now).withStatus(status.build()).build());
	}

	private JobStatus status(JobMessage message) {
		return this.instance.getBean(JobOperations.class).status(enqueued(message));
	}

	private static EnqueuedJob enqueued(JobMessage message) {
		return new EnqueuedJob(message.id(), message.job(), message.queue(), null, null);
	}

}
