package dev.backgroundjobs.adapter.cloudrun;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import com.google.api.core.ApiFuture;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.run.v2.Execution;
import com.google.cloud.run.v2.JobsClient;
import com.google.cloud.run.v2.RunJobRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.adapter.cloudrun.CloudRunQueues.Target;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.CancellableBackend;
import dev.backgroundjobs.backend.InspectableBackend;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.ParallelBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;

/**
 * Starts an execution of the Cloud Run job of a message's queue for every message,
 * without waiting for it to run. Safe for use by several threads.
 */
final class CloudRunJobBackend implements JobBackend, ParallelBackend, InspectableBackend, CancellableBackend {

	static final String NAME = "cloud-run";

	// The value of an environment variable may have 32,768 bytes, and no references in it
	// are resolved (google/cloud/run/v2/k8s.min.proto, EnvVar.value). A first message has
	// 8 KiB less than what is said here, and what successors add to it is 16/9 as long
	// once it is signed and encrypted, so that even then it fits.
	static final int MAX_MESSAGE_BYTES = 26_000;

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxMessageBytes(MAX_MESSAGE_BYTES)
		.withDurable();

	private final Supplier<JobsClient> client;

	private final CloudRunQueues queues;

	private final CloudRunRequests executions;

	private final CloudRunExecutions started;

	private final JobMessageCodec codec;

	private final BackendRequests requests;

	private final int concurrency;

	CloudRunJobBackend(Supplier<JobsClient> client, CloudRunQueues queues, CloudRunRequests executions,
			CloudRunExecutions started, JobMessageCodec codec, BackendRequests requests, int concurrency) {
		this.client = client;
		this.queues = queues;
		this.executions = executions;
		this.started = started;
		this.codec = codec;
		this.requests = requests;
		this.concurrency = concurrency;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String enqueue(JobMessage message) {
		Target target = this.queues.get(message.destination());
		return start(message, target, tasks(message, target));
	}

	@Override
	public String enqueueParts(JobMessage message, int count) {
		return start(message, this.queues.get(message.destination()), count);
	}

	// What replaces a task is one task again, and an iteration finds its parts itself.
	private static int tasks(JobMessage message, Target target) {
		return (message.parallel() == null && message.iteration() == null) ? target.tasks() : 1;
	}

	private String start(JobMessage message, Target target, int tasks) {
		RunJobRequest request = request(message, target, tasks);
		try {
			return id(this.client.get().runJobCallable().call(request));
		}
		catch (ApiException ex) {
			throw CloudRunFailures.of(ex, message.destination(), target.job(), CloudRunFailures.RUN);
		}
	}

	private RunJobRequest request(JobMessage message, Target target, int tasks) {
		EncodedMessage encoded = this.codec.encode(message);
		this.requests.count(NAME, "enqueue", encoded.bytes().length);
		return this.executions.request(message, encoded, target, tasks);
	}

	// The operation goes on for as long as the execution, which nobody waits for.
	private static String id(Operation operation) {
		try {
			if (operation.getMetadata().is(Execution.class)) {
				String name = operation.getMetadata().unpack(Execution.class).getName();
				return !name.isEmpty() ? name : operation.getName();
			}
			return operation.getName();
		}
		catch (InvalidProtocolBufferException ex) {
			return operation.getName();
		}
	}

	/**
	 * Start executions side by side, as many at once as configured: Cloud Run has no call
	 * for several.
	 */
	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		Semaphore slots = new Semaphore(this.concurrency);
		List<Supplier<String>> answers = new ArrayList<>(messages.size());
		for (JobMessage message : messages) {
			answers.add(startSoon(message, slots));
		}
		return answers.stream().map(SendResult::of).toList();
	}

	private Supplier<String> startSoon(JobMessage message, Semaphore slots) {
		try {
			Target target = this.queues.get(message.destination());
			RunJobRequest request = request(message, target, tasks(message, target));
			ApiFuture<Operation> call = call(request, slots);
			return () -> id(answer(message, target, call));
		}
		catch (RuntimeException ex) {
			// The others are started nevertheless.
			return () -> {
				throw ex;
			};
		}
	}

	private ApiFuture<Operation> call(RunJobRequest request, Semaphore slots) {
		JobsClient jobs = this.client.get();
		slots.acquireUninterruptibly();
		try {
			ApiFuture<Operation> call = jobs.runJobCallable().futureCall(request);
			call.addListener(slots::release, Runnable::run);
			return call;
		}
		catch (RuntimeException ex) {
			slots.release();
			throw ex;
		}
	}

	private static Operation answer(JobMessage message, Target target, ApiFuture<Operation> call) {
		try {
			return call.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new JobException("Interrupted while an execution of " + message + " was started", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof ApiException failure) {
				throw CloudRunFailures.of(failure, message.destination(), target.job(), CloudRunFailures.RUN);
			}
			throw new JobException("No execution of " + message + " was started", ex.getCause());
		}
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		throw new SchedulingNotSupportedException("Cloud Run cannot delay an execution: set 'jobs.queues."
				+ message.destination() + ".delay-backend' to a backend that can, such as cloud-tasks");
	}

	@Override
	public JobStatus status(EnqueuedJob job) {
		return this.started.status(job.queue(), job.backendId());
	}

	@Override
	public boolean cancel(EnqueuedJob job) {
		return this.started.cancel(job.queue(), job.backendId());
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

}
