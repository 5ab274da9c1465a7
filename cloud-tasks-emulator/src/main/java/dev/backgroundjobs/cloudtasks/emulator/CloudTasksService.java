package dev.backgroundjobs.cloudtasks.emulator;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

import com.google.cloud.tasks.v2.CreateTaskRequest;
import com.google.cloud.tasks.v2.DeleteTaskRequest;
import com.google.cloud.tasks.v2.GetQueueRequest;
import com.google.cloud.tasks.v2.GetTaskRequest;
import com.google.cloud.tasks.v2.HttpMethod;
import com.google.cloud.tasks.v2.HttpRequest;
import com.google.cloud.tasks.v2.ListTasksRequest;
import com.google.cloud.tasks.v2.ListTasksResponse;
import com.google.cloud.tasks.v2.PauseQueueRequest;
import com.google.cloud.tasks.v2.Queue;
import com.google.cloud.tasks.v2.ResumeQueueRequest;
import com.google.cloud.tasks.v2.RunTaskRequest;
import com.google.cloud.tasks.v2.Task;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Cloud Tasks' API that are about tasks, and those that ask for, pause and
 * resume a queue; others are answered with {@code UNIMPLEMENTED}.
 */
final class CloudTasksService {

	private static final String SERVICE = "google.cloud.tasks.v2.CloudTasks";

	// Quotas.
	private static final int MAX_TASK_BYTES = 1_000_000;

	private static final Duration HORIZON = Duration.ofDays(30);

	// task.proto
	private static final String NAME = "projects/[^/]+/locations/[^/]+/queues/[^/]+/tasks/[A-Za-z0-9_-]{1,500}";

	private static final Duration MIN_DEADLINE = Duration.ofSeconds(15);

	private static final Duration MAX_DEADLINE = Duration.ofMinutes(30);

	private final TaskQueues queues;

	private final InstantSource clock;

	private final AtomicInteger refusals = new AtomicInteger();

	private volatile Status refusal = Status.OK;

	CloudTasksService(TaskQueues queues, InstantSource clock) {
		this.queues = queues;
		this.clock = clock;
	}

