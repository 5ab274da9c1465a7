package dev.backgroundjobs.adapter.cloudtasks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.google.cloud.tasks.v2.CreateTaskRequest;
import com.google.cloud.tasks.v2.HttpMethod;
import com.google.cloud.tasks.v2.HttpRequest;
import com.google.cloud.tasks.v2.OidcToken;
import com.google.cloud.tasks.v2.QueueName;
import com.google.cloud.tasks.v2.Task;
import com.google.cloud.tasks.v2.TaskName;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.backgroundjobs.adapter.google.CloudTasksDeliveryDecoder;
import dev.backgroundjobs.autoconfigure.JobTimeouts;
import dev.backgroundjobs.message.DerivedIds;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

/**
 * Makes tasks of messages. Safe for use by several threads.
 */
final class CloudTasksTasks {

	/** Cloud Tasks allows a dispatch deadline of 15 s to 30 min. */
	static final Duration MIN_DEADLINE = Duration.ofSeconds(15);

	static final Duration MAX_DEADLINE = Duration.ofMinutes(30);

	// What is kept of a platform's limit for the successor and the answer, at most.
	private static final Duration RESERVE = Duration.ofSeconds(15);

	private final String project;

	private final String location;

	private final String url;

	private final String serviceAccount;

	private final String audience;

	private final Map<String, String> queues = new HashMap<>();

	private final JobTimeouts timeouts;

	private final List<CloudTasksJobCustomizer> customizers;

	CloudTasksTasks(CloudTasksJobProperties properties, @Nullable String audience, JobTimeouts timeouts,
			List<CloudTasksJobCustomizer> customizers) {
		this.project = orEmpty(properties.project());
		this.location = orEmpty(properties.location());
		this.url = (properties.url() != null) ? properties.url().toString() : "";
		this.serviceAccount = orEmpty(properties.serviceAccountEmail());
		this.audience = (properties.audience() != null) ? properties.audience()
				: (audience != null) ? audience : this.url;
		properties.queues().forEach((queue, settings) -> {
			if (settings.name() != null) {
				this.queues.put(MessageNames.withoutDashes(queue), settings.name());
			}
		});
		this.timeouts = timeouts;
		this.customizers = List.copyOf(customizers);
	}

	CreateTaskRequest request(JobMessage message, EncodedMessage encoded, @Nullable Instant time) {
		QueueName queue = queue(message.destination());
		HttpRequest.Builder request = HttpRequest.newBuilder()
			.setHttpMethod(HttpMethod.POST)
			.setUrl(this.url)
			.putHeaders("Content-Type", encoded.mediaType())
			.setBody(ByteString.copyFrom(encoded.bytes()));
		if (!this.serviceAccount.isEmpty()) {
			request.setOidcToken(
					OidcToken.newBuilder().setServiceAccountEmail(this.serviceAccount).setAudience(this.audience));
		}
		Task.Builder task = Task.newBuilder().setName(name(message).toString());
		Duration timeout = this.timeouts.of(message.job());
		if (timeout != null) {
			Duration deadline = deadline(timeout);
			request.putHeaders(CloudTasksDeliveryDecoder.DEADLINE_HEADER, Long.toString(deadline.toMillis()));
			task.setDispatchDeadline(com.google.protobuf.Duration.newBuilder()
				.setSeconds(deadline.getSeconds())
				.setNanos(deadline.getNano()));
		}
		if (time != null) {
			task.setScheduleTime(
					Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()).build());
		}
		this.customizers.forEach((customizer) -> customizer.customize(request, message));
		return CreateTaskRequest.newBuilder().setParent(queue.toString()).setTask(task.setHttpRequest(request)).build();
	}

	/**
	 * The name of a message's task: the hash of its key, so that Cloud Tasks takes it
	 * once. Hashes spread over the servers, as names that begin alike do not.
	 */
	TaskName name(JobMessage message) {
		String key = (message.seq() == 0 && message.deduplicationKey() != null)
				? "key:" + message.job() + ":" + message.deduplicationKey() : message.deliveryKey();
		QueueName queue = queue(message.destination());
		return TaskName.of(queue.getProject(), queue.getLocation(), queue.getQueue(), DerivedIds.hash(key));
	}

	private QueueName queue(String queue) {
		return QueueName.of(this.project, this.location,
				this.queues.getOrDefault(MessageNames.withoutDashes(queue), queue));
	}

	// Longer than the job may take, so that the successor of an attempt that takes too
	// long
	// can still be enqueued.
	private static Duration deadline(Duration timeout) {
		Duration deadline = timeout.plus(RESERVE);
		return (deadline.compareTo(MAX_DEADLINE) < 0) ? deadline : MAX_DEADLINE;
	}

	private static String orEmpty(@Nullable String value) {
		return (value != null) ? value : "";
	}

}
