package dev.backgroundjobs.kubelet;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.jspecify.annotations.Nullable;

/**
 * What the Job controller knows of a Job with one completion, one pod after the other.
 */
final class JobRun {

	private static final int DEFAULT_BACKOFF_LIMIT = 6;

	private final Clock clock = Clock.systemUTC();

	private final List<PodRun> active = new ArrayList<>();

	private @Nullable Instant startTime;

	private @Nullable Instant completionTime;

	private int failed;

	private int succeeded;

	private boolean isSuspended;

	private @Nullable String failure;

	private @Nullable String message;

	private @Nullable Map<String, @Nullable Object> written;

	/**
	 * Return the status that the API server has, or {@code null} when it has none.
	 */
	@Nullable Map<String, @Nullable Object> written() {
		return this.written;
	}

	void written(Map<String, @Nullable Object> status) {
		this.written = status;
	}

	List<PodRun> active() {
		return this.active;
	}

	void add(PodRun pod) {
		this.active.add(pod);
	}

	/**
	 * Take notice of a pod that has ended.
	 */
	void ended(Job job, PodRun pod) {
		this.active.remove(pod);
		if (pod.isDeleted()) {
			return;
		}
		if (pod.exitCode() == 0) {
			this.succeeded++;
			return;
		}
		switch (FailurePolicy.action(job, pod)) {
			case "FailJob" -> {
				this.failed++;
				fail("PodFailurePolicy", "Container for pod " + pod.namespace() + "/" + pod.name()
						+ " failed with exit code " + pod.exitCode() + " matching FailJob rule");
			}
			case "Ignore" -> {
				// Another one, as if this had never been.
			}
			default -> this.failed++;
		}
	}

	/**
	 * Decide what comes next.
	 * @return whether a pod is to be started
	 */
	boolean goOn(Job job) {
		this.isSuspended = Boolean.TRUE.equals(job.getSpec().getSuspend());
		if (this.isSuspended) {
			this.startTime = null;
			stopPods();
			return false;
		}
		Instant now = this.clock.instant();
		if (this.startTime == null) {
			this.startTime = now;
		}
		Long deadline = job.getSpec().getActiveDeadlineSeconds();
		if (deadline != null && this.succeeded == 0 && !now.isBefore(this.startTime.plusSeconds(deadline))) {
			fail("DeadlineExceeded", "Job was active longer than specified deadline");
		}
		Integer limit = job.getSpec().getBackoffLimit();
		if (this.succeeded == 0 && this.failed > ((limit != null) ? limit : DEFAULT_BACKOFF_LIMIT)) {
			fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
		}
		if (this.failure != null || this.succeeded > 0) {
			stopPods();
			if (this.active.isEmpty() && this.completionTime == null) {
				this.completionTime = now;
			}
			return false;
		}
		return this.active.isEmpty();
	}

	private void fail(String reason, String message) {
		if (this.failure == null) {
			this.failure = reason;
			this.message = message;
		}
	}

	private void stopPods() {
		for (PodRun pod : this.active) {
			pod.deleted();
			pod.terminate(this.clock.instant(), pod.grace());
		}
		this.active.removeIf((pod) -> !pod.isStarted());
	}

	boolean isOver() {
		return this.completionTime != null;
	}

	/**
	 * Return the Job's status.
	 */
	Map<String, @Nullable Object> status() {
		Map<String, @Nullable Object> status = new LinkedHashMap<>();
		status.put("active", this.active.size());
		status.put("ready", (int) this.active.stream().filter(PodRun::isStarted).count());
		status.put("failed", this.failed);
		status.put("succeeded", this.succeeded);
		status.put("startTime", text(this.startTime));
		status.put("completionTime", (this.failure == null) ? text(this.completionTime) : null);
		status.put("conditions", conditions());
		return status;
	}

	private List<Map<String, Object>> conditions() {
		List<Map<String, Object>> conditions = new ArrayList<>();
		if (this.isSuspended) {
			conditions.add(condition("Suspended", "JobSuspended", "Job suspended"));
		}
		if (this.failure != null) {
			conditions.add(condition("FailureTarget", this.failure, String.valueOf(this.message)));
			if (isOver()) {
				conditions.add(condition("Failed", this.failure, String.valueOf(this.message)));
			}
		}
		else if (this.succeeded > 0) {
			String message = "Reached expected number of succeeded pods";
			conditions.add(condition("SuccessCriteriaMet", "CompletionsReached", message));
			if (isOver()) {
				conditions.add(condition("Complete", "CompletionsReached", message));
			}
		}
		return conditions;
	}

	private static Map<String, Object> condition(String type, String reason, String message) {
		return Map.of("type", type, "status", "True", "reason", reason, "message", message);
	}

	private static @Nullable String text(@Nullable Instant time) {
		// Kubernetes keeps seconds.
		return (time != null) ? time.truncatedTo(ChronoUnit.SECONDS).toString() : null;
	}

	/**
	 * Stop what is left of a Job that was deleted.
	 */
	void stop() {
		stopPods();
	}

}
