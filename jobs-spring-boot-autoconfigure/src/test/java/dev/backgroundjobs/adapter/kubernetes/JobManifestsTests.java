package dev.backgroundjobs.adapter.kubernetes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.backgroundjobs.adapter.kubernetes.KubernetesJob.Toleration;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJob.Volume;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Every field of a manifest, from every layer, as the API server has it afterwards.
 */
class JobManifestsTests {

	private static final KubernetesMockServer SERVER = new KubernetesMockServer(new Context(), new MockWebServer(),
			new java.util.HashMap<>(), new KubernetesCrudDispatcher(), false);

	private static KubernetesClient client;

	@BeforeAll
	static void start() {
		SERVER.init();
		client = SERVER.createClient();
	}

	@AfterAll
	static void stop() {
		client.close();
		SERVER.destroy();
	}

	private static Job sent(ManifestFixture fixture) {
		Job job = fixture.manifest().job();
		var jobs = client.batch().v1().jobs().inNamespace(job.getMetadata().getNamespace());
		try {
			jobs.resource(job).create();
			Job stored = jobs.withName(job.getMetadata().getName()).get();
			assertThat(stored.getSpec()).isEqualTo(job.getSpec());
			return stored;
		}
		finally {
			jobs.withName(job.getMetadata().getName()).delete();
		}
	}

	private static PodSpec pod(Job job) {
		return job.getSpec().getTemplate().getSpec();
	}

	private static Container container(Job job) {
		return pod(job).getContainers().get(0);
	}

	// Of a field: the property with its first and second value, and what is to be found.
	static Stream<Arguments> fields() {
		return Stream.of(field("image", "app:2", (job) -> container(job).getImage(), "app:2"),
				field("image-pull-policy", "if-not-present", (job) -> container(job).getImagePullPolicy(),
						"IfNotPresent"),
				field("image-pull-secrets[0]", "registry", (job) -> pod(job).getImagePullSecrets().get(0).getName(),
						"registry"),
				field("command[0]", "/run.sh", (job) -> container(job).getCommand(), List.of("/run.sh")),
				field("args[0]", "--once", (job) -> container(job).getArgs(), List.of("--once")),
				field("container", "main", (job) -> container(job).getName(), "main"),
				field("service-account", "worker", (job) -> pod(job).getServiceAccountName(), "worker"),
				field("cpu-request", "500m", (job) -> container(job).getResources().getRequests().get("cpu").toString(),
						"500m"),
				field("cpu-limit", "2", (job) -> container(job).getResources().getLimits().get("cpu").toString(), "2"),
				field("memory-request", "512Mi",
						(job) -> container(job).getResources().getRequests().get("memory").toString(), "512Mi"),
				field("memory-limit", "1Gi",
						(job) -> container(job).getResources().getLimits().get("memory").toString(), "1Gi"),
				field("env.JAVA_OPTS", "-Xmx1g",
						(job) -> KubernetesExpansion.environment(container(job)).get("JAVA_OPTS"), "-Xmx1g"),
				field("env-from-config-maps[0]", "settings",
						(job) -> container(job).getEnvFrom().get(0).getConfigMapRef().getName(), "settings"),
				field("env-from-secrets[0]", "passwords",
						(job) -> container(job).getEnvFrom().get(0).getSecretRef().getName(), "passwords"),
				field("labels.team", "maths", (job) -> job.getMetadata().getLabels().get("team"), "maths"),
				field("labels.team", "maths",
						(job) -> job.getSpec().getTemplate().getMetadata().getLabels().get("team"), "maths"),
				field("annotations.note", "Bär & co", (job) -> job.getMetadata().getAnnotations().get("note"),
						"Bär & co"),
				field("annotations.note", "n",
						(job) -> job.getSpec().getTemplate().getMetadata().getAnnotations().get("note"), "n"),
				field("node-selector.disk", "ssd", (job) -> pod(job).getNodeSelector(), Map.of("disk", "ssd")),
				field("restart-policy", "on-failure", (job) -> pod(job).getRestartPolicy(), "OnFailure"),
				field("active-deadline", "90m", (job) -> job.getSpec().getActiveDeadlineSeconds(), 5400L),
				field("backoff-limit", "7", (job) -> job.getSpec().getBackoffLimit(), 7),
				field("ttl-after-finished", "2d", (job) -> job.getSpec().getTtlSecondsAfterFinished(), 172_800),
				field("termination-grace-period", "1500ms", (job) -> pod(job).getTerminationGracePeriodSeconds(), 2L),
				field("suspend", "true", (job) -> job.getSpec().getSuspend(), true));
	}

