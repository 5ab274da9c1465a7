package dev.backgroundjobs.kubelet;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;

/**
 * What a Job's {@code podFailurePolicy} says about a pod that failed: the action of the
 * first rule that applies, or {@code Count}.
 */
final class FailurePolicy {

	private FailurePolicy() {
	}

	static String action(Job job, PodRun pod) {
		PodFailurePolicy policy = job.getSpec().getPodFailurePolicy();
		if (policy == null) {
			return "Count";
		}
		return policy.getRules()
			.stream()
			.filter((rule) -> matches(rule, pod))
			.map(PodFailurePolicyRule::getAction)
			.findFirst()
			.orElse("Count");
	}

	private static boolean matches(PodFailurePolicyRule rule, PodRun pod) {
		PodFailurePolicyOnExitCodesRequirement codes = rule.getOnExitCodes();
		if (codes == null) {
			return rule.getOnPodConditions()
				.stream()
				.anyMatch((condition) -> condition.getType().equals("DisruptionTarget") && pod.isDisrupted());
		}
		String container = pod.pod().getSpec().getContainers().get(0).getName();
		if (codes.getContainerName() != null && !codes.getContainerName().equals(container)) {
			return false;
		}
		// Only what has failed is looked at, so that NotIn never means 0.
		boolean isIn = codes.getValues().contains(pod.exitCode());
		return codes.getOperator().equals("In") ? isIn : !isIn;
	}

}
