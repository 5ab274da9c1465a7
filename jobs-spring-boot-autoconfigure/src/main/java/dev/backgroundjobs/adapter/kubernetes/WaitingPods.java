package dev.backgroundjobs.adapter.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJobState.Waiting;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of pods that cannot start, once for each Job and reason.
 */
final class WaitingPods {

	private static final Logger logger = LoggerFactory.getLogger(WaitingPods.class);

	// Both the label of today and that of before Kubernetes 1.27 are on every pod.
	static final String JOB_LABEL = "job-name";

	private static final Set<String> REASONS = Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName",
			"ErrImageNeverPull", "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
			"CrashLoopBackOff");

	// A cluster that grows needs minutes for another node.
	private static final Duration UNSCHEDULABLE = Duration.ofMinutes(5);

	private static final int MAX_WARNED = 1_000;

	private final KubernetesApi api;

	private final Clock clock;

	private final Set<String> warned = Collections.newSetFromMap(new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
			return size() > MAX_WARNED;
		}

	});

	WaitingPods(KubernetesApi api, Clock clock) {
		this.api = api;
		this.clock = clock;
	}

	/**
	 * Look at the pods of Jobs that have none that is ready. One list for all of them.
	 */
	synchronized void look(String namespace, List<ObservedJob> starting) {
		if (starting.isEmpty()) {
			return;
		}
		Map<String, ObservedJob> jobs = new HashMap<>();
		starting.forEach((job) -> jobs.put(job.name(), job));
		try {
			this.api.pods(namespace, Map.of(KubernetesNames.MANAGED_BY, KubernetesNames.MANAGED_BY_VALUE), (pod) -> {
				ObservedJob job = jobs.get(String.valueOf(pod.getMetadata().getLabels().get(JOB_LABEL)));
				Waiting waiting = (job != null) ? waiting(pod, this.clock.instant()) : null;
				if (waiting != null && job != null && this.warned.add(job.key() + " " + waiting.reason())) {
					logger.warn("{} does not start: pod {}, image {}: {} {}", job, waiting.pod(), waiting.image(),
							waiting.reason(), waiting.message());
				}
			});
		}
		catch (JobException ex) {
			// Only this warning needs the right to list pods.
			if (this.warned.add(namespace)) {
				logger.warn("Pods that cannot start are not found in namespace '{}': {}", namespace, ex.getMessage());
			}
		}
	}

	/**
	 * Say why a pod does not start, or return {@code null} when it does or nobody knows.
	 */
	static @Nullable Waiting waiting(Pod pod, Instant now) {
		PodStatus status = pod.getStatus();
		if (status == null) {
			return null;
		}
		for (ContainerStatus container : Stream
			.concat(status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
			.toList()) {
			ContainerStateWaiting waiting = (container.getState() != null) ? container.getState().getWaiting() : null;
			if (waiting != null && waiting.getReason() != null && REASONS.contains(waiting.getReason())) {
				return new Waiting(pod.getMetadata().getName(), container.getImage(), waiting.getReason(),
						text(waiting.getMessage()));
			}
		}
		return status.getConditions()
			.stream()
			.filter((condition) -> isUnschedulable(condition, now))
			.findFirst()
			.map((condition) -> new Waiting(pod.getMetadata().getName(), image(pod), "Unschedulable",
					text(condition.getMessage())))
			.orElse(null);
	}

	private static boolean isUnschedulable(PodCondition condition, Instant now) {
		Instant since = ObservedJob.time(condition.getLastTransitionTime());
		return "PodScheduled".equals(condition.getType()) && "Unschedulable".equals(condition.getReason())
				&& since != null && since.plus(UNSCHEDULABLE).isBefore(now);
	}

	private static @Nullable String image(Pod pod) {
		return pod.getSpec().getContainers().isEmpty() ? null : pod.getSpec().getContainers().get(0).getImage();
	}

	private static String text(@Nullable String message) {
		return (message != null) ? message : "";
	}

}