	private static Arguments field(String property, String value, Function<Job, Object> field, Object expected) {
		return arguments(property, value, field, expected);
	}

	@ParameterizedTest
	@MethodSource("fields")
	void takesEveryFieldFromTheSettingsOfAllQueues(String property, String value, Function<Job, Object> field,
			Object expected) {
		Job job = sent(new ManifestFixture(Plain.class).with(property + "=" + value));
		assertThat(field.apply(job)).isEqualTo(expected);
	}

	@ParameterizedTest
	@MethodSource("fields")
	void takesEveryFieldFromTheSettingsOfTheQueueBeforeThoseOfAll(String property, String value,
			Function<Job, Object> field, Object expected) {
		Job job = sent(new ManifestFixture(Plain.class).with(OTHERS).with("queues.heavy." + property + "=" + value));
		Object found = field.apply(job);
		assertThat(found.equals(expected) || isLater(property)).as("%s, not %s", expected, found).isTrue();
	}

	// Lists add up, so the first is still the one of all queues.
	private static boolean isLater(String property) {
		return property.startsWith("image-pull-secrets") || property.startsWith("env-from")
				|| property.startsWith("node-selector");
	}

	private static final String[] OTHERS = { "image=app:0", "image-pull-policy=always", "image-pull-secrets[0]=other",
			"container=other", "service-account=other", "cpu-request=1m", "cpu-limit=3", "memory-request=1Mi",
			"memory-limit=3Gi", "env.JAVA_OPTS=-Xmx9g", "labels.team=other", "annotations.note=other",
			"node-selector.zone=other", "restart-policy=never", "active-deadline=10h", "backoff-limit=9",
			"ttl-after-finished=9d", "termination-grace-period=9s", "suspend=false" };

