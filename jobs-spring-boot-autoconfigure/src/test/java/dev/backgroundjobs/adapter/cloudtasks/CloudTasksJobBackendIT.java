package dev.backgroundjobs.adapter.cloudtasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.google.cloud.tasks.v2.Task;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import dev.backgroundjobs.test.JobBackendContract;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.TestSocketUtils;

/**
 * The contract over Google's own client, gRPC and real HTTP: enqueue, create task, POST
 * with a signed OIDC token, run, 204.
 */
class CloudTasksJobBackendIT extends JobBackendContract {

	private static final String PARENT = "projects/paperwork/locations/europe-west1/queues/";

	private static final String EMAIL = "invoker@paperwork.iam.gserviceaccount.com";

	private static final Set<String> KEPT = Set.of("kept", "dead", "contract-dead");

	private final CloudTasksEmulator cloud = TestCloudTasks.start(Duration.ofMillis(200));

	@AfterEach
	void stopCloud() {
		this.cloud.close();
	}

	@Override
	protected String backend() {
		return "cloud-tasks";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(WebApplication.class);
	}

	@Override
	protected List<String> properties() {
		KEPT.forEach((queue) -> this.cloud.pause(PARENT + queue));
		int port = TestSocketUtils.findAvailableTcpPort();
		return List.of("spring.main.web-application-type=servlet", "server.port=" + port,
				"jobs.cloud-tasks.project=paperwork", "jobs.cloud-tasks.location=europe-west1",
				"jobs.cloud-tasks.url=http://127.0.0.1:" + port + "/_jobs",
				"jobs.cloud-tasks.service-account-email=" + EMAIL, "jobs.cloud-tasks.endpoint=" + this.cloud.endpoint(),
				"jobs.google-oidc.audience=https://paperwork.example.com", "jobs.google-oidc.emails=" + EMAIL,
				"jobs.google-oidc.jwk-set-uri=" + this.cloud.tokens().jwkSetUri());
	}

	@Override
	protected List<byte[]> keptMessages(ConfigurableApplicationContext context, String queue) {
		List<byte[]> kept = new ArrayList<>();
		this.cloud.tasks().forEach((name, task) -> {
			if (name.startsWith(PARENT + queue + "/")) {
				kept.add(body(task));
			}
		});
		return kept;
	}

	private static byte[] body(Task task) {
		return task.getHttpRequest().getBody().toByteArray();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WebApplication {

	}

}
