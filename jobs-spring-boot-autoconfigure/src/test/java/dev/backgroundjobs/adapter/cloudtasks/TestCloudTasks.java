package dev.backgroundjobs.adapter.cloudtasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.google.cloud.tasks.v2.Queue;
import com.google.cloud.tasks.v2.RetryConfig;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A Cloud Tasks whose queues are as the documentation has users create them: they never
 * give a task up.
 */
final class TestCloudTasks {

	static final String PARENT = "projects/paperwork/locations/europe-west1/queues/";

	static final String EMAIL = "invoker@paperwork.iam.gserviceaccount.com";

	static final String AUDIENCE = "https://paperwork.example.com";

	private TestCloudTasks() {
	}

	/**
	 * Start one.
	 * @param minBackoff the first wait before a task is pushed again
	 * @param queues full names of the queues there are; with none, every queue is there
	 */
	static CloudTasksEmulator start(Duration minBackoff, String... queues) {
		CloudTasksEmulator.Builder cloud = CloudTasksEmulator.builder()
			.retry(RetryConfig.newBuilder()
				.setMaxAttempts(-1)
				.setMinBackoff(com.google.protobuf.Duration.newBuilder().setNanos(minBackoff.toNanosPart()))
				.build());
		for (String queue : queues) {
			cloud.queue(Queue.newBuilder().setName(queue).build());
		}
		return cloud.start();
	}

	/**
	 * Start an application that enqueues on it and that it pushes to.
	 * @param port the port of its web server
	 * @param more further arguments
	 */
	static ConfigurableApplicationContext run(Class<?> application, CloudTasksEmulator cloud, int port,
			String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.config.location=optional:classpath:/none/",
				"--jobs.backend=cloud-tasks", "--jobs.cloud-tasks.project=paperwork",
				"--jobs.cloud-tasks.location=europe-west1", "--jobs.cloud-tasks.endpoint=" + cloud.endpoint(),
				"--jobs.cloud-tasks.queues.reports.name=reports-v2",
				"--jobs.cloud-tasks.service-account-email=" + EMAIL, "--server.port=" + port,
				"--jobs.cloud-tasks.url=http://127.0.0.1:" + port + "/_jobs"));
		if (List.of(more).stream().noneMatch((argument) -> argument.startsWith("--jobs.signing."))) {
			arguments.addAll(List.of("--jobs.google-oidc.audience=" + AUDIENCE, "--jobs.google-oidc.emails=" + EMAIL,
					"--jobs.google-oidc.jwk-set-uri=" + cloud.tokens().jwkSetUri()));
		}
		arguments.addAll(List.of(more));
		return new SpringApplicationBuilder(application).run(arguments.toArray(String[]::new));
	}

}
