package dev.backgroundjobs.adapter.cloudtasks;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import com.google.api.core.ApiFuture;
import com.google.api.core.SettableApiFuture;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.tasks.v2.CloudTasksClient;
import com.google.cloud.tasks.v2.CreateTaskRequest;
import com.google.cloud.tasks.v2.OidcToken;
import com.google.cloud.tasks.v2.Task;
import com.google.cloud.tasks.v2.stub.CloudTasksStub;
import dev.backgroundjobs.adapter.google.GoogleAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobTimeouts;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the properties of the backend do to its calls, without a Cloud Tasks.
 */
class CloudTasksJobBackendTests {

	private final HeldCalls calls = new HeldCalls();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, GoogleAutoConfiguration.class,
				CloudTasksJobAutoConfiguration.class))
		.withPropertyValues("jobs.backend=cloud-tasks", "jobs.cloud-tasks.project=paperwork",
				"jobs.cloud-tasks.location=europe-west1", "jobs.cloud-tasks.url=https://paperwork.example.com/_jobs",
				"jobs.cloud-tasks.service-account-email=" + TestCloudTasks.EMAIL);

	@Test
	void tokensAreForTheAudienceOfTheEndpointUnlessItSays() {
		whenConfigured((context) -> assertThat(token(context).getAudience()).isEqualTo(TestCloudTasks.AUDIENCE),
				"jobs.google-oidc.audience=" + TestCloudTasks.AUDIENCE,
				"jobs.google-oidc.emails=" + TestCloudTasks.EMAIL);
	}

	@Test
	void tokensAreForTheConfiguredAudience() {
		whenConfigured((context) -> assertThat(token(context).getAudience()).isEqualTo("https://gateway.example.com"),
				"jobs.google-oidc.audience=" + TestCloudTasks.AUDIENCE,
				"jobs.google-oidc.emails=" + TestCloudTasks.EMAIL,
				"jobs.cloud-tasks.audience=https://gateway.example.com");
	}

	@Test
	void tokensAreForTheAddressWhenNothingIsSaid() {
		whenConfigured(
				(context) -> assertThat(token(context).getAudience()).isEqualTo("https://paperwork.example.com/_jobs"));
	}

	@Test
	void createsAsManyTasksAtOnceAsConfigured() {
		whenConfigured((context) -> {
			List<JobMessage> messages = IntStream.range(0, 10).mapToObj((i) -> message()).toList();
			CompletableFuture<List<SendResult>> sent = CompletableFuture
				.supplyAsync(() -> backend(context).enqueueAll(messages));
			for (int answered = 0; answered < 10; answered++) {
				int open = Math.min(3, 10 - answered);
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.calls.open.size() >= open);
				assertThat(this.calls.open).hasSize(open);
				assertThat(sent).isNotDone();
				this.calls.answerOne();
			}
			assertThat(sent.orTimeout(30, TimeUnit.SECONDS).join()).hasSize(10);
		}, "jobs.cloud-tasks.concurrency=3");
	}

	@Test
	void refusesToCreateNothingAtOnce() {
		this.runner.withPropertyValues("jobs.cloud-tasks.concurrency=0")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("Property 'jobs.cloud-tasks.concurrency' is 0: give 1 or more"));
	}

	private void whenConfigured(Consumer<ApplicationContext> then, String... properties) {
		this.runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			then.accept(context);
		});
	}

	private static CloudTasksTasks tasks(ApplicationContext context) {
		return new CloudTasksTasks(context.getBean(CloudTasksJobProperties.class),
				context.getEnvironment().getProperty("jobs.google-oidc.audience"), context.getBean(JobTimeouts.class),
				List.of());
	}

	private static OidcToken token(ApplicationContext context) {
		JobMessage message = message();
		return tasks(context).request(message, context.getBean(JobMessageCodec.class).encode(message), null)
			.getTask()
			.getHttpRequest()
			.getOidcToken();
	}

	private CloudTasksJobBackend backend(ApplicationContext context) {
		CloudTasksClient client = CloudTasksClient.create(this.calls);
		return new CloudTasksJobBackend(() -> client, tasks(context), context.getBean(JobMessageCodec.class),
				BackendRequests.NONE, context.getBean(CloudTasksJobProperties.class).concurrency());
	}

	private static JobMessage message() {
		return JobMessage
			.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", "[]",
					Clock.systemUTC().instant())
			.build();
	}

	/**
	 * Answers a call when it is told to.
	 */
	private static final class HeldCalls extends CloudTasksStub {

		final Queue<SettableApiFuture<Task>> open = new ConcurrentLinkedQueue<>();

		void answerOne() {
			this.open.remove().set(Task.newBuilder().setName("created").build());
		}

		@Override
		public UnaryCallable<CreateTaskRequest, Task> createTaskCallable() {
			return new UnaryCallable<>() {

				@Override
				public ApiFuture<Task> futureCall(CreateTaskRequest request, ApiCallContext context) {
					SettableApiFuture<Task> call = SettableApiFuture.create();
					HeldCalls.this.open.add(call);
					return call;
				}

			};
		}

		@Override
		public void close() {
		}

		@Override
		public void shutdown() {
		}

		@Override
		public boolean isShutdown() {
			return false;
		}

		@Override
		public boolean isTerminated() {
			return false;
		}

		@Override
		public void shutdownNow() {
		}

		@Override
		public boolean awaitTermination(long duration, TimeUnit unit) {
			return true;
		}

	}

}
