package dev.backgroundjobs.adapter.kubernetes;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.backgroundjobs.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes knows of one message of a job, at the time it was asked.
 *
 * @param id the job's id, the same over its messages
 * @param seq the message's place among the job's messages, from 0
 * @param job the job's name
 * @param queue the queue it belongs to
 * @param namespace the namespace of the Job in Kubernetes
 * @param name the name of that Job
 * @param status what it does
 * @param attempt the attempt it asks for, from 1
 * @param failedPods how many pods of it have failed: processes that crashed, or that gave
 * the message back
 * @param runAt when it is to run, or {@code null} when it waits for no time
 * @param startedAt when Kubernetes has begun with it, or {@code null} before
 * @param completedAt when it ended, or {@code null} before
 * @param conditions what else Kubernetes says of it
 * @param waiting why a pod of it does not start, or {@code null} when none is known to
 * wait
 */
public record KubernetesJobState(String id, int seq, String job, String queue, String namespace, String name,
		JobStatus status, int attempt, int failedPods, @Nullable Instant runAt, @Nullable Instant startedAt,
		@Nullable Instant completedAt, List<Condition> conditions, @Nullable Waiting waiting) {

	/**
	 * Create a state.
	 */
	public KubernetesJobState {
		conditions = List.copyOf(conditions);
	}

	static KubernetesJobState of(ObservedJob job, @Nullable Waiting waiting) {
		io.fabric8.kubernetes.api.model.batch.v1.@Nullable JobStatus status = job.job().getStatus();
		List<Condition> conditions = job.conditions()
			.stream()
			.map((each) -> new Condition(each.getType(), "True".equals(each.getStatus()), each.getReason(),
					each.getMessage(), ObservedJob.time(each.getLastTransitionTime())))
			.toList();
		return new KubernetesJobState(Objects.requireNonNullElse(job.id(), ""), job.seq(), job.jobName(), job.queue(),
				job.namespace(), job.name(), status(job), job.attempt(),
				(status != null) ? ObservedJob.orZero(status.getFailed()) : 0, job.runAt(),
				(status != null) ? ObservedJob.time(status.getStartTime()) : null, completedAt(job), conditions,
				waiting);
	}

	private static JobStatus status(ObservedJob job) {
		// A pod that has kept a dead message elsewhere ends well.
		if (job.isFailed() || job.isHeld() || job.annotation(KubernetesNames.DEAD) != null) {
			return JobStatus.FAILED;
		}
		if (job.isFinished()) {
			return JobStatus.SUCCEEDED;
		}
		if (job.isRunning()) {
			return JobStatus.RUNNING;
		}
		return (job.isSuspended() && job.runAt() != null) ? JobStatus.SCHEDULED : JobStatus.QUEUED;
	}

	private static @Nullable Instant completedAt(ObservedJob job) {
		if (job.job().getStatus() == null) {
			return null;
		}
		Instant completed = ObservedJob.time(job.job().getStatus().getCompletionTime());
		io.fabric8.kubernetes.api.model.batch.v1.@Nullable JobCondition failed = job.condition(ObservedJob.FAILED);
		return (completed != null || failed == null) ? completed : ObservedJob.time(failed.getLastTransitionTime());
	}

	/**
	 * Something that Kubernetes says of a Job.
	 *
	 * @param type what, such as {@code Complete}, {@code Failed} or {@code Suspended}
	 * @param holds whether it is so
	 * @param reason why, in a word, or {@code null} when it does not say
	 * @param message why, or {@code null} when it does not say
	 * @param since since when, or {@code null} when it does not say
	 */
	public record Condition(String type, boolean holds, @Nullable String reason, @Nullable String message,
			@Nullable Instant since) {
	}

	/**
	 * Why a pod does not start.
	 *
	 * @param pod the pod's name
	 * @param image the image of its container, or {@code null} when it does not say
	 * @param reason why, in a word, such as {@code ImagePullBackOff}
	 * @param message why, as Kubernetes says, or an empty text
	 */
	public record Waiting(String pod, @Nullable String image, String reason, String message) {
	}

}
