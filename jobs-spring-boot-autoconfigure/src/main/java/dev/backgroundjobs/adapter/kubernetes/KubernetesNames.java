package dev.backgroundjobs.adapter.kubernetes;

import java.util.Locale;

import dev.backgroundjobs.message.DerivedIds;
import dev.backgroundjobs.message.JobMessage;

/**
 * Names of Jobs, and the labels and annotations they have, valid whatever a job is
 * called.
 */
final class KubernetesNames {

	/** Of keys that are ours. */
	static final String PREFIX = "backgroundjobs.dev/";

	/** Label of everything of ours. */
	static final String MANAGED_BY = "app.kubernetes.io/managed-by";

	static final String MANAGED_BY_VALUE = "background-jobs";

	/** Label: the job's id, of all its messages. */
	static final String ID = PREFIX + "job-id";

	/** Label: the job's name, as far as a label can say it. */
	static final String JOB = PREFIX + "job";

	/** Label: the queue the message is on. */
	static final String QUEUE = PREFIX + "queue";

	/** Annotation: the job's name in full. */
	static final String JOB_NAME = PREFIX + "job-name";

	/** Annotation: the message's place among the job's messages, from 0. */
	static final String SEQ = PREFIX + "seq";

	/** Annotation: the attempt that the message asks for, from 1. */
	static final String ATTEMPT = PREFIX + "attempt";

	/** Annotation: when a suspended Job is to be resumed, RFC 3339. */
	static final String RUN_AT = PREFIX + "run-at";

	/** Annotation: somebody has taken the job back, and nothing may follow it. */
	static final String CANCELLED = PREFIX + "cancelled";

	/** Annotation: the failed Job is reported as dead, or by whom it is right now. */
	static final String DEAD = PREFIX + "dead";

	/** Annotation: what the Job needs is not all created, so that nobody resumes it. */
	static final String INCOMPLETE = PREFIX + "incomplete";

	/**
	 * Annotation: the Job holds a dead message, which nobody runs unless a person resumes
	 * it. Its value is the queue that has given the message up.
	 */
	static final String HELD_FOR = PREFIX + "held-for";

	/**
	 * Label of others: the queue of Kueue that a Job waits in. Kueue suspends the Job and
	 * resumes it when there is room.
	 */
	static final String KUEUE = "kueue.x-k8s.io/queue-name";

	/** Variable: the name of the Job that a pod belongs to. */
	static final String JOB_VARIABLE = "JOBS_KUBERNETES_JOB";

	/** Variable: its namespace. */
	static final String NAMESPACE_VARIABLE = "JOBS_KUBERNETES_JOB_NAMESPACE";

	/** Variable: the image of Jobs, as property {@code jobs.kubernetes.image}. */
	static final String IMAGE_VARIABLE = "JOBS_KUBERNETES_IMAGE";

	/** Variable: their namespace, as property {@code jobs.kubernetes.namespace}. */
	static final String COMMON_NAMESPACE_VARIABLE = "JOBS_KUBERNETES_NAMESPACE";

	// A Job's name becomes a label of its pods, which takes 63 characters.
	private static final int MAX_LENGTH = 63;

	private static final int HASH_LENGTH = 20;

	private KubernetesNames() {
	}

	/**
	 * The name of a message's Job, by which Kubernetes takes it only once.
	 */
	static String of(JobMessage message) {
		if (message.target() != null) {
			return dead(message.job(), message.id(), message.seq());
		}
		String key = (message.seq() == 0 && message.deduplicationKey() != null)
				? "key:" + message.job() + ":" + message.deduplicationKey() : message.deliveryKey();
		return of(message.job(), key);
	}

	/**
	 * The name of the Job of another message of the same job.
	 * @param seq its place among the job's messages, above 0
	 */
	static String of(String job, String id, int seq) {
		return of(job, id + ":" + seq);
	}

	/**
	 * The name of the Job that holds a dead copy: another than that of the message
	 * itself, so that the copy can be put back while its Job is still there.
	 * @param seq its place among the job's messages, above 0
	 */
	static String dead(String job, String id, int seq) {
		return of(job, "dead:" + id + ":" + seq);
	}

	private static String of(String job, String key) {
		String slug = job.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[-0-9]+|-+$", "");
		String kept = slug.substring(0, Math.min(slug.length(), MAX_LENGTH - HASH_LENGTH - 1)).replaceAll("-+$", "");
		return (kept.isEmpty() ? "job" : kept) + "-" + hash(key);
	}

	/**
	 * A text as the value of a label: itself where that is valid, otherwise what is left
	 * of it with a hash, so that two texts stay two.
	 */
	static String label(String text) {
		if (text.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")) {
			return text;
		}
		String valid = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+", "");
		String kept = valid.substring(0, Math.min(valid.length(), MAX_LENGTH - HASH_LENGTH - 1));
		return kept + (kept.isEmpty() ? "" : "-") + hash(text);
	}

	private static String hash(String key) {
		return DerivedIds.hash(key).substring(0, HASH_LENGTH);
	}

}