	ServerServiceDefinition definition() {
		ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SERVICE);
		Task task = Task.getDefaultInstance();
		Queue queue = Queue.getDefaultInstance();
		add(service, "CreateTask", CreateTaskRequest.getDefaultInstance(), task, this::create);
		add(service, "GetTask", GetTaskRequest.getDefaultInstance(), task,
				(request) -> view(task(request.getName()).task(), request.getResponseView()));
		add(service, "ListTasks", ListTasksRequest.getDefaultInstance(), ListTasksResponse.getDefaultInstance(),
				this::list);
		add(service, "DeleteTask", DeleteTaskRequest.getDefaultInstance(), Empty.getDefaultInstance(), this::delete);
		add(service, "RunTask", RunTaskRequest.getDefaultInstance(), task, this::run);
		add(service, "GetQueue", GetQueueRequest.getDefaultInstance(), queue,
				(request) -> queue(this.queues.find(request.getName())).describe());
		add(service, "PauseQueue", PauseQueueRequest.getDefaultInstance(), queue,
				(request) -> pause(request.getName(), true));
		add(service, "ResumeQueue", ResumeQueueRequest.getDefaultInstance(), queue,
				(request) -> pause(request.getName(), false));
		return service.build();
	}

	void refuse(int calls, Status status) {
		this.refusal = status;
		this.refusals.set(calls);
	}

	int refusalsLeft() {
		return this.refusals.get();
	}

	private Task create(CreateTaskRequest request) {
		if (this.refusals.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			throw this.refusal.asRuntimeException();
		}
		TaskQueue queue = queue(this.queues.find(request.getParent()));
		Task.Builder task = request.getTask().toBuilder();
		checkRequest(task);
		if (task.getName().isEmpty()) {
			task.setName(request.getParent() + "/tasks/" + UUID.randomUUID());
		}
		check(task.getName().startsWith(request.getParent() + "/tasks/") && task.getName().matches(NAME),
				"Task name must be of the form <queue>/tasks/<id>, an id has letters, digits, - and _");
		Instant now = this.clock.instant();
		Instant time = task.hasScheduleTime() ? StoredTask.instant(task.getScheduleTime()) : now;
		check(!time.isAfter(now.plus(HORIZON)), "schedule_time must be at most 30 days ahead");
		Task created = task.setCreateTime(StoredTask.timestamp(now))
			.setScheduleTime(StoredTask.timestamp(time.isBefore(now) ? now : time))
			.build();
		if (!queue.create(created)) {
			throw Status.ALREADY_EXISTS.withDescription("A task of that name is or was there").asRuntimeException();
		}
		return view(created, request.getResponseView());
	}

	private static void checkRequest(Task.Builder task) {
		HttpRequest request = task.getHttpRequest();
		check(task.build().getSerializedSize() <= MAX_TASK_BYTES, "Task must be at most 1 MB");
		check(task.hasHttpRequest(), "This emulator knows tasks with an http_request only");
		check(!request.hasOauthToken(), "This emulator has no OAuth tokens");
		check(request.getUrl().matches("https?://.+") && isAddress(request.getUrl()),
				"HttpRequest.url must be an address that starts with http:// or https://");
		HttpMethod method = request.getHttpMethod();
		check(request.getBody().isEmpty() || method == HttpMethod.HTTP_METHOD_UNSPECIFIED || method == HttpMethod.POST
				|| method == HttpMethod.PUT || method == HttpMethod.PATCH,
				"HttpRequest.body is for POST, PUT and PATCH");
		if (task.hasDispatchDeadline()) {
			Duration deadline = RetryPolicy.duration(task.getDispatchDeadline());
			check(deadline.compareTo(MIN_DEADLINE) >= 0 && deadline.compareTo(MAX_DEADLINE) <= 0,
					"dispatch_deadline must be between 15s and 30m");
		}
	}

	private static boolean isAddress(String url) {
		try {
			return URI.create(url).getHost() != null;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static void check(boolean valid, String otherwise) {
		if (!valid) {
			throw Status.INVALID_ARGUMENT.withDescription(otherwise).asRuntimeException();
		}
	}

	private StoredTask task(String name) {
		TaskQueue queue = this.queues.ofTask(name);
		StoredTask task = (queue != null) ? queue.find(name) : null;
		if (task == null) {
			throw Status.NOT_FOUND.withDescription("No task '" + name + "'").asRuntimeException();
		}
		return task;
	}

	private static TaskQueue queue(@Nullable TaskQueue queue) {
		if (queue == null) {
			throw Status.NOT_FOUND.withDescription("Queue does not exist.").asRuntimeException();
		}
		return queue;
	}

	private ListTasksResponse list(ListTasksRequest request) {
		Map<String, StoredTask> tasks = queue(this.queues.find(request.getParent())).tasks();
		ListTasksResponse.Builder answer = ListTasksResponse.newBuilder();
		tasks.values().forEach((stored) -> answer.addTasks(view(stored.task(), request.getResponseView())));
		return answer.build();
	}

	private Empty delete(DeleteTaskRequest request) {
		String name = task(request.getName()).name();
		queue(this.queues.ofTask(name)).delete(name);
		return Empty.getDefaultInstance();
	}

	private Task run(RunTaskRequest request) {
		StoredTask task = task(request.getName());
		Future<?> unused = queue(this.queues.ofTask(task.name())).run(task.name());
		return view(task.task(), request.getResponseView());
	}

	private Queue pause(String name, boolean pause) {
		TaskQueue queue = queue(this.queues.find(name));
		queue.pause(pause);
		return queue.describe();
	}

	// Without the body, which may be secret, unless all is asked for: task.proto, View.
	private static Task view(Task task, Task.View view) {
		Task.Builder shown = task.toBuilder().setView((view == Task.View.FULL) ? view : Task.View.BASIC);
		if (view != Task.View.FULL) {
			shown.getHttpRequestBuilder().clearBody();
		}
		return shown.build();
	}

	private static <Q extends Message, A extends Message> void add(ServerServiceDefinition.Builder service, String name,
			Q request, A answer, Function<Q, A> function) {
		MethodDescriptor<Q, A> method = MethodDescriptor.<Q, A>newBuilder()
			.setType(MethodDescriptor.MethodType.UNARY)
			.setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
			.setRequestMarshaller(ProtoUtils.marshaller(request))
			.setResponseMarshaller(ProtoUtils.marshaller(answer))
			.build();
		BiConsumer<Q, StreamObserver<A>> call = (message, observer) -> {
			try {
				observer.onNext(function.apply(message));
				observer.onCompleted();
			}
			catch (RuntimeException ex) {
				observer.onError(ex);
			}
		};
		service.addMethod(method, ServerCalls.asyncUnaryCall(call::accept));
	}

}
