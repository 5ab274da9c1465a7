package dev.backgroundjobs.adapter.cloudrun;

import com.google.cloud.run.v2.RunJobRequest;
import dev.backgroundjobs.message.JobMessage;

/**
 * Changes the request that starts an execution before it is sent, to add a variable of
 * the environment for example. Declare it as a bean; several are called in the order of
 * {@code @Order}. Safe for use by several threads.
 */
@FunctionalInterface
public interface CloudRunJobCustomizer {

	/**
	 * Change a request.
	 * @param request the request, with its overrides: the message is in the environment
	 * of the first container override
	 * @param message the message it carries
	 */
	void customize(RunJobRequest.Builder request, JobMessage message);

}
