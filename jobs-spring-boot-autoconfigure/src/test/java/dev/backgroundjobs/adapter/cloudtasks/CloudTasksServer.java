package dev.backgroundjobs.adapter.cloudtasks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

import com.google.cloud.tasks.v2.CreateTaskRequest;
import com.google.cloud.tasks.v2.DeleteTaskRequest;
import com.google.cloud.tasks.v2.GetTaskRequest;
import com.google.cloud.tasks.v2.Task;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.backgroundjobs.adapter.google.GoogleTokenIssuer;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/**
 * A Cloud Tasks of our own in this process, since no emulator of Google's exists: the
 * real client calls it, and it delivers as platforms.md 2.1 says, with the source of each
 * rule there.
 * <ul>
 * <li>A task with a name is taken once; the name stays taken after the task is done.</li>
 * <li>A task is delivered at its schedule time, with the X-CloudTasks headers and a fresh
 * OIDC token where it asks for one, within its dispatch deadline (10 min where it does
 * not say).</li>
 * <li>2xx ends it; anything else or no answer delivers it again, with a wait that
 * doubles. Redirects are followed.</li>
 * <li>At most 1 MB a task, 30 days ahead, 15 s to 30 min of deadline.</li>
 * </ul>
 */
public final class CloudTasksServer implements AutoCloseable {

	private static final String SERVICE = "google.cloud.tasks.v2.CloudTasks";

	private static final int MAX_TASK_BYTES = 1_000_000;

	private static final Duration HORIZON = Duration.ofDays(30);

	private final Server server;

	private final GoogleTokenIssuer tokens = new GoogleTokenIssuer();

	private final TaskDispatcher dispatcher;

	private final Map<String, Task> tasks = new ConcurrentHashMap<>();

	private final Set<String> takenNames = ConcurrentHashMap.newKeySet();

	private final Set<String> queues = ConcurrentHashMap.newKeySet();

	private final AtomicInteger refusals = new AtomicInteger();

	private volatile Status refusal = Status.OK;

	/**
	 * Start on a free port of this machine.
	 * @param minBackoff the queues' first wait before a task is delivered again
	 * @param queues full names of the queues there are; with none, every queue is there
	 */
	public CloudTasksServer(Duration minBackoff, Collection<String> queues) {
		this.queues.addAll(queues);
		this.dispatcher = new TaskDispatcher(this.tokens, minBackoff, this.tasks);
		this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
			.addService(ServerServiceDefinition.builder(SERVICE)
				.addMethod(method("CreateTask", CreateTaskRequest.getDefaultInstance(), Task.getDefaultInstance()),
						call(this::create))
				.addMethod(method("GetTask", GetTaskRequest.getDefaultInstance(), Task.getDefaultInstance()),
						call(this::get))
				.addMethod(method("DeleteTask", DeleteTaskRequest.getDefaultInstance(), Empty.getDefaultInstance()),
						call(this::delete))
				.build())
			.build();
		try {
			this.server.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Host and port, for {@code jobs.cloud-tasks.endpoint}. */
	public String endpoint() {
		return "127.0.0.1:" + this.server.getPort();
	}

	/** What makes the tokens that tasks are delivered with. */
	public GoogleTokenIssuer tokens() {
		return this.tokens;
	}

	/** The tasks that wait, by name. */
	public Map<String, Task> tasks() {
		return Map.copyOf(this.tasks);
	}

	/** Deliver a task at once, as a person can. */
	public void run(String name) {
		this.dispatcher.dispatch(name);
	}

	/** Keep tasks of a queue and deliver none, as a paused queue does. */
	public void pause(String queue) {
		this.dispatcher.pause(queue);
	}

	/** Answer the next calls with an error. */
	void refuse(int calls, Status status) {
		this.refusal = status;
		this.refusals.set(calls);
	}

	/** Answers of deliveries so far, by status. */
	List<Integer> answers() {
		return this.dispatcher.answers();
	}

	/** The number of calls that are still to be refused. */
	int refusalsLeft() {
		return this.refusals.get();
	}

	private Task create(CreateTaskRequest request) {
		if (this.refusals.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			throw this.refusal.asRuntimeException();
		}
		if (!this.queues.isEmpty() && !this.queues.contains(request.getParent())) {
			throw Status.NOT_FOUND.withDescription("Queue does not exist.").asRuntimeException();
		}
		Task task = request.getTask();
		check(task.getSerializedSize() <= MAX_TASK_BYTES, "Task size too large");
		check(task.getHttpRequest().getUrl().startsWith("http"), "HttpRequest.url must start with http");
		if (task.hasDispatchDeadline()) {
			long seconds = task.getDispatchDeadline().getSeconds();
			check(seconds >= 15 && seconds <= 1800, "dispatch_deadline must be between [15s, 30m]");
		}
		Instant now = Clock.systemUTC().instant();
		Instant time = now;
		if (task.hasScheduleTime()) {
			time = Instant.ofEpochSecond(task.getScheduleTime().getSeconds(), task.getScheduleTime().getNanos());
			check(!time.isAfter(now.plus(HORIZON)), "schedule_time too far in the future");
		}
		check(task.getName().startsWith(request.getParent() + "/tasks/"), "Task name must be in the queue");
		if (!this.takenNames.add(task.getName())) {
			throw Status.ALREADY_EXISTS.withDescription("Requested entity already exists").asRuntimeException();
		}
		this.tasks.put(task.getName(), task);
		this.dispatcher.schedule(task, time);
		return task;
	}

	private static void check(boolean valid, String otherwise) {
		if (!valid) {
			throw Status.INVALID_ARGUMENT.withDescription(otherwise).asRuntimeException();
		}
	}

	private Task get(GetTaskRequest request) {
		Task task = this.tasks.get(request.getName());
		if (task == null) {
			throw Status.NOT_FOUND.asRuntimeException();
		}
		return task;
	}

	private Empty delete(DeleteTaskRequest request) {
		if (this.tasks.remove(request.getName()) == null) {
			throw Status.NOT_FOUND.asRuntimeException();
		}
		return Empty.getDefaultInstance();
	}

	private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(String name, Q request,
			A answer) {
		return MethodDescriptor.<Q, A>newBuilder()
			.setType(MethodDescriptor.MethodType.UNARY)
			.setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
			.setRequestMarshaller(ProtoUtils.marshaller(request))
			.setResponseMarshaller(ProtoUtils.marshaller(answer))
			.build();
	}

	private static <Q, A> io.grpc.ServerCallHandler<Q, A> call(Function<Q, A> function) {
		BiConsumer<Q, StreamObserver<A>> answer = (request, observer) -> {
			try {
				observer.onNext(function.apply(request));
				observer.onCompleted();
			}
			catch (RuntimeException ex) {
				observer.onError(ex);
			}
		};
		return ServerCalls.asyncUnaryCall(answer::accept);
	}

	@Override
	public void close() {
		this.dispatcher.close();
		this.server.shutdownNow();
		this.tokens.close();
	}

}
