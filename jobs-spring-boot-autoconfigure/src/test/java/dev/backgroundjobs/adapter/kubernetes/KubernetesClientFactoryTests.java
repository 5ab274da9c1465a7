package dev.backgroundjobs.adapter.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the client comes from, and who closes it.
 */
class KubernetesClientFactoryTests {

	@AfterEach
	void clearMaster() {
		System.clearProperty(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY);
	}

	@Test
	void takesTheApplicationsClientAndLeavesItOpen() {
		KubernetesClient own = Mockito.mock(KubernetesClient.class);
		KubernetesClientFactory factory = new KubernetesClientFactory(() -> own);
		assertThat(factory.get()).isSameAs(own).isSameAs(factory.get());
		factory.destroy();
		Mockito.verify(own, Mockito.never()).close();
	}

	@Test
	void findsTheApiServerAsTheLibraryDoesAndWaitsOnlySoLong() {
		System.setProperty(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY, "https://api.example.org:6443");
		KubernetesClientFactory factory = new KubernetesClientFactory(() -> null);
		KubernetesClient client = factory.get();
		assertThat(client.getMasterUrl()).hasToString("https://api.example.org:6443/");
		assertThat(client.getConfiguration().getConnectionTimeout()).isEqualTo(5_000);
		assertThat(client.getConfiguration().getRequestTimeout()).isEqualTo(10_000);
		assertThat(client.getConfiguration().getRequestRetryBackoffLimit()).isEqualTo(2);
		assertThat(factory.get()).isSameAs(client);
		factory.destroy();
		assertThat(client.getHttpClient().isClosed()).isTrue();
	}

	@Test
	void createsNothingThatNobodyNeeds() {
		KubernetesClientFactory factory = new KubernetesClientFactory(() -> {
			throw new AssertionError("Asked for the application's client");
		});
		factory.destroy();
	}

}
