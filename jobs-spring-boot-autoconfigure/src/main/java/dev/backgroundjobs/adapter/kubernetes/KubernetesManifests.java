package dev.backgroundjobs.adapter.kubernetes;

import java.time.Instant;
import java.util.Set;

import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * Makes Jobs of messages. Safe for use by several threads.
 */
interface KubernetesManifests {

	/**
	 * Make the Job of a message.
	 * @param message the message
	 * @param encoded the message as it travels
	 * @param runAt when the Job is to be resumed, or {@code null} for one that runs at
	 * once
	 */
	KubernetesManifest of(JobMessage message, EncodedMessage encoded, @Nullable Instant runAt);

	/**
	 * Return the namespace of a queue's Jobs.
	 */
	String namespace(String queue);

	/**
	 * Return whether the Jobs of a queue are created suspended, for somebody else to
	 * resume.
	 */
	boolean isSuspended(String queue);

	/**
	 * Return the namespaces that queues have of their own, whether or not a job is on
	 * them: a call may name its queue.
	 */
	Set<String> ownNamespaces();

}
