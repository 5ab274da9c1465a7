package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a Job has that nobody has set: its marks, its end, its start.
 */
class JobFinishTests {

	private static Job job(ManifestFixture fixture) {
		return fixture.manifest().job();
	}

	private static PodSpec pod(Job job) {
		return job.getSpec().getTemplate().getSpec();
	}

	private static Container container(Job job) {
		return pod(job).getContainers().get(0);
	}

	@Test
	void setsWhatNobodyHasSet() {
		ManifestFixture fixture = new ManifestFixture(Plain.class);
		fixture.environment.setActiveProfiles("cloud", "jobs-run-once", "eu");
		Job job = job(fixture);
		assertThat(job.getSpec().getBackoffLimit()).isEqualTo(2);
		assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(604_800);
		assertThat(job.getSpec().getPodReplacementPolicy()).isEqualTo("Failed");
		assertThat(job.getSpec().getActiveDeadlineSeconds()).isNull();
		assertThat(job.getSpec().getSuspend()).isNull();
		assertThat(pod(job).getRestartPolicy()).isEqualTo("Never");
		assertThat(pod(job).getTerminationGracePeriodSeconds()).isEqualTo(40);
		assertThat(container(job).getName()).isEqualTo("job");
		assertThat(container(job).getResources()).isNull();
		Map<String, String> environment = KubernetesExpansion.environment(container(job));
		assertThat(environment).containsOnlyKeys("JOBS_MESSAGE", "JOBS_SENDER", "JOBS_KUBERNETES_JOB",
				"JOBS_KUBERNETES_JOB_NAMESPACE", "JOBS_KUBERNETES_IMAGE", "JOBS_KUBERNETES_NAMESPACE",
				"SPRING_PROFILES_ACTIVE");
		assertThat(environment).containsEntry("JOBS_KUBERNETES_JOB", job.getMetadata().getName())
			.containsEntry("JOBS_KUBERNETES_JOB_NAMESPACE", "jobs")
			.containsEntry("JOBS_KUBERNETES_IMAGE", "app:1")
			.containsEntry("JOBS_KUBERNETES_NAMESPACE", "jobs")
			.containsEntry("SPRING_PROFILES_ACTIVE", "cloud,eu")
			.containsEntry("JOBS_SENDER", "kubernetes");
	}

	@Test
	void leavesProfilesToTheUser() {
		ManifestFixture fixture = new ManifestFixture(Plain.class).with("env.SPRING_PROFILES_ACTIVE=batch");
		fixture.environment.setActiveProfiles("cloud");
		assertThat(KubernetesExpansion.environment(container(job(fixture)))).containsEntry("SPRING_PROFILES_ACTIVE",
				"batch");
	}

	@Test
	void setsNoProfilesWhereNoneButItsOwnIsActive() {
		ManifestFixture fixture = new ManifestFixture(Plain.class);
		fixture.environment.setActiveProfiles("jobs-run-once");
		assertThat(KubernetesExpansion.environment(container(job(fixture))))
			.doesNotContainKey("SPRING_PROFILES_ACTIVE");
	}

	@Test
	void successorsOnOtherQueuesGetTheImageAndNamespaceOfAllQueues() {
		Job job = job(new ManifestFixture(Plain.class).with("queues.heavy.image=gpu:1", "queues.heavy.namespace=gpu"));
		assertThat(job.getMetadata().getNamespace()).isEqualTo("gpu");
		assertThat(KubernetesExpansion.environment(container(job))).containsEntry("JOBS_KUBERNETES_IMAGE", "app:1")
			.containsEntry("JOBS_KUBERNETES_NAMESPACE", "jobs")
			.containsEntry("JOBS_KUBERNETES_JOB_NAMESPACE", "gpu");
	}

	@Test
	void tellsOurExitCodesApart() {
		Job job = job(new ManifestFixture(Plain.class).with("container=main"));
		assertThat(Serialization.asYaml(job.getSpec().getPodFailurePolicy())).isEqualTo("""
				---
				rules:
				- action: "Ignore"
				  onPodConditions:
				  - status: "True"
				    type: "DisruptionTarget"
				- action: "FailJob"
				  onExitCodes:
				    containerName: "main"
				    operator: "In"
				    values:
				    - 65
				- action: "Count"
				  onExitCodes:
				    containerName: "main"
				    operator: "In"
				    values:
				    - 75
				""");
	}

	@Test
	void hasNoFailurePolicyWhereContainersAreStartedAgain() {
		Job job = job(new ManifestFixture(Plain.class).with("restart-policy=on-failure"));
		assertThat(job.getSpec().getPodFailurePolicy()).isNull();
	}

