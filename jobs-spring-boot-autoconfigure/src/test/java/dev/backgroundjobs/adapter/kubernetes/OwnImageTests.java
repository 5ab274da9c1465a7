package dev.backgroundjobs.adapter.kubernetes;

import java.util.HashMap;

import dev.backgroundjobs.JobException;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Where nobody sets an image or a namespace, those of the pod are taken.
 */
class OwnImageTests {

	private final KubernetesMockServer server = new KubernetesMockServer(new Context(), new MockWebServer(),
			new HashMap<>(), new KubernetesCrudDispatcher(), false);

	private KubernetesClient client;

	private final ManifestFixture fixture = new ManifestFixture(Plain.class).without("image").without("namespace");

	@BeforeEach
	void start() {
		this.server.init();
		this.client = this.server.createClient();
		this.fixture.client(() -> this.client);
		this.fixture.environment.setProperty("KUBERNETES_SERVICE_HOST", "10.0.0.1");
		this.fixture.environment.setProperty("HOSTNAME", "app-7c");
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.server.destroy();
	}

	private void runningIn(String pod, String... containers) {
		PodBuilder builder = new PodBuilder().withNewMetadata().withName(pod).endMetadata().withNewSpec().endSpec();
		for (String container : containers) {
			builder.editSpec()
				.addNewContainer()
				.withName(container)
				.withImage("registry/" + container + "@sha256:0a")
				.endContainer()
				.endSpec();
		}
		this.client.pods().inNamespace(this.client.getNamespace()).resource(builder.build()).create();
	}

	private static String image(KubernetesManifest manifest) {
		return manifest.job().getSpec().getTemplate().getSpec().getContainers().get(0).getImage();
	}

	@Test
	void takesTheImageOfTheOnlyContainerAndTheNamespaceOfTheClient() {
		runningIn("app-7c", "web");
		KubernetesManifest manifest = this.fixture.manifest();
		assertThat(image(manifest)).isEqualTo("registry/web@sha256:0a");
		assertThat(manifest.job().getMetadata().getNamespace()).isEqualTo(this.client.getNamespace());
		assertThat(KubernetesExpansion
			.environment(manifest.job().getSpec().getTemplate().getSpec().getContainers().get(0)))
			.containsEntry("JOBS_KUBERNETES_IMAGE", "registry/web@sha256:0a")
			.containsEntry("JOBS_KUBERNETES_NAMESPACE", this.client.getNamespace());
	}

	@Test
	void takesTheImageOfTheContainerThatIsNamed() {
		runningIn("app-7c", "proxy", "web");
		assertThat(image(this.fixture.with("container=web").manifest())).isEqualTo("registry/web@sha256:0a");
	}

	@Test
	void believesThePodsNameBeforeItsHost() {
		runningIn("app-8d", "web");
		this.fixture.environment.setProperty("POD_NAME", "app-8d");
		assertThat(image(this.fixture.manifest())).isEqualTo("registry/web@sha256:0a");
	}

	@Test
	void asksOnce() {
		runningIn("app-7c", "web");
		JobManifests manifests = this.fixture.manifests();
		var message = ManifestFixture.message("pi.compute", "[]").build();
		manifests.of(message, this.fixture.encoded(), null);
		int before = this.server.getRequestCount();
		manifests.of(message, this.fixture.encoded(), null);
		assertThat(this.server.getRequestCount()).isEqualTo(before);
	}

	@Test
	void asksNobodyWhereAnImageIsSet() {
		int before = this.server.getRequestCount();
		this.fixture.with("queues.heavy.image=app:3").manifest();
		assertThat(this.server.getRequestCount()).isEqualTo(before);
	}

	@Test
	void saysWhichContainersThereAre() {
		runningIn("app-7c", "proxy", "web");
		assertThatExceptionOfType(JobException.class).isThrownBy(this.fixture::manifest)
			.withMessage(
					"Queue 'heavy' has no image, and this pod has containers [proxy, web]: name this application's "
							+ "in 'jobs.kubernetes.container', or set 'jobs.kubernetes.image'");
	}

	@Test
	void saysThatThereIsNoPod() {
		assertThatExceptionOfType(JobException.class).isThrownBy(this.fixture::manifest)
			.withMessage("Queue 'heavy' has no image, and there is no pod 'app-7c' to take it from: set "
					+ "'jobs.kubernetes.image', or POD_NAME from the pod's field metadata.name");
	}

	@Test
	void saysThatItIsNoPod() {
		this.fixture.environment.setProperty("KUBERNETES_SERVICE_HOST", "");
		assertThatExceptionOfType(JobException.class).isThrownBy(this.fixture::manifest)
			.withMessage("Queue 'heavy' has no image, and this application runs in no pod to take it from: set "
					+ "'jobs.kubernetes.image'");
	}

	@Test
	void saysThatThePodMayNotBeReadAndAsksAgain() {
		KubernetesMockServer refusing = new KubernetesMockServer(false);
		refusing.init();
		try (KubernetesClient client = refusing.createClient()) {
			this.fixture.client(() -> client);
			JobManifests manifests = this.fixture.manifests();
			var message = ManifestFixture.message("pi.compute", "[]").build();
			String path = "/api/v1/namespaces/" + client.getNamespace() + "/pods/app-7c";
			refusing.expect().get().withPath(path).andReturn(403, "{}").once();
			assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> manifests.of(message, this.fixture.encoded(), null))
				.withMessage("Queue 'heavy' has no image, and pod 'app-7c' of this application cannot be read (403): "
						+ "allow its service account to get pods, or set 'jobs.kubernetes.image'");
			refusing.expect()
				.get()
				.withPath(path)
				.andReturn(200,
						new PodBuilder().withNewMetadata()
							.withName("app-7c")
							.endMetadata()
							.withNewSpec()
							.addNewContainer()
							.withName("web")
							.withImage("app:9")
							.endContainer()
							.endSpec()
							.build())
				.once();
			assertThat(image(manifests.of(message, this.fixture.encoded(), null))).isEqualTo("app:9");
		}
		finally {
			refusing.destroy();
		}
	}

	static class Plain {

		void run() {
		}

	}

}
