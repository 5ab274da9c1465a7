package dev.backgroundjobs.adapter.cloudrun;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import com.google.cloud.run.v2.CancelExecutionRequest;
import com.google.cloud.run.v2.EnvVar;
import com.google.cloud.run.v2.Execution;
import com.google.cloud.run.v2.GetExecutionRequest;
import com.google.cloud.run.v2.RunJobRequest;
import com.google.cloud.run.v2.RunJobRequest.Overrides;
import com.google.cloud.run.v2.RunJobRequest.Overrides.ContainerOverride;
import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A double of our own of Cloud Run's jobs, since there is none to be had: it takes
 * executions over gRPC as Google's client starts them, refuses what Cloud Run would, and
 * runs their tasks when a test says so, again while they end with another code than 0, up
 * to the 3 retries that a job has unless told otherwise.
 * <p>
 * Built on: {@code job.proto}, {@code execution.proto}, {@code condition.proto},
 * {@code task_template.proto} (3 retries, 600 s, per attempt) and {@code k8s.min.proto}
 * (a variable's value has 32,768 bytes) of {@code google/cloud/run/v2} in
 * proto-google-cloud-run-v2; the pages "Container runtime contract" (variables of a task,
 * exit codes), "Set task timeout" (168 h) and "Quotas and limits" (10,000 tasks) of Cloud
 * Run's documentation. From memory: which names of variables are refused, and the text of
 * refusals. Never compared with Cloud Run itself.
 */
final class TestCloudRun implements AutoCloseable {

	static final String PROJECT = "paperwork";

	static final String LOCATION = "europe-west1";

	static final String PARENT = "projects/" + PROJECT + "/locations/" + LOCATION + "/jobs/";

	static final int MAX_RETRIES = 3;

	private static final int MAX_VALUE_BYTES = 32_768;

	private static final int MAX_TASKS = 10_000;

	private static final long MAX_TIMEOUT_SECONDS = 168 * 3600;

	private static final String RESERVED = "PORT|K_.*|CLOUD_RUN_.*";

	/** What every job has for a container. */
	static final String CONTAINER = "app";

	final List<RunJobRequest> requests = new CopyOnWriteArrayList<>();

	/** How many calls that start an execution are open, and were at most. */
	final AtomicInteger open = new AtomicInteger();

	final AtomicInteger mostOpen = new AtomicInteger();

	volatile @Nullable Semaphore answers;

	volatile boolean withoutMetadata;

	private final AtomicInteger numbers = new AtomicInteger();

	private final Map<String, TestExecution> executions = new ConcurrentHashMap<>();

	private final List<TestExecution> inOrder = new CopyOnWriteArrayList<>();

	private final Server server;

	private volatile @Nullable Status refusal;

	TestCloudRun() {
		this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.addService(service("google.cloud.run.v2.Jobs")
				.addMethod(method("google.cloud.run.v2.Jobs/RunJob", RunJobRequest.getDefaultInstance(),
						Operation.getDefaultInstance()), call(this::run))
				.build())
			.addService(service("google.cloud.run.v2.Executions")
				.addMethod(
						method("google.cloud.run.v2.Executions/GetExecution", GetExecutionRequest.getDefaultInstance(),
								Execution.getDefaultInstance()),
						call((GetExecutionRequest request) -> execution(request.getName()).describe()))
				.addMethod(
						method("google.cloud.run.v2.Executions/CancelExecution",
								CancelExecutionRequest.getDefaultInstance(), Operation.getDefaultInstance()),
						call(this::cancel))
				.build())
			.build();
		try {
			this.server.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String endpoint() {
		return "127.0.0.1:" + this.server.getPort();
	}

	/**
	 * The properties of an application whose queues are jobs of the same name.
	 */
	String[] properties(String... queues) {
		List<String> properties = new ArrayList<>(List.of("jobs.backend=cloud-run", "jobs.cloud-run.project=" + PROJECT,
				"jobs.cloud-run.location=" + LOCATION, "jobs.cloud-run.endpoint=" + endpoint()));
		for (String queue : queues) {
			properties.add("jobs.cloud-run.queues." + queue + ".job=paperwork-" + queue);
		}
		return properties.toArray(String[]::new);
	}

	/** Refuse every call from now on, or none for {@code null}. */
	void refuse(@Nullable Status refusal) {
		this.refusal = refusal;
	}

	List<TestExecution> executions() {
		return List.copyOf(this.inOrder);
	}

	TestExecution last() {
		return this.inOrder.get(this.inOrder.size() - 1);
	}

	TestExecution execution(String name) {
		TestExecution execution = this.executions.get(name);
		if (execution == null) {
			throw Status.NOT_FOUND.withDescription("Resource '" + name + "' was not found").asRuntimeException();
		}
		return execution;
	}

	/**
	 * Run every task once that has not ended.
	 */
	void runOnce(TaskRunner runner) {
		this.inOrder.forEach((execution) -> execution.runOnce(runner));
	}

	/**
	 * Run until every task has ended, those of executions among them that others start.
	 */
	void runAll(TaskRunner runner) {
		while (this.inOrder.stream().anyMatch((execution) -> !execution.hasEnded())) {
			runOnce(runner);
		}
	}

	private Operation run(RunJobRequest request) {
		if (!request.getName().matches("projects/[^/]+/locations/[^/]+/jobs/[a-z][a-z0-9-]{0,61}")) {
			throw invalid("name '" + request.getName() + "'");
		}
		if (!request.getName().startsWith(PARENT)) {
			throw Status.PERMISSION_DENIED.withDescription("Permission denied on the location (or it may not exist)")
				.asRuntimeException();
		}
		if (request.getName().startsWith(PARENT + "missing")) {
			throw Status.NOT_FOUND.withDescription("Resource '" + request.getName() + "' was not found")
				.asRuntimeException();
		}
		check(request.getOverrides());
		this.mostOpen.accumulateAndGet(this.open.incrementAndGet(), Math::max);
		Semaphore wait = this.answers;
		if (wait != null) {
			wait.acquireUninterruptibly();
		}
		this.open.decrementAndGet();
		this.requests.add(request);
		TestExecution execution = new TestExecution(request, this.numbers.getAndIncrement());
		this.executions.put(execution.name(), execution);
		this.inOrder.add(execution);
		Operation.Builder operation = Operation.newBuilder()
			.setName(PARENT.replace("jobs/", "operations/") + execution.shortName());
		return (this.withoutMetadata ? operation : operation.setMetadata(Any.pack(execution.describe()))).build();
	}

	private static void check(Overrides overrides) {
		if (overrides.getTaskCount() < 0 || overrides.getTaskCount() > MAX_TASKS) {
			throw invalid("task_count " + overrides.getTaskCount());
		}
		if (overrides.hasTimeout()
				&& (overrides.getTimeout().getSeconds() < 1 || overrides.getTimeout().getSeconds() > MAX_TIMEOUT_SECONDS
						|| overrides.getTimeout().getNanos() != 0)) {
			throw invalid("timeout " + overrides.getTimeout());
		}
		for (ContainerOverride container : overrides.getContainerOverridesList()) {
			if (!container.getName().isEmpty() && !container.getName().equals(CONTAINER)) {
				throw invalid("container '" + container.getName() + "'");
			}
			for (EnvVar variable : container.getEnvList()) {
				if (variable.getName().isEmpty() || variable.getName().matches(RESERVED)) {
					throw invalid("env name '" + variable.getName() + "'");
				}
				if (variable.getValue().getBytes(UTF_8).length > MAX_VALUE_BYTES
						|| variable.getValue().contains("\0")) {
					throw invalid("env value of '" + variable.getName() + "'");
				}
			}
		}
	}

	private static StatusRuntimeException invalid(String what) {
		return Status.INVALID_ARGUMENT.withDescription("Violation in RunJobRequest: " + what).asRuntimeException();
	}

	private Operation cancel(CancelExecutionRequest request) {
		TestExecution execution = execution(request.getName());
		if (execution.hasEnded()) {
			throw Status.FAILED_PRECONDITION.withDescription("The execution has completed").asRuntimeException();
		}
		execution.cancel();
		return Operation.newBuilder().setName("cancel").setMetadata(Any.pack(execution.describe())).build();
	}

	private static ServerServiceDefinition.Builder service(String name) {
		return ServerServiceDefinition.builder(name);
	}

	private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(String name, Q request,
			A answer) {
		return MethodDescriptor.<Q, A>newBuilder()
			.setType(MethodDescriptor.MethodType.UNARY)
			.setFullMethodName(name)
			.setRequestMarshaller(ProtoUtils.marshaller(request))
			.setResponseMarshaller(ProtoUtils.marshaller(answer))
			.build();
	}

	private <Q, A> ServerCallHandler<Q, A> call(Function<Q, A> answer) {
		return ServerCalls.asyncUnaryCall((request, observer) -> {
			try {
				Status refused = this.refusal;
				if (refused != null) {
					throw refused.asRuntimeException();
				}
				A answered = answer.apply(request);
				observer.onNext(answered);
				observer.onCompleted();
			}
			catch (StatusRuntimeException ex) {
				observer.onError(ex);
			}
		});
	}

	@Override
	public void close() {
		this.server.shutdownNow();
	}

	/**
	 * What stands in for a container.
	 */
	@FunctionalInterface
	interface TaskRunner {

		/**
		 * Run an attempt of a task.
		 * @param variables the environment of the container
		 * @return its exit code
		 */
		int run(Map<String, String> variables);

	}

}
