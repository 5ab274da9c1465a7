package dev.backgroundjobs.adapter.cloudtasks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import com.google.api.core.ApiFuture;
import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.tasks.v2.CloudTasksClient;
import com.google.cloud.tasks.v2.CreateTaskRequest;
import com.google.cloud.tasks.v2.Task;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.CancellableBackend;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;

/**
 * Creates a task for every message. Safe for use by several threads.
 */
final class CloudTasksJobBackend implements JobBackend, CancellableBackend {

	static final String NAME = "cloud-tasks";

	// Cloud Tasks takes a schedule time of up to 30 days from its own now.
	private static final Duration MAX_DELAY = Duration.ofDays(30).minusMinutes(5);

	// A task may have 1 MB, of which headers, address and names take some.
	private static final int MAX_MESSAGE_BYTES = 1_000_000 - 16_000;

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxDelay(MAX_DELAY)
		.withMaxMessageBytes(MAX_MESSAGE_BYTES)
		.withDurable()
		.withDeduplicates()
		.withHoldsDeadLetters();

	private final Supplier<CloudTasksClient> client;

	private final CloudTasksTasks tasks;

	private final JobMessageCodec codec;

	private final BackendRequests requests;

	private final int concurrency;

	CloudTasksJobBackend(Supplier<CloudTasksClient> client, CloudTasksTasks tasks, JobMessageCodec codec,
			BackendRequests requests, int concurrency) {
		this.client = client;
		this.tasks = tasks;
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
		return create(message, null);
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		return create(message, time);
	}

	private String create(JobMessage message, @Nullable Instant time) {
		CreateTaskRequest request = request(message, time);
		try {
			return this.client.get().createTask(request).getName();
		}
		catch (AlreadyExistsException ex) {
			return exists(message, request, ex);
		}
		catch (NotFoundException ex) {
			throw notFound(request, ex);
		}
	}

	private CreateTaskRequest request(JobMessage message, @Nullable Instant time) {
		EncodedMessage encoded = this.codec.encode(message);
		this.requests.count(NAME, "enqueue", encoded.bytes().length);
		return this.tasks.request(message, encoded, time);
	}

	// A name of our own that is there already was created by a call whose answer was
	// lost.
	private static String exists(JobMessage message, CreateTaskRequest request, AlreadyExistsException cause) {
		if (message.seq() == 0 && message.deduplicationKey() != null) {
			throw new DuplicateMessageException(
					"A task with the key of " + message + " was created before: " + cause.getMessage());
		}
		return request.getTask().getName();
	}

	private static JobException notFound(CreateTaskRequest request, NotFoundException cause) {
		return new JobException("Cloud Tasks has no queue '" + request.getParent() + "': create it, or set "
				+ "'jobs.cloud-tasks.queues.<queue>.name' to the name it has", cause);
	}

	/**
	 * Create tasks side by side, as many at once as configured: Cloud Tasks has no call
	 * for several.
	 */
	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		Semaphore slots = new Semaphore(this.concurrency);
		List<ApiFuture<Task>> calls = new ArrayList<>(messages.size());
		List<CreateTaskRequest> requests = new ArrayList<>(messages.size());
		for (JobMessage message : messages) {
			CreateTaskRequest request = request(message, null);
			slots.acquireUninterruptibly();
			ApiFuture<Task> call = this.client.get().createTaskCallable().futureCall(request);
			call.addListener(slots::release, Runnable::run);
			calls.add(call);
			requests.add(request);
		}
		List<SendResult> results = new ArrayList<>(messages.size());
		for (int i = 0; i < calls.size(); i++) {
			int index = i;
			results.add(SendResult.of(() -> result(messages.get(index), requests.get(index), calls.get(index))));
		}
		return results;
	}

	private static String result(JobMessage message, CreateTaskRequest request, ApiFuture<Task> call) {
		try {
			return call.get().getName();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new JobException("Interrupted while " + message + " was created", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof AlreadyExistsException exists) {
				return exists(message, request, exists);
			}
			if (ex.getCause() instanceof NotFoundException notFound) {
				throw notFound(request, notFound);
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex.getCause());
		}
	}

	@Override
	public boolean cancel(EnqueuedJob job) {
		if (job.backendId() == null) {
			return false;
		}
		this.requests.count(NAME, "cancel", 0);
		try {
			this.client.get().deleteTask(job.backendId());
			return true;
		}
		catch (NotFoundException ex) {
			return false;
		}
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

}