	@Test
	void stopsAJobAfterAllThatItsPodsMayTake() {
		ManifestFixture fixture = new ManifestFixture(Plain.class).timeout(Duration.ofMinutes(10));
		fixture.environment.setProperty("spring.lifecycle.timeout-per-shutdown-phase", "50s");
		assertThat(job(fixture).getSpec().getActiveDeadlineSeconds()).isEqualTo((600 + 300 + 60) * 3);
		assertThat(job(fixture.with("backoff-limit=0", "termination-grace-period=5s")).getSpec()
			.getActiveDeadlineSeconds()).isEqualTo(600 + 300 + 5);
	}

	@Test
	void suspendsWhatIsDueLater() {
		Instant runAt = Instant.parse("2026-07-02T08:00:00.123Z");
		Job job = job(new ManifestFixture(Plain.class).runAt(runAt));
		assertThat(job.getSpec().getSuspend()).isTrue();
		assertThat(job.getMetadata().getAnnotations()).containsEntry(KubernetesNames.RUN_AT, runAt.toString());
		assertThat(job.getSpec().getTemplate().getMetadata().getAnnotations())
			.doesNotContainKey(KubernetesNames.RUN_AT);
	}

	@Test
	void leavesTheStartOfASuspendedQueueToOthers() {
		Job job = job(new ManifestFixture(Plain.class).with("queues.heavy.suspend=true").runAt(Instant.EPOCH));
		assertThat(job.getSpec().getSuspend()).isTrue();
		assertThat(job.getMetadata().getAnnotations()).doesNotContainKey(KubernetesNames.RUN_AT);
	}

	@Test
	void leavesItToKueueWhenAJobOfItsStarts() {
		Job job = job(kueue().runAt(Instant.EPOCH));
		assertThat(job.getSpec().getSuspend()).isTrue();
		assertThat(job.getMetadata().getLabels()).containsEntry(KubernetesNames.KUEUE, "team");
		assertThat(job.getMetadata().getAnnotations()).doesNotContainKey(KubernetesNames.RUN_AT);
	}

	@Test
	void keepsADeadCopyFromKueueWhichWouldRunIt() {
		Job job = job(kueue().message(ManifestFixture.message("pi.compute", "[]").target("dead")));
		assertThat(job.getSpec().getSuspend()).isTrue();
		assertThat(job.getMetadata().getLabels()).doesNotContainKey(KubernetesNames.KUEUE);
		assertThat(job.getSpec().getTemplate().getMetadata().getLabels()).doesNotContainKey(KubernetesNames.KUEUE);
	}

	private static ManifestFixture kueue() {
		return new ManifestFixture(Plain.class).with("queues.heavy.labels.[" + KubernetesNames.KUEUE + "]=team");
	}

	@Test
	void keepsADeadCopySuspendedInTheNamespaceOfItsQueue() {
		Job job = job(new ManifestFixture(Plain.class)
			.with("queues.heavy.memory-limit=8Gi", "queues.dead.namespace=graveyard",
					"queues.dead.ttl-after-finished=90d")
			.message(ManifestFixture.message("pi.compute", "[]").target("dead"))
			.runAt(Instant.EPOCH));
		assertThat(job.getSpec().getSuspend()).isTrue();
		assertThat(job.getMetadata().getAnnotations()).doesNotContainKey(KubernetesNames.RUN_AT);
		assertThat(job.getMetadata().getNamespace()).isEqualTo("graveyard");
		assertThat(job.getMetadata().getLabels()).containsEntry(KubernetesNames.QUEUE, "dead");
		assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(90 * 86_400);
		assertThat(container(job).getResources().getLimits()).hasToString("{memory=8Gi}");
	}

	@Test
	void marksTheJobAndItsPodsAlike() {
		Job job = job(new ManifestFixture(Plain.class).message(ManifestFixture.message("pi.compute", "[]").attempt(3)));
		for (var metadata : List.of(job.getMetadata(), job.getSpec().getTemplate().getMetadata())) {
			assertThat(metadata.getLabels()).containsOnly(Map.entry("app.kubernetes.io/managed-by", "background-jobs"),
					Map.entry("backgroundjobs.dev/job-id", ManifestFixture.ID),
					Map.entry("backgroundjobs.dev/job", "pi.compute"), Map.entry("backgroundjobs.dev/queue", "heavy"));
			assertThat(metadata.getAnnotations()).containsOnly(Map.entry("backgroundjobs.dev/job-name", "pi.compute"),
					Map.entry("backgroundjobs.dev/seq", "0"), Map.entry("backgroundjobs.dev/attempt", "3"));
		}
	}

	static class Plain {

		void run() {
		}

	}

}
