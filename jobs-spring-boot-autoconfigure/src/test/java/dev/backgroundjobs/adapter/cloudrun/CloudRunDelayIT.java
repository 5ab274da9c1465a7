package dev.backgroundjobs.adapter.cloudrun;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.adapter.runonce.RunOnceInProcess;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.util.TestSocketUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Cloud Tasks holds a message until its time, delivers it to the service, and that starts
 * the execution: the service and the Cloud Run job have the same properties.
 */
@Timeout(240)
class CloudRunDelayIT {

	private final CloudTasksEmulator tasks = CloudTasksEmulator.start();

	private final TestCloudRun cloud = new TestCloudRun();

	private final Films films = new Films();

	private final int port = TestSocketUtils.findAvailableTcpPort();

	@AfterEach
	void stop() {
		this.cloud.close();
		this.tasks.close();
	}

	@Test
	void startsTheExecutionWhenTheTimeHasComeAndNotBefore() {
		try (ConfigurableApplicationContext service = startService()) {
			Instant due = Clock.systemUTC().instant().plusSeconds(4);
			service.getBean(JobDispatcher.class).enqueueAt(due, Films::render);
			awaitExecutions(1);
			assertThat(this.cloud.last().createdAt).isAfterOrEqualTo(due);
			this.cloud.runAll(
					(variables) -> RunOnceInProcess.run(Application.class, this::addFilms, variables, properties()));
			assertThat(this.films.rendered).containsExactly("0 of 2, attempt 1", "1 of 2, attempt 1");
		}
	}

	@Test
	void putsTheRetryOfOneTaskOffAndNotTheOthers() {
		this.films.failures.add("1 of 2, attempt 1");
		try (ConfigurableApplicationContext service = startService()) {
			service.getBean(JobDispatcher.class).enqueue(Films::render);
			this.cloud.runAll(
					(variables) -> RunOnceInProcess.run(Application.class, this::addFilms, variables, properties()));
			awaitExecutions(2);
			assertThat(this.cloud.last().createdAt).as("by the backoff of 3 s")
				.isAfterOrEqualTo(this.cloud.executions().get(0).createdAt.plusSeconds(3));
			this.cloud.runAll(
					(variables) -> RunOnceInProcess.run(Application.class, this::addFilms, variables, properties()));
			assertThat(this.cloud.last().tasks()).hasSize(1);
			assertThat(this.films.rendered).containsExactly("0 of 2, attempt 1", "1 of 2, attempt 2");
		}
	}

	private void awaitExecutions(int count) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.cloud.executions().size() == count);
	}

	private ConfigurableApplicationContext startService() {
		List<String> arguments = new ArrayList<>(
				List.of("--spring.config.location=optional:classpath:/none/", "--server.port=" + this.port));
		for (String property : properties()) {
			arguments.add("--" + property);
		}
		return new SpringApplicationBuilder(Application.class)
			.initializers((context) -> addFilms((GenericApplicationContext) context))
			.run(arguments.toArray(String[]::new));
	}

	private void addFilms(GenericApplicationContext context) {
		context.registerBean("films", Films.class, () -> this.films);
	}

	private String[] properties() {
		List<String> properties = new ArrayList<>(List.of(this.cloud.properties("frames")));
		properties.replaceAll(
				(property) -> property.equals("jobs.backend=cloud-run") ? "jobs.backend=cloud-tasks" : property);
		properties.addAll(List.of("jobs.cloud-run.queues.frames.tasks=2", "jobs.queues.frames.backend=cloud-run",
				"jobs.queues.frames.delay-backend=cloud-tasks", "jobs.cloud-tasks.project=paperwork",
				"jobs.cloud-tasks.location=europe-west1", "jobs.cloud-tasks.endpoint=" + this.tasks.endpoint(),
				"jobs.cloud-tasks.url=http://127.0.0.1:" + this.port + "/_jobs", "jobs.signing.key-id=k1",
				"jobs.signing.keys.k1=" + TestKeys.secret("k1")));
		return properties.toArray(String[]::new);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/** Jobs whose bean all the applications share, as they would a database. */
	static class Films {

		final List<String> rendered = new CopyOnWriteArrayList<>();

		final List<String> failures = new CopyOnWriteArrayList<>();

		@BackgroundJob(queue = "frames")
		void render() {
			ParallelPart part = JobContext.current().parallel();
			String run = ((part != null) ? part.index() + " of " + part.count() : "alone") + ", attempt "
					+ JobContext.current().attempt();
			if (this.failures.remove(run)) {
				throw new IllegalStateException("planned");
			}
			this.rendered.add(run);
		}

	}

}
