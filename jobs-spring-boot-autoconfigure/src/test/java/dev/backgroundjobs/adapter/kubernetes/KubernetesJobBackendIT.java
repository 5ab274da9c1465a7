package dev.backgroundjobs.adapter.kubernetes;

import java.util.List;

import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.test.JobBackendContract;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The contract over fabric8's API server, with a {@link TestKubelet double} in the place
 * of what starts pods.
 */
class KubernetesJobBackendIT extends JobBackendContract {

	private final TestCluster cluster = new TestCluster();

	private final TestKubelet kubelet = new TestKubelet(this.cluster.client());

	@AfterEach
	void stopCluster() {
		this.cluster.close();
	}

	@Override
	protected String backend() {
		return "kubernetes";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(Deployment.class);
	}

	@Override
	protected List<String> properties() {
		return List.of("test.cluster=" + this.cluster.url(), "jobs.kubernetes.worker.interval=500ms",
				"jobs.kubernetes.image=registry/paperwork:1", "jobs.kubernetes.namespace=paperwork",
				"jobs.kubernetes.queues.dead.namespace=paperwork-dead");
	}

	@Override
	protected void deliverDue(ConfigurableApplicationContext context) {
		this.kubelet.run(context);
	}

	@Override
	protected List<byte[]> keptMessages(ConfigurableApplicationContext context, String queue) {
		KubernetesMessages messages = new KubernetesMessages(
				new KubernetesApi(this.cluster::client, BackendRequests.NONE));
		return this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace("paperwork-" + queue)
			.withLabel(KubernetesNames.QUEUE, queue)
			.list()
			.getItems()
			.stream()
			.map(ObservedJob::new)
			.filter(ObservedJob::isHeld)
			.map(messages::read)
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(KubernetesJobAutoConfiguration.class)
	static class Deployment {

		@Bean
		KubernetesClient kubernetesClient(Environment environment) {
			return TestCluster.client(environment.getRequiredProperty("test.cluster"));
		}

	}

}
