package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.adapter.runonce.RunOnce;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRuleBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Sets what nobody has set: how a Job and its pods come to their end.
 */
final class JobFinish {

	static final int DEFAULT_BACKOFF_LIMIT = 2;

	static final Duration DEFAULT_TTL = Duration.ofDays(7);

	// Until a pod is scheduled, its image pulled and the application started.
	static final Duration START_UP = Duration.ofMinutes(5);

	private final Duration grace;

	/**
	 * Create the settings.
	 * @param grace time between SIGTERM and SIGKILL
	 */
	JobFinish(Duration grace) {
		this.grace = grace;
	}

	/**
	 * Complete a Job of this application.
	 * @param timeout how long an attempt may take, or {@code null}
	 */
	void complete(JobDraft draft, @Nullable Duration timeout) {
		if (draft.spec().getBackoffLimit() == null) {
			draft.spec().setBackoffLimit(DEFAULT_BACKOFF_LIMIT);
		}
		completeAny(draft, timeout);
		writeFailurePolicy(draft, List.of(disruption(), onExit(draft, "FailJob", RunOnce.EXIT_NEVER),
				onExit(draft, "Count", RunOnce.EXIT_RELEASED)));
	}

	/**
	 * Complete a Job with a container that is not ours, whose attempts Kubernetes counts.
	 * @param attempts how many are left
	 * @param timeout how long one may take, or {@code null}
	 */
	void completeForeign(JobDraft draft, int attempts, @Nullable Duration timeout) {
		draft.spec().setBackoffLimit(Math.max(0, attempts - 1));
		completeAny(draft, timeout);
		// Where containers are started again in their pod it has them all.
		boolean isOneAttempt = "Never".equals(draft.pod().getRestartPolicy());
		if (isOneAttempt && timeout != null && draft.pod().getActiveDeadlineSeconds() == null) {
			draft.pod().setActiveDeadlineSeconds(PodWriter.seconds(timeout));
		}
		writeFailurePolicy(draft, List.of(disruption()));
	}

	private void completeAny(JobDraft draft, @Nullable Duration timeout) {
		JobSpec spec = draft.spec();
		if (draft.pod().getRestartPolicy() == null) {
			draft.pod().setRestartPolicy("Never");
		}
		if (draft.pod().getTerminationGracePeriodSeconds() == null) {
			draft.pod().setTerminationGracePeriodSeconds(PodWriter.seconds(this.grace));
		}
		if (spec.getTtlSecondsAfterFinished() == null) {
			spec.setTtlSecondsAfterFinished((int) DEFAULT_TTL.toSeconds());
		}
		if (timeout != null && spec.getActiveDeadlineSeconds() == null) {
			long pod = PodWriter.seconds(timeout.plus(START_UP)) + draft.pod().getTerminationGracePeriodSeconds();
			spec.setActiveDeadlineSeconds(pod * (spec.getBackoffLimit() + 1L));
		}
		// Two pods of one Job would run the message at the same time.
		spec.setPodReplacementPolicy("Failed");
	}

	// Kubernetes takes the first rule that matches, and none where containers are started
	// again in their pod.
	private static void writeFailurePolicy(JobDraft draft, List<PodFailurePolicyRule> ours) {
		PodFailurePolicy template = draft.spec().getPodFailurePolicy();
		List<PodFailurePolicyRule> rules = new ArrayList<>(ours);
		if (template != null) {
			rules.addAll(template.getRules());
		}
		boolean isPossible = "Never".equals(draft.pod().getRestartPolicy());
		draft.spec().setPodFailurePolicy(isPossible ? new PodFailurePolicyBuilder().withRules(rules).build() : null);
	}

	// A node that is drained is nobody's failure.
	private static PodFailurePolicyRule disruption() {
		return new PodFailurePolicyRuleBuilder().withAction("Ignore")
			.addNewOnPodCondition()
			.withType("DisruptionTarget")
			.withStatus("True")
			.endOnPodCondition()
			.build();
	}

	private static PodFailurePolicyRule onExit(JobDraft draft, String action, int code) {
		return new PodFailurePolicyRuleBuilder().withAction(action)
			.withNewOnExitCodes()
			.withContainerName(draft.container().getName())
			.withOperator("In")
			.withValues(code)
			.endOnExitCodes()
			.build();
	}

}
