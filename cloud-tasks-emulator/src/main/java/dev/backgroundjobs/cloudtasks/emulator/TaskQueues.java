package dev.backgroundjobs.cloudtasks.emulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.google.cloud.tasks.v2.Queue;
import com.google.cloud.tasks.v2.RetryConfig;
import com.google.cloud.tasks.v2.Task;
import org.jspecify.annotations.Nullable;

/**
 * The queues, their timer, and what was pushed. Safe for use by several threads.
 */
final class TaskQueues implements TaskQueue.Surroundings, AutoCloseable {

	private static final int KEPT_PUSHES = 10_000;

	private final ScheduledExecutorService timer = timer();

	private final TaskPusher pusher;

	private final Map<String, TaskQueue> queues = new ConcurrentHashMap<>();

	private final boolean anyQueue;

	private final RetryConfig retry;

	private final InstantSource clock;

	private final Deque<Push> pushes = new ArrayDeque<>();

	TaskQueues(List<Queue> queues, RetryConfig retry, GoogleTokenIssuer tokens, InstantSource clock) {
		this.pusher = new TaskPusher(tokens);
		this.anyQueue = queues.isEmpty();
		this.retry = retry;
		this.clock = clock;
		queues.forEach((queue) -> this.queues.put(queue.getName(), new TaskQueue(queue, retry, this, clock)));
	}

	private static ScheduledExecutorService timer() {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, (action) -> {
			Thread thread = new Thread(action, "cloud-tasks");
			thread.setDaemon(true);
			return thread;
		});
		timer.setRemoveOnCancelPolicy(true);
		return timer;
	}

	/**
	 * The queue of a full name; null when there is none.
	 */
	@Nullable TaskQueue find(String queue) {
		if (!this.anyQueue) {
			return this.queues.get(queue);
		}
		return this.queues.computeIfAbsent(queue,
				(name) -> new TaskQueue(Queue.newBuilder().setName(name).build(), this.retry, this, this.clock));
	}

	/**
	 * The queue of a task's full name.
	 */
	@Nullable TaskQueue ofTask(String task) {
		int end = task.indexOf("/tasks/");
		return (end > 0) ? find(task.substring(0, end)) : null;
	}

	Map<String, Task> tasks() {
		Map<String, Task> tasks = new TreeMap<>();
		this.queues.values()
			.forEach((queue) -> queue.tasks().forEach((name, stored) -> tasks.put(name, stored.task())));
		return tasks;
	}

	@Nullable Integer run(String task) {
		TaskQueue queue = ofTask(task);
		CompletableFuture<Answer> answer = (queue != null) ? queue.run(task) : null;
		return (answer != null) ? answer.join().status() : null;
	}

	void pause(String queue) {
		existing(queue).pause(true);
	}

	void resume(String queue) {
		existing(queue).pause(false);
	}

	private TaskQueue existing(String name) {
		TaskQueue queue = find(name);
		if (queue == null) {
			throw new IllegalArgumentException("No queue '" + name + "'");
		}
		return queue;
	}

	List<Push> pushes() {
		synchronized (this.pushes) {
			return List.copyOf(this.pushes);
		}
	}

	@Override
	public void later(Instant time, Runnable action) {
		long nanos = Math.max(0, Duration.between(this.clock.instant(), time).toNanos());
		try {
			Future<?> unused = this.timer.schedule(action, nanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// Closed meanwhile: nothing is pushed any more.
		}
	}

	@Override
	public CompletableFuture<Answer> push(String queue, StoredTask task) {
		return this.pusher.push(queue, task);
	}

	@Override
	public void pushed(Push push) {
		synchronized (this.pushes) {
			if (this.pushes.size() == KEPT_PUSHES) {
				this.pushes.remove();
			}
			this.pushes.add(push);
		}
	}

	@Override
	public void close() {
		this.queues.values().forEach((queue) -> queue.pause(true));
		this.timer.shutdownNow();
	}

}
