package dev.backgroundjobs.adapter.cloudtasks;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.tasks.v2.CloudTasksClient;
import com.google.cloud.tasks.v2.CreateTaskRequest;
import com.google.cloud.tasks.v2.HttpMethod;
import com.google.cloud.tasks.v2.HttpRequest;
import com.google.cloud.tasks.v2.OidcToken;
import com.google.cloud.tasks.v2.QueueName;
import com.google.cloud.tasks.v2.Task;
import com.google.cloud.tasks.v2.TaskName;
import com.google.cloud.tasks.v2.stub.CloudTasksStub;
import com.google.protobuf.ByteString;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.autoconfigure.JobTimeouts;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@code enqueue} on Cloud Tasks beside the raw client's call, which builds the same task
 * by hand. Both call a client whose calls are answered at once, so that what is measured
 * is what comes before the network. In the backend's package, to give it that client.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
// Metrics and tracing are many classes: the just-in-time compiler needs its time.
@Warmup(iterations = 20, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CloudTasksBenchmark {

	private static final String DOCUMENT = "01a20188-6a28-71f0-afe3-49c324578c12";

	private static final String URL = "https://paperwork.example.com/_jobs";

	private static final String EMAIL = "invoker@paperwork.iam.gserviceaccount.com";

	/** Whether metrics and tracing are on. */
	@Param({ "false", "true" })
	boolean observed;

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final CloudTasksClient client = CloudTasksClient.create(new Answered());

	@SuppressWarnings("NullAway.Init")
	private ConfigurableApplicationContext context;

	@SuppressWarnings("NullAway.Init")
	private JobDispatcher jobs;

	/**
	 * Start the application.
	 */
	@Setup(Level.Trial)
	public void start() {
		SpringApplicationBuilder application = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("jobs.backend=answered", "jobs.cloud-tasks.project=paperwork",
					"jobs.cloud-tasks.location=europe-west1", "jobs.cloud-tasks.url=" + URL,
					"jobs.cloud-tasks.service-account-email=" + EMAIL);
		this.context = this.observed ? application.run("--spring.autoconfigure.exclude=") : application.run();
		this.jobs = this.context.getBean(JobDispatcher.class);
	}

	/**
	 * Stop the application.
	 */
	@TearDown(Level.Trial)
	public void stop() {
		this.context.close();
	}

	/**
	 * The dispatcher.
	 * @return what it returns
	 */
	@Benchmark
	public EnqueuedJob enqueue() {
		return this.jobs.enqueue(Jobs::noop, new Argument(DOCUMENT));
	}

	/**
	 * By hand.
	 * @return the created task
	 */
	@Benchmark
	public Task raw() {
		byte[] body = this.mapper.writeValueAsBytes(Map.of("job", "noop", "argument", new Argument(DOCUMENT)));
		return this.client.createTask(CreateTaskRequest.newBuilder()
			.setParent(QueueName.of("paperwork", "europe-west1", "default").toString())
			.setTask(Task.newBuilder()
				.setName(TaskName.of("paperwork", "europe-west1", "default", UUID.randomUUID().toString()).toString())
				.setHttpRequest(HttpRequest.newBuilder()
					.setHttpMethod(HttpMethod.POST)
					.setUrl(URL)
					.putHeaders("Content-Type", "application/json")
					.setBody(ByteString.copyFrom(body))
					.setOidcToken(OidcToken.newBuilder().setServiceAccountEmail(EMAIL).setAudience(URL))))
			.build());
	}

	record Argument(String documentId) {
	}

	static class Jobs {

		@BackgroundJob(name = "noop")
		void noop(Argument argument) {
		}

	}

	/**
	 * Answers calls at once.
	 */
	private static final class Answered extends CloudTasksStub {

		private final UnaryCallable<CreateTaskRequest, Task> create = new UnaryCallable<>() {

			@Override
			public ApiFuture<Task> futureCall(CreateTaskRequest request, ApiCallContext context) {
				return ApiFutures.immediateFuture(request.getTask());
			}

		};

		@Override
		public UnaryCallable<CreateTaskRequest, Task> createTaskCallable() {
			return this.create;
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

	/**
	 * The backend under another name, with that client.
	 *
	 * @param backend the backend
	 */
	record AnsweredBackend(CloudTasksJobBackend backend) implements JobBackend {

		@Override
		public String name() {
			return "answered";
		}

		@Override
		public String enqueue(JobMessage message) {
			return this.backend.enqueue(message);
		}

		@Override
		public String enqueueAt(JobMessage message, java.time.Instant time) {
			return this.backend.enqueueAt(message, time);
		}

		@Override
		public BackendCapabilities capabilities() {
			return this.backend.capabilities();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableConfigurationProperties(CloudTasksJobProperties.class)
	static class Application {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

		@Bean
		AnsweredBackend answered(CloudTasksJobProperties properties, JobTimeouts timeouts, JobMessageCodec codec,
				ObjectProvider<BackendRequests> requests) {
			CloudTasksClient client = CloudTasksClient.create(new Answered());
			return new AnsweredBackend(
					new CloudTasksJobBackend(() -> client, new CloudTasksTasks(properties, null, timeouts, List.of()),
							codec, requests.getIfAvailable(() -> BackendRequests.NONE), properties.concurrency()));
		}

	}

}
