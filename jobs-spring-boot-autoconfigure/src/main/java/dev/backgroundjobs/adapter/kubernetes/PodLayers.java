package dev.backgroundjobs.adapter.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

/**
 * Finds the settings of a job's pods: those of all queues, those of its queue, those of
 * its annotation. Safe for use by several threads.
 */
final class PodLayers {

	static final String PREFIX = "jobs.kubernetes";

	private final PodLayer defaults;

	private final KubernetesJobProperties properties;

	private final PodAnnotations annotations;

	PodLayers(KubernetesPodProperties defaults, KubernetesJobProperties properties, PodAnnotations annotations) {
		this.defaults = PodLayer.ofProperties(PREFIX, defaults);
		this.properties = properties;
		this.annotations = annotations;
	}

	PodLayer defaults() {
		return this.defaults;
	}

	/**
	 * Return the settings by queue, whether or not a job is on it.
	 */
	List<PodLayer> queues() {
		List<PodLayer> layers = new ArrayList<>();
		this.properties.queues()
			.forEach((queue, settings) -> layers.add(PodLayer.ofProperties(PREFIX + ".queues." + queue, settings)));
		return layers;
	}

	/**
	 * Return the settings of one queue, or {@code null} when there are none.
	 */
	@Nullable PodLayer queue(String queue) {
		String name = MessageNames.withoutDashes(queue);
		for (Map.Entry<String, KubernetesPodProperties> entry : this.properties.queues().entrySet()) {
			if (MessageNames.withoutDashes(entry.getKey()).equals(name)) {
				return PodLayer.ofProperties(PREFIX + ".queues." + entry.getKey(), entry.getValue());
			}
		}
		return null;
	}

	/**
	 * Return the settings of a job's annotation, or {@code null} when it has none.
	 */
	@Nullable PodLayer annotation(@Nullable BackendJob job) {
		return (job != null) ? this.annotations.of(job) : null;
	}

	/**
	 * Return whether somebody else resumes a queue's Jobs, and knows nothing of their
	 * time.
	 */
	boolean isSuspended(String queue) {
		boolean suspended = false;
		for (PodLayer layer : of(queue, queue, null)) {
			Boolean own = layer.settings().suspend();
			suspended = (own != null) ? own : suspended;
		}
		return suspended || of(queue, queue, null).stream()
			.anyMatch((layer) -> layer.settings().labels().containsKey(KubernetesNames.KUEUE));
	}

	/**
	 * Return all that count for a job on a queue, the weakest first. A container that is
	 * not ours gets no variables, volumes and account that are set for all queues.
	 * @param queue the job's queue
	 * @param destination the queue that the message is put on, such as one for dead jobs
	 * @param annotation the settings of its annotation, or {@code null}
	 */
	List<PodLayer> of(String queue, String destination, @Nullable PodLayer annotation) {
		boolean isForeign = annotation != null && annotation.isForeign();
		List<PodLayer> layers = new ArrayList<>(List.of(isForeign ? this.defaults.withoutOurs() : this.defaults));
		add(layers, queue(queue));
		if (!destination.equals(queue)) {
			add(layers, queue(destination));
		}
		add(layers, annotation);
		return layers;
	}

	private static void add(List<PodLayer> layers, @Nullable PodLayer layer) {
		if (layer != null) {
			layers.add(layer);
		}
	}

}
