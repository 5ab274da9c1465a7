package dev.backgroundjobs.adapter.kubernetes;

import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;

/**
 * Changes Jobs before they are sent, in what no property is there for. Declare it as a
 * bean; several are called in the order of {@code @Order}, after everything else is set.
 * Name, namespace, and the labels and annotations with {@code backgroundjobs.dev/} stay
 * as they are whatever it does. Must be safe for use by several threads.
 */
@FunctionalInterface
public interface KubernetesJobCustomizer {

	/**
	 * Change a Job.
	 * @param job builds the Job
	 * @param message the message it is for
	 */
	void customize(JobBuilder job, JobMessage message);

}
