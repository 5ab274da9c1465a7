package dev.backgroundjobs.adapter.cloudtasks;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import com.google.cloud.tasks.v2.Task;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.cloudtasks.emulator.Push;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.AUDIENCE;
import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.EMAIL;
import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.PARENT;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Outages of what stands around the endpoint, and rolling deployments.
 */
class CloudTasksTroubleIT extends CloudTasksApplicationFixture {

	@Test
	void goesOnWhenGoogleChangesItsKeys() {
		ConfigurableApplicationContext application = start(Application.class);
		JobDispatcher jobs = application.getBean(JobDispatcher.class);
		jobs.enqueue(Letters::send, "before");
		awaitStatuses(204);
		this.cloud.tokens().rotate();
		jobs.enqueue(Letters::send, "after");
		awaitStatuses(204, 204);
		assertThat(sent(application)).containsExactly("before", "after");
	}

	@Test
	void asksToComeBackWhileTheKeysCannotBeFetchedAndRunsTheTaskOnce() throws Exception {
		this.cloud.tokens().setDown(true);
		ConfigurableApplicationContext application = start(Application.class);
		String token = this.cloud.tokens().token(AUDIENCE, EMAIL);
		for (int i = 0; i < 5; i++) {
			HttpResponse<Void> answer = post("{}".getBytes(StandardCharsets.UTF_8), "Authorization", "Bearer " + token);
			assertThat(answer.statusCode()).as("also when the keys were asked for a moment ago").isEqualTo(503);
			assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
		}
		application.getBean(JobDispatcher.class).enqueue(Letters::send, "Ada");
		await().untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).contains(503));
		this.cloud.tokens().setDown(false);
		await().untilAsserted(() -> assertThat(this.cloud.tasks()).isEmpty());
		assertThat(this.cloud.pushes()).extracting(Push::status).containsOnly(503, 204).endsWith(204);
		assertThat(sent(application)).containsExactly("Ada");
	}

	@Test
	void aTaskOutlivesAnApplicationThatIsAway() {
		this.cloud.pause(PARENT + "default");
		start(Application.class).getBean(JobDispatcher.class).enqueue(Letters::send, "Ada");
		stopApplication();
		this.cloud.resume(PARENT + "default");
		await().untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).contains(0));
		ConfigurableApplicationContext back = start(Application.class);
		await().untilAsserted(() -> assertThat(this.cloud.tasks()).isEmpty());
		assertThat(sent(back)).containsExactly("Ada");
	}

	@Test
	void anOldRevisionDefersAJobItDoesNotKnowAndTheNewOneRunsIt() {
		start(Application.class);
		JobDispatcher jobs = application().getBean(JobDispatcher.class);
		this.cloud.pause(PARENT + "default");
		EnqueuedJob job = jobs.enqueue(Letters::send, "Ada");
		stopApplication();
		start(OldRevision.class);
		Instant before = Clock.systemUTC().instant();
		assertThat(this.cloud.run(String.valueOf(job.backendId()))).isEqualTo(204);
		Task deferred = this.cloud.tasks().values().iterator().next();
		assertThat(this.cloud.tasks()).hasSize(1).doesNotContainKey(job.backendId());
		assertThat(Instant.ofEpochSecond(deferred.getScheduleTime().getSeconds())).isBetween(before.plusSeconds(29),
				before.plusSeconds(50));
		stopApplication();
		ConfigurableApplicationContext newRevision = start(Application.class);
		assertThat(this.cloud.run(deferred.getName())).isEqualTo(204);
		assertThat(sent(newRevision)).containsExactly("Ada");
		assertThat(this.cloud.tasks()).isEmpty();
	}

	private void awaitStatuses(Integer... statuses) {
		await().untilAsserted(() -> assertThat(this.cloud.pushes()).extracting(Push::status).containsExactly(statuses));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(120));
	}

	@Component("others")
	static class Others {

		@BackgroundJob
		void greet(String name) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Others.class)
	static class OldRevision {

	}

}
