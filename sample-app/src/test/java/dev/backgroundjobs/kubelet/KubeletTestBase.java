package dev.backgroundjobs.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;

/**
 * A cluster for each test, whose containers are shells, and what tests of it share.
 */
abstract class KubeletTestBase {

	@TempDir
	Path directory;

	ApiServer server;

	KubernetesClient client;

	Kubelet kubelet;

	@BeforeEach
	void start() {
		this.server = new ApiServer();
		this.client = this.server.client();
		this.kubelet = new Kubelet(this.server, this.directory, Map.of("shell", List.of("sh", "-c"), "bare", List.of()))
			.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.kubelet.close();
		this.client.close();
		this.server.close();
	}

	void touch(String file) {
		try {
			Files.createFile(this.directory.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static JobBuilder withPolicy(JobBuilder job) {
		return job.editSpec()
			.withNewPodFailurePolicy()
			.addNewRule()
			.withAction("Ignore")
			.addNewOnPodCondition("True", "DisruptionTarget")
			.endRule()
			.addNewRule()
			.withAction("FailJob")
			.withNewOnExitCodes()
			.withContainerName("container")
			.withOperator("In")
			.withValues(65)
			.endOnExitCodes()
			.endRule()
			.endPodFailurePolicy()
			.endSpec();
	}

	/**
	 * Suspend or resume the Job, again whenever the kubelet has written its status
	 * between reading and writing.
	 */
	void suspend(boolean suspended) {
		await()
			.ignoreExceptionsMatching(
					(ex) -> ex instanceof KubernetesClientException conflict && conflict.getCode() == 409)
			.until(() -> this.client.batch()
				.v1()
				.jobs()
				.withName("job")
				.edit((there) -> there.edit().editSpec().withSuspend(suspended).endSpec().build()), Objects::nonNull);
	}

	Job shell(String script) {
		return shell(script, UnaryOperator.identity());
	}

	Job shell(String script, UnaryOperator<JobBuilder> change) {
		return job((job) -> change.apply(job.editSpec()
			.editTemplate()
			.editSpec()
			.editFirstContainer()
			.withArgs(script)
			.endContainer()
			.endSpec()
			.endTemplate()
			.endSpec()));
	}

	Job job(UnaryOperator<JobBuilder> change) {
		JobBuilder job = new JobBuilder().withNewMetadata()
			.withName("job")
			.endMetadata()
			.withNewSpec()
			.withNewTemplate()
			.withNewSpec()
			.addNewContainer()
			.withName("container")
			.withImage("shell")
			.endContainer()
			.withRestartPolicy("Never")
			.endSpec()
			.endTemplate()
			.endSpec();
		return this.client.batch().v1().jobs().resource(change.apply(job).build()).create();
	}

	Job now(Job job) {
		return this.client.batch().v1().jobs().withName(job.getMetadata().getName()).get();
	}

	Job finished(Job job) {
		return await().atMost(Duration.ofSeconds(30))
			.until(() -> now(job),
					(there) -> conditions(there).stream().anyMatch((type) -> type.matches("(Complete|Failed) .*")));
	}

	void awaitLog(String line) {
		await().atMost(Duration.ofSeconds(30)).until(() -> !this.kubelet.pods("job").isEmpty() && log().contains(line));
	}

	String log() {
		try {
			return Files.readString(this.kubelet.pods("job").get(0).log());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<String> conditions(Job job) {
		List<String> conditions = new ArrayList<>();
		if (job.getStatus() != null) {
			for (JobCondition condition : job.getStatus().getConditions()) {
				conditions.add(List.of("SuccessCriteriaMet", "FailureTarget").contains(condition.getType())
						? condition.getType() : condition.getType() + " " + condition.getReason());
			}
		}
		return conditions;
	}

}
