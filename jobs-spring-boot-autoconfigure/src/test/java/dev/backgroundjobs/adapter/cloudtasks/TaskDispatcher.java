package dev.backgroundjobs.adapter.cloudtasks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.google.cloud.tasks.v2.Task;
import dev.backgroundjobs.adapter.google.GoogleTokenIssuer;

/**
 * Delivers the tasks of {@link CloudTasksServer}.
 */
final class TaskDispatcher implements AutoCloseable {

	private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(10);

	private static final int MAX_DOUBLINGS = 16;

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(8, (action) -> {
		Thread thread = new Thread(action, "cloud-tasks");
		thread.setDaemon(true);
		return thread;
	});

	private final HttpClient http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();

	private final GoogleTokenIssuer tokens;

	private final Duration minBackoff;

	private final Map<String, Task> tasks;

	private final Map<String, Attempts> attempts = new ConcurrentHashMap<>();

	private final Set<String> paused = ConcurrentHashMap.newKeySet();

	private final List<Integer> answers = Collections.synchronizedList(new ArrayList<>());

	TaskDispatcher(GoogleTokenIssuer tokens, Duration minBackoff, Map<String, Task> tasks) {
		this.tokens = tokens;
		this.minBackoff = minBackoff;
		this.tasks = tasks;
	}

	void schedule(Task task, Instant time) {
		this.attempts.put(task.getName(), new Attempts(0, 0, time));
		later(task.getName(), time);
	}

	private void later(String name, Instant time) {
		long nanos = Math.max(0, Duration.between(Clock.systemUTC().instant(), time).toNanos());
		Future<?> unused = this.timer.schedule(() -> dispatch(name), nanos, TimeUnit.NANOSECONDS);
	}

	void dispatch(String name) {
		Task task = this.tasks.get(name);
		Attempts attempt = this.attempts.get(name);
		String queue = name.substring(0, name.indexOf("/tasks/"));
		if (task == null || attempt == null || this.paused.contains(queue)) {
			return;
		}
		int status = send(task, attempt);
		this.answers.add(status);
		if (status >= 200 && status < 300) {
			this.tasks.remove(name);
			return;
		}
		// The execution count excludes 5xx, as it excludes what never got an answer.
		boolean executed = status > 0 && status < 500;
		Duration backoff = this.minBackoff.multipliedBy(1L << Math.min(MAX_DOUBLINGS, attempt.retries()));
		Instant next = Clock.systemUTC().instant().plus(backoff);
		this.attempts.put(name, new Attempts(attempt.retries() + 1, attempt.executions() + (executed ? 1 : 0), next));
		later(name, next);
	}

	private int send(Task task, Attempts attempt) {
		String name = task.getName();
		Duration deadline = task.hasDispatchDeadline() ? Duration.ofSeconds(task.getDispatchDeadline().getSeconds())
				: DEFAULT_DEADLINE;
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(task.getHttpRequest().getUrl()))
			.timeout(deadline)
			.POST(HttpRequest.BodyPublishers.ofByteArray(task.getHttpRequest().getBody().toByteArray()));
		task.getHttpRequest().getHeadersMap().forEach(request::setHeader);
		request.setHeader("User-Agent", "Google-Cloud-Tasks");
		request.setHeader("X-CloudTasks-QueueName", name.replaceAll(".*/queues/([^/]+)/.*", "$1"));
		request.setHeader("X-CloudTasks-TaskName", name.substring(name.lastIndexOf('/') + 1));
		request.setHeader("X-CloudTasks-TaskRetryCount", Integer.toString(attempt.retries()));
		request.setHeader("X-CloudTasks-TaskExecutionCount", Integer.toString(attempt.executions()));
		request.setHeader("X-CloudTasks-TaskETA", String.format(java.util.Locale.ROOT, "%d.%06d",
				attempt.time().getEpochSecond(), attempt.time().getNano() / 1_000));
		if (task.getHttpRequest().hasOidcToken()) {
			request.setHeader("Authorization",
					"Bearer " + this.tokens.token(task.getHttpRequest().getOidcToken().getAudience(),
							task.getHttpRequest().getOidcToken().getServiceAccountEmail()));
		}
		try {
			return this.http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
		}
		catch (IOException ex) {
			return 0;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return 0;
		}
	}

	void pause(String queue) {
		this.paused.add(queue);
	}

	List<Integer> answers() {
		synchronized (this.answers) {
			return List.copyOf(this.answers);
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

	private record Attempts(int retries, int executions, Instant time) {
	}

}
