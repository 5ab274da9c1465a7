package dev.backgroundjobs.kubelet;

import java.util.List;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the files of {@code docs/deploy/kubernetes}: what they refer to is there. A
 * real API server has not seen them.
 */
class DeploymentFilesTests {

	@Test
	void haveNoFieldThatKubernetesDoesNotKnow() throws Exception {
		assertThat(DeploymentFiles.all()).isNotEmpty().allSatisfy((resource) -> {
			assertThat(resource.getMetadata().getName()).startsWith("paperwork");
			assertThat(resource.toString()).doesNotContainPattern("additionalProperties=\\{[^}]");
		});
	}

	@Test
	void giveNoRightsOutsideTheNamespace() throws Exception {
		assertThat(DeploymentFiles.all()).extracting(HasMetadata::getKind)
			.containsExactlyInAnyOrder("ConfigMap", "Deployment", "PersistentVolumeClaim", "Service", "ServiceAccount",
					"Role", "RoleBinding", "Role", "RoleBinding");
		assertThat(DeploymentFiles.rules()).noneMatch((rule) -> rule.contains("*"));
	}

	@Test
	void keepTheRightsToSecretsApart() throws Exception {
		Role jobs = named(Role.class, "paperwork-jobs");
		assertThat(jobs.getRules()).allSatisfy((rule) -> assertThat(rule.getResources()).doesNotContain("secrets"));
		assertThat(named(Role.class, "paperwork-large-messages").getRules())
			.allSatisfy((rule) -> assertThat(rule.getResources()).containsExactly("secrets"));
	}

	@Test
	void bindEachRoleToTheServiceAccountThatPodsHave() throws Exception {
		String account = DeploymentFiles.of(ServiceAccount.class).get(0).getMetadata().getName();
		assertThat(DeploymentFiles.of(RoleBinding.class)).hasSize(2).allSatisfy((binding) -> {
			assertThat(named(Role.class, binding.getRoleRef().getName())).isNotNull();
			assertThat(binding.getSubjects()).extracting((subject) -> subject.getKind() + " " + subject.getName())
				.containsExactly("ServiceAccount " + account);
		});
		assertThat(deployment().getSpec().getTemplate().getSpec().getServiceAccountName()).isEqualTo(account);
		assertThat(named(ConfigMap.class, "paperwork").getData()).containsEntry("JOBS_KUBERNETES_SERVICEACCOUNT",
				account);
	}

	@Test
	void shareTheSettingsOfTheDeploymentWithJobs() throws Exception {
		ConfigMap settings = DeploymentFiles.of(ConfigMap.class).get(0);
		String name = settings.getMetadata().getName();
		assertThat(container().getEnvFrom()).extracting((source) -> source.getConfigMapRef().getName())
			.containsExactly(name);
		assertThat(settings.getData()).containsEntry("JOBS_KUBERNETES_ENVFROMCONFIGMAPS", name)
			.containsEntry("SPRING_PROFILES_ACTIVE", "kubernetes");
	}

	@Test
	void tellTheApplicationWhichPodItIs() throws Exception {
		assertThat(container().getEnv()).filteredOn((variable) -> variable.getName().equals("POD_NAME"))
			.extracting((variable) -> variable.getValueFrom().getFieldRef().getFieldPath())
			.containsExactly("metadata.name");
	}

	@Test
	void selectThePodsOfTheDeployment() throws Exception {
		assertThat(deployment().getSpec().getTemplate().getMetadata().getLabels())
			.containsAllEntriesOf(deployment().getSpec().getSelector().getMatchLabels())
			.containsAllEntriesOf(DeploymentFiles.of(Service.class).get(0).getSpec().getSelector());
		assertThat(DeploymentFiles.of(Service.class).get(0).getSpec().getPorts().get(0).getTargetPort().getStrVal())
			.isEqualTo(container().getPorts().get(0).getName());
	}

	@Test
	void claimTheVolumeThatTheDatabaseIsOn() throws Exception {
		String claim = DeploymentFiles.of(PersistentVolumeClaim.class).get(0).getMetadata().getName();
		assertThat(deployment().getSpec().getTemplate().getSpec().getVolumes())
			.extracting((volume) -> volume.getPersistentVolumeClaim().getClaimName())
			.containsExactly(claim);
		assertThat(container().getVolumeMounts()).extracting("mountPath").isEqualTo(List.of("/application/data"));
	}

	private static Deployment deployment() throws Exception {
		return DeploymentFiles.of(Deployment.class).get(0);
	}

	private static Container container() throws Exception {
		return deployment().getSpec().getTemplate().getSpec().getContainers().get(0);
	}

	private static <T extends HasMetadata> T named(Class<T> type, String name) throws Exception {
		return DeploymentFiles.of(type)
			.stream()
			.filter((resource) -> resource.getMetadata().getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

}
