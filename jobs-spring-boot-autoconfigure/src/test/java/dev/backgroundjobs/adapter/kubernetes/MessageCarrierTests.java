package dev.backgroundjobs.adapter.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A message reaches the container byte for byte.
 */
class MessageCarrierTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@ParameterizedTest
	@ValueSource(strings = { "it's", "\"quoted\"", "two\nlines\r\n\ttab", "$", "$$", "$$$", "$(HOME)", "$$(HOME)",
			"$(JOBS_MESSAGE)", "$(JOBS_KUBERNETES_JOB)", "${HOME}", "#{1+1}", "{digits}", "a$", "$(", "$)", "\\$(A)",
			"Grüße, 東京, 🐻‍❄️", "`id`", "$(id); rm -rf /", "---\n- yaml: 'x'", "\u2028\u0001", "%s %%", "" })
	void arrivesByteForByte(String text) {
		ManifestFixture fixture = new ManifestFixture(Letters.class).with("env.HOME=/root", "env.A=b")
			.args(JSON.writeValueAsString(new String[] { text }));
		assertThat(arrived(fixture)).isEqualTo(fixture.encoded().bytes());
	}

	@Test
	void randomTextsArriveByteForByte() {
		long seed = 20_260_701;
		Random random = new Random(seed);
		String[] pieces = { "$", "(", ")", "{", "}", "'", "\"", "\\", "\n", "HOME", "JOBS_MESSAGE", "ü", "🐻", " ",
				"a" };
		for (int i = 0; i < 300; i++) {
			StringBuilder text = new StringBuilder();
			IntStream.range(0, random.nextInt(60)).forEach((n) -> text.append(pieces[random.nextInt(pieces.length)]));
			ManifestFixture fixture = new ManifestFixture(Letters.class).with("env.HOME=/root")
				.args(JSON.writeValueAsString(new String[] { text.toString() }));
			assertThat(arrived(fixture)).as("seed %d, text %d: %s", seed, i, text).isEqualTo(fixture.encoded().bytes());
		}
	}

	@Test
	void isReadBackFromTheManifestAsItWasSent() {
		ManifestFixture fixture = new ManifestFixture(Letters.class).args("[\"$$(A)$\"]");
		String value = fixture.manifest()
			.job()
			.getSpec()
			.getTemplate()
			.getSpec()
			.getContainers()
			.get(0)
			.getEnv()
			.get(0)
			.getValue();
		assertThat(DollarSigns.halved(value)).isEqualTo(fixture.encoded().text());
	}

	@Test
	void travelsInASecretAbove100KiB() {
		ManifestFixture fixture = new ManifestFixture(Letters.class)
			.args(JSON.writeValueAsString(new String[] { "ü$".repeat(40_000) }));
		KubernetesManifest manifest = fixture.manifest();
		Secret secret = manifest.secret();
		assertThat(secret).isNotNull();
		assertThat(secret.getMetadata().getName()).isEqualTo(manifest.job().getMetadata().getName());
		assertThat(secret.getMetadata().getNamespace()).isEqualTo("jobs");
		assertThat(secret.getMetadata().getLabels()).containsEntry(KubernetesNames.ID, ManifestFixture.ID)
			.containsEntry(KubernetesNames.MANAGED_BY, "background-jobs");
		assertThat(arrived(fixture)).isEqualTo(fixture.encoded().bytes());
		Container container = pod(manifest.job()).getContainers().get(0);
		assertThat(container.getEnv()).noneMatch((variable) -> variable.getName().equals("JOBS_MESSAGE"));
		assertThat(container.getVolumeMounts()).singleElement().extracting("readOnly").isEqualTo(true);
	}

	@Test
	void changesTheWayAt100KiB() {
		assertThat(ofBytes(MessageCarrier.MAX_VARIABLE_BYTES).manifest().secret()).isNull();
		assertThat(ofBytes(MessageCarrier.MAX_VARIABLE_BYTES + 1).manifest().secret()).isNotNull();
	}

	private static ManifestFixture ofBytes(int bytes) {
		int envelope = new ManifestFixture(Letters.class).args("[\"\"]").encoded().bytes().length;
		ManifestFixture fixture = new ManifestFixture(Letters.class).args("[\"" + "x".repeat(bytes - envelope) + "\"]");
		assertThat(fixture.encoded().bytes()).hasSize(bytes);
		return fixture;
	}

	@Test
	void dollarSignsCountTwiceSinceTheyStandTwice() {
		assertThat(new ManifestFixture(Letters.class).args("[\"" + "$".repeat(60_000) + "\"]").manifest().secret())
			.isNotNull();
	}

	@Test
	void aFileOfTheUserStaysBesideTheOneWithTheMessage() {
		Job job = new ManifestFixture(Letters.class)
			.with("volumes[0].name=work", "volumes[0].mount-path=/work", "volumes[0].empty-dir=true")
			.args("[\"" + "x".repeat(110_000) + "\"]")
			.manifest()
			.job();
		assertThat(pod(job).getVolumes()).extracting("name").containsExactly("work", "jobs-message");
	}

	@Test
	void aVariableOfTheUserIsNotTheMessage() {
		ManifestFixture fixture = new ManifestFixture(Letters.class).with("env.JOBS_MESSAGE=x",
				"env.JOBS_MESSAGE_FILE=y", "env.JOBS_KUBERNETES_JOB=z");
		Job job = fixture.manifest().job();
		Map<String, String> environment = KubernetesExpansion.environment(pod(job).getContainers().get(0));
		assertThat(environment).containsEntry("JOBS_MESSAGE", fixture.encoded().text())
			.doesNotContainKey("JOBS_MESSAGE_FILE")
			.containsEntry("JOBS_KUBERNETES_JOB", job.getMetadata().getName());
	}

	// The way of a manifest over the API, and of its pod to a process.
	private static byte[] arrived(ManifestFixture fixture) {
		KubernetesManifest manifest = fixture.manifest();
		Job job = Serialization.unmarshal(Serialization.asYaml(manifest.job()), Job.class);
		assertThat(Serialization.unmarshal(Serialization.asJson(manifest.job()), Job.class)).isEqualTo(job);
		Container container = pod(job).getContainers().get(0);
		Map<String, String> environment = KubernetesExpansion.environment(container);
		String message = environment.get("JOBS_MESSAGE");
		return (message != null) ? message.getBytes(StandardCharsets.UTF_8)
				: file(manifest, pod(job), container, environment.get("JOBS_MESSAGE_FILE"));
	}

	private static byte[] file(KubernetesManifest manifest, PodSpec pod, Container container, String path) {
		Secret secret = manifest.secret();
		assertThat(secret).isNotNull();
		var mount = container.getVolumeMounts()
			.stream()
			.filter((m) -> path.startsWith(m.getMountPath() + "/"))
			.findFirst();
		var volume = pod.getVolumes()
			.stream()
			.filter((v) -> v.getName().equals(mount.orElseThrow().getName()))
			.findFirst();
		assertThat(volume.orElseThrow().getSecret().getSecretName()).isEqualTo(secret.getMetadata().getName());
		return Base64.getDecoder()
			.decode(secret.getData().get(path.substring(mount.get().getMountPath().length() + 1)));
	}

	private static PodSpec pod(Job job) {
		return job.getSpec().getTemplate().getSpec();
	}

	static class Letters {

		void run(String text) {
		}

	}

}
