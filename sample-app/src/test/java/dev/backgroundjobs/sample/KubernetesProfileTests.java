package dev.backgroundjobs.sample;

import java.net.http.HttpResponse;
import java.nio.file.Path;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the profile of Kubernetes while there is no API server.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "jobs.kubernetes.worker.enabled=false")
@ActiveProfiles("kubernetes")
class KubernetesProfileTests {

	@TempDir
	static Path storage;

	@Autowired
	JdbcClient database;

	@DynamicPropertySource
	static void storage(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", () -> storage.toAbsolutePath().toString());
	}

	@Test
	void keepsNoComputationThatCannotBeSent(@LocalServerPort int port) throws Exception {
		PaperworkClient client = new PaperworkClient(port);
		HttpResponse<byte[]> refused = client.post("/pi?digits=5", "application/json", new byte[0]);
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(client.json(refused).get("detail").asString())
			.isEqualTo("Pi cannot be computed at the moment. Nothing was kept; try again later.");
		assertThat(this.database.sql("SELECT COUNT(*) FROM pi").query(Long.class).single()).isZero();
	}

	@Test
	void runsEverythingElseInTheProcess(@LocalServerPort int port) throws Exception {
		assertThat(
				new PaperworkClient(port).importRows("rows.csv", "id,name,state\n1,One,open\n").get("state").asString())
			.isEqualTo("done");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class NobodyListens {

		@Bean(destroyMethod = "close")
		KubernetesClient client() {
			Config config = new ConfigBuilder(Config.empty()).withMasterUrl("http://localhost:1")
				.withNamespace("default")
				.withRequestRetryBackoffLimit(0)
				.build();
			return new KubernetesClientBuilder().withConfig(config).build();
		}

	}

}
