package dev.backgroundjobs.adapter.cloudtasks;

import com.google.cloud.tasks.v2.HttpRequest;
import dev.backgroundjobs.message.JobMessage;

/**
 * Changes the HTTP request of a task before it is created, to add headers for example.
 * Declare it as a bean; several are called in the order of {@code @Order}. Safe for use
 * by several threads.
 */
@FunctionalInterface
public interface CloudTasksJobCustomizer {

	/**
	 * Change a request.
	 * @param request the request, with its address, body and token
	 * @param message the message it carries
	 */
	void customize(HttpRequest.Builder request, JobMessage message);

}