	@Test
	void takesEveryFieldFromTheAnnotationBeforeAllOthers() {
		ManifestFixture fixture = new ManifestFixture(Everything.class).with(OTHERS);
		fixture.environment.setProperty("account", "worker");
		Job job = sent(fixture);
		Container container = container(job);
		assertThat(container.getImage()).isEqualTo("app:2");
		assertThat(container.getImagePullPolicy()).isEqualTo("Never");
		assertThat(container.getName()).isEqualTo("main");
		assertThat(container.getArgs()).containsExactly("--digits", "${not-resolved}", "{left}");
		assertThat(container.getResources().getRequests()).hasToString("{cpu=500m, memory=512Mi}");
		assertThat(container.getResources().getLimits()).hasToString("{cpu=2, memory=1Gi}");
		assertThat(KubernetesExpansion.environment(container)).containsEntry("JAVA_OPTS", "-Xmx1g")
			.containsEntry("A", "b=c")
			.containsEntry("ACCOUNT", "worker");
		assertThat(container.getEnvFrom()).hasSize(2);
		assertThat(container.getEnvFrom().get(0).getConfigMapRef().getName()).isEqualTo("settings");
		assertThat(container.getEnvFrom().get(1).getSecretRef().getName()).isEqualTo("passwords");
		PodSpec pod = pod(job);
		assertThat(pod.getImagePullSecrets()).extracting("name").containsExactly("other", "registry");
		assertThat(pod.getServiceAccountName()).isEqualTo("worker");
		assertThat(pod.getNodeSelector()).isEqualTo(Map.of("zone", "other", "disk", "ssd"));
		assertThat(pod.getRestartPolicy()).isEqualTo("OnFailure");
		assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(60);
		assertThat(pod.getTolerations()).singleElement()
			.extracting("key", "operator", "value", "effect", "tolerationSeconds")
			.containsExactly("spot", "Equal", "yes", "NoExecute", 60L);
		assertThat(pod.getVolumes()).hasSize(4);
		assertThat(pod.getVolumes().get(0).getConfigMap().getName()).isEqualTo("settings");
		assertThat(pod.getVolumes().get(1).getSecret().getSecretName()).isEqualTo("keys");
		assertThat(pod.getVolumes().get(2).getPersistentVolumeClaim().getClaimName()).isEqualTo("data");
		assertThat(pod.getVolumes().get(3).getEmptyDir()).isNotNull();
		assertThat(container.getVolumeMounts()).extracting("mountPath")
			.containsExactly("/settings", "/keys", "/data", "/tmp");
		assertThat(container.getVolumeMounts().get(1).getReadOnly()).isTrue();
		assertThat(container.getVolumeMounts().get(2).getSubPath()).isEqualTo("pi");
		assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(7200);
		assertThat(job.getSpec().getBackoffLimit()).isZero();
		assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(259_200);
		assertThat(job.getSpec().getSuspend()).isTrue();
		assertThat(job.getMetadata().getLabels()).containsEntry("team", "maths").containsEntry("example.org/cost", "7");
		assertThat(job.getSpec().getTemplate().getMetadata().getAnnotations()).containsEntry("note", "n=1");
	}

	@Test
	void takesAnAnnotationOfAnInterfaceAndOfAnAnnotation() {
		assertThat(container(sent(new ManifestFixture(Inherited.class))).getImage()).isEqualTo("inherited:1");
		assertThat(container(sent(new ManifestFixture(Meta.class))).getResources().getLimits()).containsKey("memory");
	}

	@Test
	void addsUpVolumesAndTolerationsByNameAndKey() {
		Job job = sent(new ManifestFixture(Plain.class).with("volumes[0].name=a", "volumes[0].mount-path=/a",
				"volumes[0].empty-dir=true", "volumes[1].name=b", "volumes[1].mount-path=/b", "volumes[1].secret=b",
				"volumes[1].read-only=true", "tolerations[0].key=x", "tolerations[0].operator=Exists",
				"tolerations[1].key=y", "tolerations[1].value=1", "queues.heavy.volumes[0].name=b",
				"queues.heavy.volumes[0].mount-path=/c", "queues.heavy.volumes[0].config-map=c",
				"queues.heavy.tolerations[0].key=x", "queues.heavy.tolerations[0].value=2"));
		assertThat(pod(job).getVolumes()).extracting("name").containsExactly("a", "b");
		assertThat(pod(job).getVolumes().get(1).getConfigMap().getName()).isEqualTo("c");
		assertThat(container(job).getVolumeMounts()).extracting("mountPath").containsExactly("/a", "/c");
		assertThat(pod(job).getTolerations()).extracting("key", "value")
			.containsExactlyInAnyOrder(org.assertj.core.groups.Tuple.tuple("x", "2"),
					org.assertj.core.groups.Tuple.tuple("y", "1"));
	}

	@Test
	void findsTheSettingsOfAQueueWithoutItsDashes() {
		Job job = sent(new ManifestFixture(Plain.class).with("queues.hea-vy.image=app:3"));
		assertThat(container(job).getImage()).isEqualTo("app:3");
	}

