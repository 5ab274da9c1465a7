package dev.backgroundjobs.cloudtasks.emulator;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.google.cloud.tasks.v2.HttpMethod;
import com.google.cloud.tasks.v2.OidcToken;
import com.google.cloud.tasks.v2.Task;
import org.jspecify.annotations.Nullable;

/**
 * Sends tasks as HTTP requests. Safe for use by several threads.
 */
final class TaskPusher {

	// task.proto
	private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(10);

	// target.proto; 'connection', 'expect' and 'upgrade' are those that the HTTP client
	// sets.
	private static final Set<String> IGNORED_HEADERS = Set.of("host", "content-length", "user-agent", "connection",
			"expect", "upgrade");

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.followRedirects(HttpClient.Redirect.ALWAYS)
		.build();

	private final GoogleTokenIssuer tokens;

	TaskPusher(GoogleTokenIssuer tokens) {
		this.tokens = tokens;
	}

	CompletableFuture<Answer> push(String queue, StoredTask task) {
		try {
			return this.http.sendAsync(request(queue, task), HttpResponse.BodyHandlers.discarding())
				.handle(TaskPusher::answer);
		}
		catch (IllegalArgumentException ex) {
			// A header that HTTP does not allow.
			return CompletableFuture.completedFuture(new Answer(0, null, ex.toString()));
		}
	}

	private HttpRequest request(String queue, StoredTask stored) {
		Task task = stored.task();
		com.google.cloud.tasks.v2.HttpRequest wanted = task.getHttpRequest();
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(wanted.getUrl()))
			.timeout(task.hasDispatchDeadline() ? RetryPolicy.duration(task.getDispatchDeadline()) : DEFAULT_DEADLINE)
			.method(method(wanted.getHttpMethod()), wanted.getBody().isEmpty() ? HttpRequest.BodyPublishers.noBody()
					: HttpRequest.BodyPublishers.ofByteArray(wanted.getBody().toByteArray()));
		wanted.getHeadersMap().forEach((name, value) -> {
			if (!isIgnored(name.toLowerCase(Locale.ROOT))) {
				request.setHeader(name, value);
			}
		});
		request.setHeader("User-Agent", "Google-Cloud-Tasks");
		request.setHeader("X-CloudTasks-QueueName", queue.substring(queue.lastIndexOf('/') + 1));
		request.setHeader("X-CloudTasks-TaskName", stored.shortName());
		request.setHeader("X-CloudTasks-TaskRetryCount", Integer.toString(stored.attempts()));
		request.setHeader("X-CloudTasks-TaskExecutionCount", Integer.toString(stored.executions()));
		request.setHeader("X-CloudTasks-TaskETA", String.format(Locale.ROOT, "%d.%06d",
				task.getScheduleTime().getSeconds(), task.getScheduleTime().getNanos() / 1_000));
		if (stored.previousStatus() > 0) {
			request.setHeader("X-CloudTasks-TaskPreviousResponse", Integer.toString(stored.previousStatus()));
		}
		if (wanted.hasOidcToken()) {
			request.setHeader("Authorization", "Bearer " + token(wanted.getOidcToken(), wanted.getUrl()));
		}
		return request.build();
	}

	private static String method(HttpMethod method) {
		return (method == HttpMethod.HTTP_METHOD_UNSPECIFIED) ? "POST" : method.name();
	}

	private static boolean isIgnored(String header) {
		return IGNORED_HEADERS.contains(header) || header.startsWith("x-google-") || header.startsWith("x-appengine-");
	}

	private String token(OidcToken token, String url) {
		String audience = token.getAudience().isEmpty() ? url : token.getAudience();
		return this.tokens.token(audience, token.getServiceAccountEmail());
	}

	private static Answer answer(@Nullable HttpResponse<Void> response, @Nullable Throwable failure) {
		if (response == null) {
			Throwable cause = (failure instanceof CompletionException wrapped) ? wrapped.getCause() : failure;
			return new Answer(0, null, String.valueOf(cause));
		}
		Duration retryAfter = response.headers()
			.firstValue("Retry-After")
			.filter((value) -> value.matches("[0-9]{1,6}"))
			.map((value) -> Duration.ofSeconds(Long.parseLong(value)))
			.orElse(null);
		return new Answer(response.statusCode(), retryAfter, "");
	}

}
