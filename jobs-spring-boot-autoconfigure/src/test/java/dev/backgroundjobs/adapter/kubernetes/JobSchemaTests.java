package dev.backgroundjobs.adapter.kubernetes;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What vouches for the manifests of all other tests refuses what Kubernetes refuses.
 */
class JobSchemaTests {

	private static final String VALID = """
			apiVersion: batch/v1
			kind: Job
			metadata: {name: pi, labels: {a: b}}
			spec:
			  podFailurePolicy:
			    rules:
			    - action: FailJob
			      onExitCodes: {containerName: pi, operator: In, values: [65]}
			  template:
			    metadata: {labels: {a: b}}
			    spec:
			      restartPolicy: Never
			      volumes: [{name: work, emptyDir: {}}]
			      containers:
			      - {name: pi, image: perl, volumeMounts: [{name: work, mountPath: /work}]}
			""";

	@Test
	void takesAValidJob() {
		assertThat(JobSchema.violations(job())).isEmpty();
	}

	static Stream<Arguments> violations() {
		return Stream.of(violation("metadata.name", (job) -> job.editMetadata().withName("Pi").endMetadata()),
				violation("metadata.name", (job) -> job.editMetadata().withName("a".repeat(64)).endMetadata()),
				violation("metadata.namespace", (job) -> job.editMetadata().withNamespace("a.b").endMetadata()),
				violation("metadata.labels: value 'A::B'",
						(job) -> job.editMetadata().addToLabels("a", "A::B").endMetadata()),
				violation("metadata.labels: key '-a'",
						(job) -> job.editMetadata().addToLabels("-a", "b").endMetadata()),
				violation("metadata.annotations above 256 KiB",
						(job) -> job.editMetadata().addToAnnotations("a", "x".repeat(262_144)).endMetadata()),
				violation("restartPolicy", (job) -> pod(job, (pod) -> pod.setRestartPolicy("Always"))),
				violation("podFailurePolicy with another restartPolicy than Never",
						(job) -> pod(job, (pod) -> pod.setRestartPolicy("OnFailure"))),
				violation("exit code 0 for In", (job) -> codes(job, 0)),
				violation("exit code above 255", (job) -> codes(job, 256)),
				violation("podFailurePolicy of 21 rules", (job) -> job.editSpec()
					.editPodFailurePolicy()
					.withRules(
							java.util.Collections.nCopies(21, job().getSpec().getPodFailurePolicy().getRules().get(0)))
					.endPodFailurePolicy()
					.endSpec()),
				violation("rule for a container that is not there",
						(job) -> container(job, (container) -> container.withName("other"))),
				violation("mount of volume 'work', which is not there",
						(job) -> pod(job, (pod) -> pod.setVolumes(java.util.List.of()))),
				violation("volume 'work' with 0 sources",
						(job) -> pod(job, (pod) -> pod.getVolumes().get(0).setEmptyDir(null))),
				violation("mountPath '/work' twice",
						(job) -> container(job,
								(container) -> container.addNewVolumeMount()
									.withName("work")
									.withMountPath("/work")
									.endVolumeMount())),
				violation("cpu: request above limit",
						(job) -> container(job,
								(container) -> container.withNewResources()
									.withRequests(Map.of("cpu", new Quantity("1100m")))
									.withLimits(Map.of("cpu", new Quantity("1")))
									.endResources())),
				violation("resources at pod level", (job) -> pod(job,
						(pod) -> pod.setResources(new io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder()
							.addToLimits("cpu", new Quantity("1"))
							.build()))),
				violation(".spec.template.spec.containers.resources is empty",
						(job) -> container(job, (container) -> container.withNewResources().endResources())),
				violation("variable 'A' above 128 KiB",
						(job) -> container(job,
								(container) -> container.addToEnv(ContainerWriter.env("A", "x".repeat(131_072))))),
				violation("variable '1A'",
						(job) -> container(job, (container) -> container.addToEnv(ContainerWriter.env("1A", "x")))),
				violation("variable 'A' twice",
						(job) -> container(job,
								(container) -> container.addToEnv(ContainerWriter.env("A", "x"))
									.addToEnv(ContainerWriter.env("A", "y")))),
				violation("envFrom with both or neither source",
						(job) -> container(job, (container) -> container.addNewEnvFrom().endEnvFrom())),
				violation("image", (job) -> container(job, (container) -> container.withImage(null))),
				violation("spec.backoffLimit", (job) -> job.editSpec().withBackoffLimit(-1).endSpec()));
	}

	@ParameterizedTest
	@MethodSource
	void violations(String expected, Consumer<JobBuilder> change) {
		JobBuilder job = new JobBuilder(job());
		change.accept(job);
		assertThat(JobSchema.violations(job.build())).contains(expected);
	}

	@Test
	void refusesFieldsOfNoSchema() {
		Job job = Serialization.unmarshal(VALID.replace("image: perl", "image: perl, imagePolicy: Always"), Job.class);
		assertThat(JobSchema.violations(job)).singleElement().asString().contains("imagePolicy");
	}

	@Test
	void refusesASecretAbove1MiB() {
		String data = java.util.Base64.getEncoder().encodeToString(new byte[1_048_577]);
		assertThat(JobSchema.violations(
				new SecretBuilder().withNewMetadata().withName("a").endMetadata().addToData("message", data).build()))
			.containsExactly("data above 1 MiB");
	}

	private static Job job() {
		return Serialization.unmarshal(VALID, Job.class);
	}

	private static Arguments violation(String expected, Consumer<JobBuilder> change) {
		return arguments(expected, change);
	}

	private static void pod(JobBuilder job, Consumer<io.fabric8.kubernetes.api.model.PodSpec> change) {
		var pod = job.buildSpec().getTemplate().getSpec();
		change.accept(pod);
		job.editSpec().editTemplate().withSpec(pod).endTemplate().endSpec();
	}

	private static void container(JobBuilder job, Consumer<ContainerBuilder> change) {
		pod(job, (pod) -> {
			ContainerBuilder container = new ContainerBuilder(pod.getContainers().get(0));
			change.accept(container);
			pod.setContainers(java.util.List.of(container.build()));
		});
	}

	private static void codes(JobBuilder job, int code) {
		job.editSpec()
			.editPodFailurePolicy()
			.editFirstRule()
			.editOnExitCodes()
			.withValues(code)
			.endOnExitCodes()
			.endRule()
			.endPodFailurePolicy()
			.endSpec();
	}

}