	@Test
	void startsFromATemplate() {
		Job job = sent(new ManifestFixture(Plain.class).with(
				"template=classpath:dev/backgroundjobs/adapter/kubernetes/gpu-job.yaml", "container=main",
				"labels.tier=property", "env.MODELS=/other", "queues.heavy.memory-limit=8Gi"));
		Container container = container(job);
		assertThat(job.getMetadata().getName()).startsWith("pi-compute-");
		assertThat(job.getMetadata().getLabels()).containsEntry("team", "maths").containsEntry("tier", "property");
		assertThat(job.getSpec().getTemplate().getMetadata().getLabels()).containsEntry("pod", "gpu")
			.containsEntry(KubernetesNames.MANAGED_BY, "background-jobs");
		assertThat(container.getImage()).isEqualTo("app:1");
		assertThat(container.getResources().getLimits()).hasToString("{nvidia.com/gpu=1, memory=8Gi}");
		assertThat(KubernetesExpansion.environment(container)).containsEntry("MODELS", "/other");
		assertThat(container.getEnv()).anyMatch((env) -> env.getName().equals("NODE") && env.getValueFrom() != null);
		assertThat(container.getVolumeMounts()).extracting("mountPath").containsExactly("/models", "/old-models");
		assertThat(pod(job).getTolerations()).hasSize(2);
		assertThat(pod(job).getContainers()).extracting("name").containsExactly("main", "logs");
		assertThat(pod(job).getPriorityClassName()).isEqualTo("batch");
		assertThat(pod(job).getSecurityContext().getRunAsNonRoot()).isTrue();
		assertThat(job.getSpec().getBackoffLimit()).isEqualTo(4);
		assertThat(job.getSpec().getPodFailurePolicy().getRules()).hasSize(4);
	}

	@Test
	void aTemplateThatWasOnceAJobOfOursSaysNothingOfThat() {
		Job job = sent(new ManifestFixture(Plain.class)
			.with("template=classpath:dev/backgroundjobs/adapter/kubernetes/exported-job.yaml"));
		assertThat(new ObservedJob(job).isTakenBack()).isFalse();
		assertThat(job.getMetadata().getAnnotations()).containsEntry("team", "maths")
			.doesNotContainKeys(KubernetesNames.DEAD, KubernetesNames.CANCELLED, KubernetesNames.HELD_FOR,
					KubernetesNames.INCOMPLETE);
		assertThat(job.getSpec().getTemplate().getMetadata().getLabels()).containsEntry("pod", "gpu")
			.doesNotContainKeys("controller-uid", "job-name", "batch.kubernetes.io/controller-uid",
					"batch.kubernetes.io/job-name");
	}

	@Test
	void anAnnotationNamesATemplateToo() {
		Job job = sent(new ManifestFixture(Templated.class).with("template=classpath:missing.yaml", "container=main"));
		assertThat(pod(job).getPriorityClassName()).isEqualTo("batch");
	}

	@Test
	void namesTheOnlyContainerOfATemplateThatHasNoName() {
		Job job = sent(new ManifestFixture(Plain.class)
			.with("template=classpath:dev/backgroundjobs/adapter/kubernetes/unnamed.yaml"));
		assertThat(container(job).getName()).isEqualTo("job");
		assertThat(container(job).getWorkingDir()).isEqualTo("/work");
	}

	@Test
	void aTemplateIsReadAnewForEachJob() {
		ManifestFixture fixture = new ManifestFixture(Plain.class)
			.with("template=classpath:dev/backgroundjobs/adapter/kubernetes/gpu-job.yaml", "container=main");
		JobManifests manifests = fixture.manifests();
		Job first = manifests.of(ManifestFixture.message("pi.compute", "[1]").build(), fixture.encoded(), null).job();
		String yaml = Serialization.asYaml(first);
		manifests.of(ManifestFixture.message("pi.compute", "[2]").attempt(3).build(), fixture.encoded(), Instant.EPOCH);
		assertThat(Serialization.asYaml(first)).isEqualTo(yaml);
		assertThat(manifests.of(ManifestFixture.message("pi.compute", "[1]").build(), fixture.encoded(), null).job())
			.isEqualTo(first);
	}

