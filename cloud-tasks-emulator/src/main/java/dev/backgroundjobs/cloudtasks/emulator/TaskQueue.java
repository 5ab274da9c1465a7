package dev.backgroundjobs.cloudtasks.emulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import com.google.cloud.tasks.v2.Queue;
import com.google.cloud.tasks.v2.RetryConfig;
import com.google.cloud.tasks.v2.Task;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue with its tasks. Safe for use by several threads.
 */
final class TaskQueue {

	private static final Logger logger = LoggerFactory.getLogger(CloudTasksEmulator.class);

	// What 'gcloud tasks queues describe' shows of a new queue.
	private static final int DEFAULT_CONCURRENCY = 1_000;

	// Ours: Google does not say how long a queue is held back.
	private static final Duration MIN_HOLD = Duration.ofSeconds(1);

	private static final Duration MAX_HOLD = Duration.ofMinutes(1);

	private final Queue settings;

	private final RetryPolicy retry;

	private final int concurrency;

	private final Surroundings surroundings;

	private final InstantSource clock;

	private final TakenNames names;

	private final Map<String, StoredTask> tasks = new LinkedHashMap<>();

	private final Deque<StoredTask> due = new ArrayDeque<>();

	private int running;

	private boolean paused;

	private int holds;

	private @Nullable Instant heldUntil;

	TaskQueue(Queue settings, RetryConfig retry, Surroundings surroundings, InstantSource clock) {
		this.settings = settings;
		this.retry = RetryPolicy.of(settings.hasRetryConfig() ? settings.getRetryConfig() : retry);
		int concurrency = settings.getRateLimits().getMaxConcurrentDispatches();
		this.concurrency = (concurrency > 0) ? concurrency : DEFAULT_CONCURRENCY;
		this.surroundings = surroundings;
		this.clock = clock;
		this.names = new TakenNames(clock);
	}

	/**
	 * Take a task in.
	 * @return whether its name was free
	 */
	synchronized boolean create(Task task) {
		if (!this.names.take(task.getName())) {
			return false;
		}
		StoredTask stored = StoredTask.created(task);
		this.tasks.put(stored.name(), stored);
		logger.info("Task {} created in queue '{}', to be pushed at {}", stored.shortName(), shortName(),
				stored.time());
		wait(stored);
		return true;
	}

	synchronized Map<String, StoredTask> tasks() {
		return Map.copyOf(this.tasks);
	}

	synchronized @Nullable StoredTask find(String task) {
		return this.tasks.get(task);
	}

	synchronized boolean delete(String task) {
		if (this.tasks.remove(task) == null) {
			return false;
		}
		this.names.release(task);
		return true;
	}

	synchronized Queue describe() {
		return this.settings.toBuilder().setState(this.paused ? Queue.State.PAUSED : Queue.State.RUNNING).build();
	}

	synchronized void pause(boolean pause) {
		this.paused = pause;
		pushDue();
	}

	/**
	 * Push a task now, whatever the time and the queue's state.
	 * @return its answer, or null when there is no such task
	 */
	@Nullable CompletableFuture<Answer> run(String task) {
		StoredTask stored = find(task);
		return (stored != null) ? push(stored) : null;
	}

	private void wait(StoredTask task) {
		this.surroundings.later(task.time(), () -> isDue(task));
	}

	private synchronized void isDue(StoredTask task) {
		this.due.add(task);
		pushDue();
	}

	private synchronized void pushDue() {
		while (!this.paused && this.heldUntil == null && this.running < this.concurrency) {
			StoredTask task = this.due.poll();
			if (task == null) {
				return;
			}
			// One that was run meanwhile is gone or has another time.
			if (task.equals(this.tasks.get(task.name()))) {
				this.running++;
				Future<?> unused = push(task).whenComplete((answer, failure) -> ended());
			}
		}
	}

	private synchronized void ended() {
		this.running--;
		pushDue();
	}

	private CompletableFuture<Answer> push(StoredTask task) {
		Instant dispatched = this.clock.instant();
		return this.surroundings.push(this.settings.getName(), task).thenApply((answer) -> {
			String next = settle(task, dispatched, answer);
			Push push = Push.of(task, answer);
			logger.info("Task {} of queue '{}' pushed to {} {}: {}, {}", task.shortName(), shortName(), push.url(),
					push.serviceAccount().isEmpty() ? "without a token" : "with a token of " + push.serviceAccount(),
					answer, next);
			this.surroundings.pushed(push);
			return answer;
		});
	}

	// Returns what happens next, for the log.
	private synchronized String settle(StoredTask task, Instant dispatched, Answer answer) {
		throttle(answer);
		if (answer.isSuccess()) {
			delete(task.name());
			return "done";
		}
		StoredTask current = this.tasks.get(task.name());
		if (current == null) {
			return "deleted meanwhile";
		}
		StoredTask failed = current.failed(dispatched, answer.status());
		Instant now = this.clock.instant();
		if (this.retry.givesUp(failed.attempts(), failed.firstAttempt(), now)) {
			delete(task.name());
			return "given up after attempt " + failed.attempts() + " and deleted";
		}
		StoredTask again = failed.at(now.plus(this.retry.backoff(failed.attempts())));
		this.tasks.put(again.name(), again);
		wait(again);
		return "again at " + again.time();
	}

	private void throttle(Answer answer) {
		if (!answer.isThrottling()) {
			this.holds = 0;
			return;
		}
		Duration hold = answer.retryAfter();
		if (hold == null) {
			Duration doubled = MIN_HOLD.multipliedBy(1L << Math.min(this.holds, 6));
			hold = (doubled.compareTo(MAX_HOLD) < 0) ? doubled : MAX_HOLD;
		}
		this.holds++;
		Instant until = this.clock.instant().plus(hold);
		if (this.heldUntil == null || until.isAfter(this.heldUntil)) {
			this.heldUntil = until;
			logger.info("Queue '{}' is held back until {}", shortName(), until);
			this.surroundings.later(until, () -> release(until));
		}
	}

	private synchronized void release(Instant until) {
		if (until.equals(this.heldUntil)) {
			this.heldUntil = null;
			pushDue();
		}
	}

	private String shortName() {
		return this.settings.getName().substring(this.settings.getName().lastIndexOf('/') + 1);
	}

	/**
	 * What a queue needs of others.
	 */
	interface Surroundings {

		/**
		 * Do something at a time.
		 */
		void later(Instant time, Runnable action);

		/**
		 * Push a task; the answer comes later, and is no exception.
		 */
		CompletableFuture<Answer> push(String queue, StoredTask task);

		/**
		 * Remember a push whose answer has been heeded.
		 */
		void pushed(Push push);

	}

}
