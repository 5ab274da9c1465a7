package dev.backgroundjobs.adapter.kubernetes;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * A Job of ours as Kubernetes has answered it, in our words.
 *
 * @param job the Job
 */
record ObservedJob(Job job) {

	static final String COMPLETE = "Complete";

	static final String FAILED = "Failed";

	static final String FAILURE_TARGET = "FailureTarget";

	String namespace() {
		return this.job.getMetadata().getNamespace();
	}

	String name() {
		return this.job.getMetadata().getName();
	}

	/**
	 * Return what it is called among the Jobs of all namespaces, and over the API.
	 */
	String key() {
		return namespace() + "/" + name();
	}

	@Nullable String resourceVersion() {
		return this.job.getMetadata().getResourceVersion();
	}

	/**
	 * Return the id of the job whose message it has.
	 */
	@Nullable String id() {
		Map<String, String> labels = this.job.getMetadata().getLabels();
		return (labels != null) ? labels.get(KubernetesNames.ID) : null;
	}

	/**
	 * Return the name of the job, or an empty text for a Job that somebody has changed.
	 */
	String jobName() {
		String name = annotation(KubernetesNames.JOB_NAME);
		return (name != null) ? name : "";
	}

	/**
	 * Return the queue that the message belongs to.
	 */
	String queue() {
		String heldFor = annotation(KubernetesNames.HELD_FOR);
		Map<String, String> labels = this.job.getMetadata().getLabels();
		String queue = (labels != null) ? labels.get(KubernetesNames.QUEUE) : null;
		return (heldFor != null) ? heldFor : (queue != null) ? queue : "";
	}

	int seq() {
		return number(KubernetesNames.SEQ, 0);
	}

	int attempt() {
		return number(KubernetesNames.ATTEMPT, 1);
	}

	private int number(String annotation, int otherwise) {
		String value = annotation(annotation);
		return (value != null && value.matches("[0-9]{1,9}")) ? Integer.parseInt(value) : otherwise;
	}

	/**
	 * Return when it is to be resumed, or {@code null} when we do not resume it.
	 */
	@Nullable Instant runAt() {
		return time(annotation(KubernetesNames.RUN_AT));
	}

	@Nullable String annotation(String name) {
		Map<String, String> annotations = this.job.getMetadata().getAnnotations();
		return (annotations != null) ? annotations.get(name) : null;
	}

	boolean isSuspended() {
		return this.job.getSpec() != null && Boolean.TRUE.equals(this.job.getSpec().getSuspend());
	}

	boolean isIncomplete() {
		return annotation(KubernetesNames.INCOMPLETE) != null;
	}

	/**
	 * Return whether it waits for its time, so that we resume it.
	 */
	boolean isDelayed() {
		return isSuspended() && runAt() != null && !isIncomplete() && !isTakenBack();
	}

	/**
	 * Return whether it keeps a dead message and was not resumed by a person.
	 */
	boolean isHeld() {
		return isSuspended() && annotation(KubernetesNames.HELD_FOR) != null;
	}

	/**
	 * Return whether somebody has cancelled or deleted it.
	 */
	boolean isTakenBack() {
		return annotation(KubernetesNames.CANCELLED) != null || isBeingDeleted();
	}

	/**
	 * Return whether its message was reported as dead.
	 */
	boolean isReportedDead() {
		DeadMark mark = DeadMark.parse(annotation(KubernetesNames.DEAD));
		return mark != null && mark.isReported();
	}

	boolean isBeingDeleted() {
		return this.job.getMetadata().getDeletionTimestamp() != null;
	}

	boolean isFinished() {
		return condition(COMPLETE) != null || condition(FAILED) != null;
	}

	boolean isFailed() {
		return condition(FAILED) != null;
	}

	/**
	 * Return whether Kubernetes has given it up, also while its pods still end: a worker
	 * reports it as dead.
	 */
	boolean isGivenUp() {
		return isFailed() || condition(FAILURE_TARGET) != null;
	}

	/**
	 * Return whether a pod of it is there that is not ready, so that it may not start.
	 */
	boolean isStarting() {
		JobStatus status = this.job.getStatus();
		return !isFinished() && !isSuspended() && status != null && orZero(status.getActive()) > 0
				&& orZero(status.getReady()) == 0;
	}

	boolean isRunning() {
		JobStatus status = this.job.getStatus();
		return !isFinished() && !isSuspended() && status != null && orZero(status.getReady()) > 0;
	}

	/**
	 * Return the Job without what it runs, and so without the message: for what is kept.
	 */
	ObservedJob outline() {
		return new ObservedJob(new JobBuilder().withMetadata(this.job.getMetadata())
			.withNewSpec()
			.withSuspend(isSuspended())
			.endSpec()
			.build());
	}

	/**
	 * Return a condition that holds, or {@code null} when it does not.
	 */
	@Nullable JobCondition condition(String type) {
		return conditions().stream()
			.filter((condition) -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
			.findFirst()
			.orElse(null);
	}

	List<JobCondition> conditions() {
		JobStatus status = this.job.getStatus();
		return (status != null && status.getConditions() != null) ? status.getConditions() : List.of();
	}

	/**
	 * Return why Kubernetes has given it up, as it says itself.
	 */
	String failure() {
		JobCondition condition = condition(FAILED);
		if (condition == null) {
			return "no reason given";
		}
		return condition.getReason() + ((condition.getMessage() != null) ? ": " + condition.getMessage() : "");
	}

	static int orZero(@Nullable Integer number) {
		return (number != null) ? number : 0;
	}

	/**
	 * Read a time as Kubernetes writes it, or {@code null} when it is none.
	 */
	static @Nullable Instant time(@Nullable String text) {
		try {
			return (text != null) ? OffsetDateTime.parse(text).toInstant() : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * Describe the Job without its message.
	 */
	@Override
	public String toString() {
		return "Job " + key() + " of job '" + jobName() + "'";
	}

}