	@Test
	void aCustomizerHasTheLastWordButNotOnWhatAJobIsKnownBy() {
		List<String> seen = new ArrayList<>();
		Job job = sent(new ManifestFixture(Plain.class).with((builder, message) -> {
			seen.add(message.job() + " " + builder.buildMetadata().getName());
			builder.editMetadata()
				.withName("other")
				.withNamespace("other")
				.removeFromLabels(KubernetesNames.ID)
				.addToLabels("team", "maths")
				.endMetadata()
				.editSpec()
				.withBackoffLimit(1)
				.endSpec();
		}).with((builder, message) -> builder.editSpec().withBackoffLimit(11).endSpec()));
		assertThat(seen).containsExactly("pi.compute " + job.getMetadata().getName());
		assertThat(job.getMetadata().getNamespace()).isEqualTo("jobs");
		assertThat(job.getMetadata().getLabels()).containsEntry("team", "maths")
			.containsEntry(KubernetesNames.ID, ManifestFixture.ID);
		assertThat(job.getSpec().getBackoffLimit()).isEqualTo(11);
	}

	@Test
	void aCommandOfALaterLayerIsWithoutTheArgumentsOfAnEarlier() {
		Job job = sent(new ManifestFixture(Plain.class).with("command[0]=a", "args[0]=b", "queues.heavy.command[0]=c"));
		assertThat(container(job).getCommand()).containsExactly("c");
		assertThat(container(job).getArgs()).isEmpty();
	}

	@Test
	void aJobThatNobodyDeclaresHereHasTheSettingsOfItsQueue() {
		Job job = sent(new ManifestFixture(Everything.class).message(ManifestFixture.message("invoices.send", "[]")));
		assertThat(container(job).getImage()).isEqualTo("app:1");
		assertThat(job.getMetadata().getName()).startsWith("invoices-send-");
	}

	static class Plain {

		void run() {
		}

	}

	static class Everything {

		@KubernetesJob(image = "app:2", imagePullPolicy = "never", imagePullSecrets = "registry",
				args = { "--digits", "${not-resolved}", "{left}" }, container = "main", serviceAccount = "${account}",
				cpuRequest = "500m", cpuLimit = "2", memoryRequest = "512Mi", memoryLimit = "1Gi",
				env = { "JAVA_OPTS=-Xmx1g", "A=b=c", "ACCOUNT=${account}" }, envFromConfigMaps = "settings",
				envFromSecrets = "passwords", labels = { "team=maths", "example.org/cost=7" }, annotations = "note=n=1",
				nodeSelector = "disk=ssd",
				tolerations = @Toleration(key = "spot", operator = "Equal", value = "yes", effect = "NoExecute",
						seconds = "60"),
				volumes = { @Volume(name = "settings", mountPath = "/settings", configMap = "settings"),
						@Volume(name = "keys", mountPath = "/keys", secret = "keys", readOnly = true),
						@Volume(name = "data", mountPath = "/data", subPath = "pi", persistentVolumeClaim = "data"),
						@Volume(name = "tmp", mountPath = "/tmp", emptyDir = true) },
				restartPolicy = "on-failure", activeDeadline = "2h", backoffLimit = "0", ttlAfterFinished = "3d",
				terminationGracePeriod = "1m", suspend = "${held:true}")
		void run() {
		}

	}

	static class Templated {

		@KubernetesJob(template = "classpath:dev/backgroundjobs/adapter/kubernetes/gpu-job.yaml")
		void run() {
		}

	}

	interface Declared {

		@KubernetesJob(image = "inherited:1")
		void run();

	}

	static class Inherited implements Declared {

		@Override
		public void run() {
		}

	}

	@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
	@KubernetesJob(memoryLimit = "16Gi")
	@interface Large {

	}

	static class Meta {

		@Large
		void run() {
		}

	}

}
