package dev.backgroundjobs.adapter.kubernetes;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.adapter.runonce.RunOncePlatform;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What is left of a job that is taken back.
 */
class KubernetesCancelTests extends ClusterFixture {

	@Test
	void deletesEveryMessageOfTheJobWithItsPodsAndNoOther() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		backend(instance).enqueue(message);
		backend(instance).enqueueAt(message.successor().attempt(2).build(), NOW.plusSeconds(60));
		backend(instance).enqueue(message());
		assertThat(instance.getBean(JobOperations.class).cancel(enqueued(message))).isTrue();
		assertThat(onlyJob().id()).isNotEqualTo(message.id());
		assertThat(instance.getBean(JobOperations.class).cancel(enqueued(message))).isFalse();
	}

	@Test
	void leavesWhatHasEndedAndWhatIsKept() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		backend(instance).enqueue(message);
		fail(onlyJob());
		backend(instance).enqueue(message.successor().target("dead").build());
		assertThat(instance.getBean(JobOperations.class).cancel(enqueued(message))).isFalse();
		assertThat(jobs()).hasSize(2);
	}

	@Test
	void marksAJobBeforeItIsDeleted() {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		backend(instance).enqueue(message);
		this.cluster.before((request) -> request.getMethod().equals("DELETE")
				? TestCluster.refused(500, "InternalError", "etcd is down") : null);
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> instance.getBean(JobOperations.class).cancel(enqueued(message)));
		assertThat(onlyJob().isTakenBack()).isTrue();
		assertThat(KubernetesJobBackendTests.pod(instance, onlyJob()).isOver()).isTrue();
		assertThat(KubernetesJobBackendTests.pod(instance, onlyJob()).isOwned()).isFalse();
		this.cluster.before((request) -> null);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4 })
	void noSuccessorSurvivesACancelBeforeARequestOfThePod(int point) {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		backend(instance).enqueue(message);
		AtomicInteger requests = new AtomicInteger();
		Pod pod = pod(instance, () -> {
			if (requests.incrementAndGet() == point) {
				assertThat(backend(instance).cancel(enqueued(message))).isEqualTo(true);
			}
		});
		if (pod.mayReplace()) {
			pod.replace(message);
		}
		if (requests.get() < point) {
			assertThat(backend(instance).cancel(enqueued(message))).isTrue();
		}
		assertThat(jobs()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5 })
	void noSuccessorSurvivesThatIsCreatedBeforeARequestOfTheCanceller(int point) {
		ApplicationContext instance = startWithoutWorker();
		JobMessage message = message();
		backend(instance).enqueue(message);
		Pod pod = pod(instance, () -> {
		});
		assertThat(pod.mayReplace()).isTrue();
		AtomicInteger requests = new AtomicInteger();
		KubernetesApi api = new KubernetesApi(this.cluster::client, (backend, operation, bytes) -> {
			if (requests.incrementAndGet() == point) {
				pod.replace(message);
			}
		});
		assertThat(new KubernetesCancel(api, this.clock).cancel(NAMESPACE, enqueued(message))).isTrue();
		assertThat(jobs()).isEmpty();
	}

	@Test
	void knowsThePodThatItIsIn() {
		assertThat(startWithoutWorker().getBean(RunOncePlatform.class).isHere()).isFalse();
		RunOncePlatform pod = startWithoutWorker("JOBS_KUBERNETES_JOB=letters-send-1",
				"JOBS_KUBERNETES_JOB_NAMESPACE=" + NAMESPACE)
			.getBean(RunOncePlatform.class);
		assertThat(pod.isHere()).isTrue();
		assertThat(pod.name()).isEqualTo("kubernetes");
		assertThat(pod.isOver()).isTrue();
	}

	@Test
	void aPodWhoseMessageWasReportedAsDeadRunsNothing() {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(message());
		// And was killed before it could end with the code for never.
		KubernetesJobBackendTests.pod(instance, onlyJob()).settled(Settlement.DEAD);
		assertThat(KubernetesJobBackendTests.pod(instance, onlyJob()).isOver()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "FailureTarget", "Failed" })
	void aPodOfAJobThatKubernetesHasGivenUpCreatesNothing(String condition) {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(message());
		KubernetesPod pod = KubernetesJobBackendTests.pod(instance, onlyJob());
		this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace(NAMESPACE)
			.withName(onlyJob().name())
			.editStatus((job) -> new JobBuilder(job).editOrNewStatus()
				.addNewCondition()
				.withType(condition)
				.withStatus("True")
				.withReason("DeadlineExceeded")
				.endCondition()
				.endStatus()
				.build());
		assertThat(pod.isOwned()).isFalse();
	}

	@Test
	void aPodOfASuspendedJobCreatesNothing() {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(message());
		KubernetesPod pod = KubernetesJobBackendTests.pod(instance, onlyJob());
		assertThat(pod.isOwned()).isTrue();
		this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace(NAMESPACE)
			.withName(onlyJob().name())
			.edit((job) -> new JobBuilder(job).editSpec().withSuspend(true).endSpec().build());
		assertThat(pod.isOwned()).isFalse();
		assertThat(pod.isOver()).isFalse();
	}

	@Test
	void aPodThatCannotAskSaysSo() {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(message());
		KubernetesPod pod = KubernetesJobBackendTests.pod(instance, onlyJob());
		this.cluster.before((request) -> TestCluster.refused(500, "InternalError", "etcd is down"));
		assertThatExceptionOfType(JobException.class).isThrownBy(pod::isOver);
		assertThatExceptionOfType(JobException.class).isThrownBy(pod::isOwned);
		this.cluster.before((request) -> null);
	}

	@Test
	void aPodOfAJobThatIsGoneRunsNothing() {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(message());
		KubernetesPod pod = KubernetesJobBackendTests.pod(instance, onlyJob());
		api().delete(NAMESPACE, onlyJob().name());
		assertThat(pod.isOver()).isTrue();
		assertThat(pod.isOwned()).isFalse();
	}

	@Test
	void aPodWhoseMessageWasKeptAsDeadRunsNothing() {
		ApplicationContext instance = startWithoutWorker("jobs.queues.default.dead-letter=dead",
				"jobs.kubernetes.queues.dead.namespace=graveyard");
		JobMessage message = message();
		backend(instance).enqueue(message);
		KubernetesPod pod = KubernetesJobBackendTests.pod(instance, onlyJob());
		assertThat(pod.isOver()).isFalse();
		backend(instance).enqueue(message.successor().target("dead").build());
		assertThat(pod.isOver()).isTrue();
	}

	@Test
	void changesNothingOfAJobThatIsGone() {
		backend(startWithoutWorker()).enqueue(message());
		ObservedJob gone = onlyJob();
		api().delete(NAMESPACE, gone.name());
		assertThat(api().annotate(NAMESPACE, gone.name(), Map.of(KubernetesNames.CANCELLED, "now"))).isFalse();
		assertThat(api().patchIfUnchanged(gone, Map.of(KubernetesNames.CANCELLED, "now"), null)).isNull();
		assertThatNoException().isThrownBy(() -> api().delete(NAMESPACE, gone.name()));
		assertThatNoException().isThrownBy(() -> api().deleteIfUnchanged(gone));
	}

	private Pod pod(ApplicationContext instance, Runnable beforeRequest) {
		KubernetesManifests manifests = instance.getBean(KubernetesManifests.class);
		BackendRequests requests = (backend, operation, bytes) -> beforeRequest.run();
		KubernetesApi api = new KubernetesApi(this.cluster::client, requests);
		KubernetesPod pod = new KubernetesPod(api, instance.getBean(KubernetesSuccessors.class), NAMESPACE,
				onlyJob().name());
		KubernetesJobBackend backend = new KubernetesJobBackend(manifests, new KubernetesSender(api), pod,
				instance.getBean(KubernetesJobs.class), instance.getBean(JobMessageCodec.class));
		return new Pod(pod, backend);
	}

	private static EnqueuedJob enqueued(JobMessage message) {
		return new EnqueuedJob(message.id(), message.job(), message.queue(), null, null);
	}

	/**
	 * What a pod asks in its life: whether to run, whether to replace its message, and
	 * then it replaces it.
	 */
	private record Pod(KubernetesPod pod, KubernetesJobBackend backend) {

		private boolean mayReplace() {
			return !this.pod.isOver() && this.pod.isOwned();
		}

		private void replace(JobMessage message) {
			try {
				this.backend.enqueueAt(message.successor().attempt(2).build(), NOW.plusSeconds(60));
			}
			catch (JobException ex) {
				assertThat(ex).hasMessageContaining("was taken back");
			}
		}

	}

}
