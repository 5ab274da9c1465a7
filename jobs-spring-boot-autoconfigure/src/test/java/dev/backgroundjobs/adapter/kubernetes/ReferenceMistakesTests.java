package dev.backgroundjobs.adapter.kubernetes;

import java.util.Map;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mistakes that libraries of this kind have made, so that they are not made again.
 */
class ReferenceMistakesTests {

	private static Job job(String... properties) {
		return new ManifestFixture(Plain.class).with(properties).manifest().job();
	}

	private static Container container(Job job) {
		return job.getSpec().getTemplate().getSpec().getContainers().get(0);
	}

	@Test
	void secretsAreNotConfigMaps() {
		EnvFromSource source = container(job("env-from-secrets[0]=passwords")).getEnvFrom().get(0);
		assertThat(source.getConfigMapRef()).isNull();
		assertThat(source.getSecretRef().getName()).isEqualTo("passwords");
	}

	@Test
	void configMapsNeedNoSecrets() {
		assertThat(container(job("env-from-config-maps[0]=settings")).getEnvFrom()).singleElement()
			.satisfies((source) -> assertThat(source.getConfigMapRef().getName()).isEqualTo("settings"))
			.satisfies((source) -> assertThat(source.getSecretRef()).isNull());
	}

	@Test
	void aSecretAndAConfigMapOfOneNameAreTwoSources() {
		assertThat(container(job("env-from-config-maps[0]=app", "env-from-secrets[0]=app")).getEnvFrom()).hasSize(2);
	}

	@Test
	void labelsOfTheUserStandBesideOurs() {
		Job job = job("labels.team=maths");
		for (var metadata : new io.fabric8.kubernetes.api.model.ObjectMeta[] { job.getMetadata(),
				job.getSpec().getTemplate().getMetadata() }) {
			assertThat(metadata.getLabels()).containsEntry("team", "maths")
				.containsEntry(KubernetesNames.MANAGED_BY, KubernetesNames.MANAGED_BY_VALUE);
		}
	}

	@Test
	void anApostropheBreaksNoYaml() {
		ManifestFixture fixture = new ManifestFixture(Plain.class).args("[\"it's: 'x' # {y} \\\"z\\\"\\n- w\"]");
		Job read = Serialization.unmarshal(Serialization.asYaml(fixture.manifest().job()), Job.class);
		assertThat(KubernetesExpansion.environment(container(read))).containsEntry("JOBS_MESSAGE",
				fixture.encoded().text());
	}

	@Test
	void aLabelHasNoSignsThatLabelsCannotHave() {
		assertThat(KubernetesNames.label("Billing::Invoice")).matches("[A-Za-z0-9][-A-Za-z0-9_.]{0,61}[A-Za-z0-9]")
			.startsWith("Billing-Invoice-");
	}

	@Test
	void resourcesAreTheContainersAndNotThePods() {
		Job job = job("cpu-limit=1");
		assertThat(container(job).getResources().getLimits()).containsOnlyKeys("cpu");
		assertThat(container(job).getResources().getRequests()).isEmpty();
		assertThat(job.getSpec().getTemplate().getSpec().getResources()).isNull();
	}

	@Test
	void withoutResourcesNothingIsSaidOfThem() {
		assertThat(Serialization.asYaml(job())).doesNotContain("resources", ": {}", ": []", ": null");
	}

	@Test
	void aDelayIsNoCronJobThatComesBackEveryYear() {
		ManifestFixture fixture = new ManifestFixture(Plain.class)
			.runAt(java.time.Instant.parse("2026-12-24T18:00:00Z"));
		assertThat(fixture.manifest().job()).extracting("kind", "spec.suspend").containsExactly("Job", true);
	}

	@Test
	void everySettingIsTakenAlone() {
		Map<String, String> alone = Map.of("cpu-request=1", "requests:\n            cpu: \"1\"", "memory-limit=1Gi",
				"limits:\n            memory: \"1Gi\"", "backoff-limit=1", "backoffLimit: 1", "active-deadline=1m",
				"activeDeadlineSeconds: 60");
		alone.forEach((property, yaml) -> assertThat(Serialization.asYaml(job(property))).contains(yaml));
	}

	static class Plain {

		void run() {
		}

	}

}
