package dev.backgroundjobs.kubelet;

import java.nio.file.Files;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Kubelet}, whose containers are shells.
 */
class KubeletTests extends KubeletTestBase {

	@Test
	void runsTheContainerAndCompletesTheJob() {
		Job done = finished(shell("echo hello; echo there >&2"));
		assertThat(conditions(done)).containsExactly("SuccessCriteriaMet", "Complete CompletionsReached");
		assertThat(done.getStatus().getSucceeded()).isEqualTo(1);
		assertThat(done.getStatus().getStartTime()).isNotNull();
		assertThat(done.getStatus().getCompletionTime()).isNotNull();
		String pod = this.client.pods().withLabel("job-name", "job").list().getItems().get(0).getMetadata().getName();
		assertThat(this.client.pods().withName(pod).get().getStatus().getPhase()).isEqualTo("Succeeded");
		assertThat(this.client.pods().withName(pod).getLog()).isEqualTo("hello\nthere\n");
	}

	@Test
	void givesItVariablesArgumentsAndFilesAsTheyAreDeclared() {
		this.client.configMaps()
			.resource(new ConfigMapBuilder().withNewMetadata()
				.withName("map")
				.endMetadata()
				.addToData("FROM_MAP", "$(A)")
				.build())
			.create();
		this.client.secrets()
			.resource(new SecretBuilder().withNewMetadata()
				.withName("secret")
				.endMetadata()
				.addToStringData("message", "wörd")
				.build())
			.create();
		finished(job((job) -> job.editSpec()
			.editTemplate()
			.editSpec()
			.editFirstContainer()
			.withImage("bare")
			.withCommand("sh", "-c",
					"echo \"$A|$B|$FROM_MAP|$1|$(cat $FILE)|$POD|$HOME\" $0".replace("$(cat", "$$(cat"))
			.withArgs("$(B)", "$$(B)")
			.addNewEnv()
			.withName("A")
			.withValue("1")
			.endEnv()
			.addNewEnv()
			.withName("B")
			.withValue("$(A)2 $(C)")
			.endEnv()
			.addNewEnv()
			.withName("FILE")
			.withValue("/etc/message/message")
			.endEnv()
			.addNewEnv()
			.withName("POD")
			.withNewValueFrom()
			.withNewFieldRef()
			.withFieldPath("metadata.namespace")
			.endFieldRef()
			.endValueFrom()
			.endEnv()
			.addNewEnvFrom()
			.withNewConfigMapRef()
			.withName("map")
			.endConfigMapRef()
			.endEnvFrom()
			.addNewVolumeMount()
			.withName("message")
			.withMountPath("/etc/message")
			.endVolumeMount()
			.endContainer()
			.addNewVolume()
			.withName("message")
			.withNewSecret()
			.withSecretName("secret")
			.endSecret()
			.endVolume()
			.endSpec()
			.endTemplate()
			.endSpec()));
		assertThat(log()).isEqualTo("1|12 $(C)|$(A)|$(B)|wörd|default| 12 $(C)\n");
	}

	@Test
	void startsNoPodOfASuspendedJobUntilItIsResumed() {
		Job job = shell("exit 0", (spec) -> spec.editSpec().withSuspend(true).endSpec());
		await().until(() -> conditions(now(job)).contains("Suspended JobSuspended"));
		assertThat(this.kubelet.pods("job")).isEmpty();
		suspend(false);
		assertThat(conditions(finished(job))).contains("Complete CompletionsReached");
	}

	@Test
	void stopsThePodOfAJobThatIsSuspendedAndDoesNotCountIt() {
		Job job = shell("trap 'echo asked; exit 1' TERM; echo up; while :; do sleep 0.05; done");
		awaitLog("up");
		suspend(true);
		awaitLog("asked");
		await().until(() -> now(job).getStatus().getActive() == 0);
		assertThat(now(job).getStatus().getFailed()).isZero();
	}

	@Test
	void startsAsManyPodsAsTheBackoffLimitAllowsAndOneMore() {
		Job failed = finished(shell("exit 3", (spec) -> spec.editSpec().withBackoffLimit(2).endSpec()));
		assertThat(conditions(failed)).containsExactly("FailureTarget", "Failed BackoffLimitExceeded");
		assertThat(failed.getStatus().getFailed()).isEqualTo(3);
		assertThat(this.kubelet.pods("job")).hasSize(3);
	}

	@Test
	void failsTheJobAtAnExitCodeThatItsPolicyNames() {
		Job failed = finished(shell("exit 65", KubeletTestBase::withPolicy));
		assertThat(conditions(failed)).contains("Failed PodFailurePolicy");
		assertThat(this.kubelet.pods("job")).hasSize(1);
	}

	@Test
	void doesNotCountAPodThatIsEvicted() {
		Job job = shell("trap 'exit 1' TERM; test -e " + this.directory + "/second && exit 0; touch " + this.directory
				+ "/second; while :; do sleep 0.05; done", KubeletTestBase::withPolicy);
		await().until(() -> Files.exists(this.directory.resolve("second")));
		this.kubelet.evict("job");
		Job done = finished(job);
		assertThat(conditions(done)).contains("Complete CompletionsReached");
		assertThat(done.getStatus().getFailed()).isZero();
		assertThat(this.kubelet.pods("job")).extracting(PodRun::exitCode).containsExactly(1, 0);
	}

	@Test
	void stopsThePodAtTheDeadlineAndKillsItAfterTheGracePeriod() {
		Job failed = finished(shell("trap 'echo asked' TERM; while :; do sleep 0.05; done",
				(spec) -> spec.editSpec()
					.withActiveDeadlineSeconds(1L)
					.editTemplate()
					.editSpec()
					.withTerminationGracePeriodSeconds(1L)
					.endSpec()
					.endTemplate()
					.endSpec()));
		assertThat(conditions(failed)).contains("Failed DeadlineExceeded");
		assertThat(log()).isEqualTo("asked\n");
		assertThat(this.kubelet.pods("job")).extracting(PodRun::exitCode).containsExactly(137);
	}

	@Test
	void stopsAndDeletesThePodsOfADeletedJob() {
		shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done");
		awaitLog("up");
		this.client.batch().v1().jobs().withName("job").delete();
		await().until(() -> this.client.pods().list().getItems().isEmpty());
		assertThat(this.kubelet.pods("job")).noneMatch(PodRun::isActive);
	}

	@Test
	void startsAnotherPodThoughTheFirstIsAliveWhenItsNodeIsLost() {
		Job job = shell("echo up; while test ! -e " + this.directory + "/over; do sleep 0.05; done");
		awaitLog("up");
		this.kubelet.loseNode("job");
		await().until(() -> this.kubelet.pods("job").size() == 2);
		assertThat(this.kubelet.pods("job")).allMatch(PodRun::isActive);
		touch("over");
		assertThat(finished(job).getStatus().getSucceeded()).isEqualTo(1);
	}

	@Test
	void waitsForAnImageThatIsNotThere() {
		job((job) -> job.editSpec()
			.editTemplate()
			.editSpec()
			.editFirstContainer()
			.withImage("missing:1")
			.endContainer()
			.endSpec()
			.endTemplate()
			.endSpec());
		await().until(() -> this.client.pods()
			.list()
			.getItems()
			.stream()
			.anyMatch((pod) -> pod.getStatus() != null && "ImagePullBackOff"
				.equals(pod.getStatus().getContainerStatuses().get(0).getState().getWaiting().getReason())));
	}

}
