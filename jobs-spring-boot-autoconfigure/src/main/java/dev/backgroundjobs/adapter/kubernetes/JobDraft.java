package dev.backgroundjobs.adapter.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.backgroundjobs.JobException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import org.jspecify.annotations.Nullable;

/**
 * A Job in the making, every part of which is there.
 *
 * @param job the Job
 * @param spec its spec
 * @param pod the spec of its pods
 * @param container the container that runs the message
 */
record JobDraft(Job job, JobSpec spec, PodSpec pod, Container container) {

	static final String DEFAULT_CONTAINER = "job";

	/**
	 * Write the settings of a job over each other.
	 * @param layers the settings, the weakest first
	 * @param templates reads the file to start from
	 * @throws JobException when there is none, or nobody says which of its containers is
	 * the job's
	 */
	static JobDraft of(List<PodLayer> layers, JobTemplates templates) {
		PodLayer templated = null;
		String name = null;
		for (PodLayer layer : layers) {
			templated = (layer.settings().template() != null) ? layer : templated;
			name = (layer.settings().container() != null) ? layer.settings().container() : name;
		}
		JobDraft draft = of((templated != null) ? templates.get(templated) : new Job(), name);
		if (layers.get(layers.size() - 1).isForeign() && layers.get(0).equals(templated)) {
			draft.removeOurs();
		}
		for (PodLayer layer : layers) {
			PodWriter.write(layer.settings(), draft);
			ContainerWriter.write(layer.settings(), draft.container);
		}
		return draft;
	}

	// What a template for all queues gives to this application, a stranger's container
	// has
	// no business with: as PodLayer.withoutOurs.
	private void removeOurs() {
		this.container.setEnv(new ArrayList<>());
		this.container.setEnvFrom(new ArrayList<>());
		this.container.setVolumeMounts(new ArrayList<>());
		this.pod.setServiceAccountName(null);
	}

	private static JobDraft of(Job job, @Nullable String container) {
		job.setMetadata(Objects.requireNonNullElseGet(job.getMetadata(), ObjectMeta::new));
		JobSpec spec = Objects.requireNonNullElseGet(job.getSpec(), JobSpec::new);
		job.setSpec(spec);
		PodTemplateSpec template = Objects.requireNonNullElseGet(spec.getTemplate(), PodTemplateSpec::new);
		spec.setTemplate(template);
		template.setMetadata(Objects.requireNonNullElseGet(template.getMetadata(), ObjectMeta::new));
		PodSpec pod = Objects.requireNonNullElseGet(template.getSpec(), PodSpec::new);
		template.setSpec(pod);
		return new JobDraft(job, spec, pod, container(pod, container));
	}

	private static Container container(PodSpec pod, @Nullable String name) {
		List<Container> containers = pod.getContainers();
		if (containers.isEmpty()) {
			Container container = new Container();
			container.setName((name != null) ? name : DEFAULT_CONTAINER);
			pod.setContainers(new ArrayList<>(List.of(container)));
			return container;
		}
		if (name == null && containers.size() == 1) {
			Container only = containers.get(0);
			only.setName((only.getName() != null) ? only.getName() : DEFAULT_CONTAINER);
			return only;
		}
		for (Container container : containers) {
			if (name != null && name.equals(container.getName())) {
				return container;
			}
		}
		throw new JobException("The template has containers " + containers.stream().map(Container::getName).toList()
				+ ((name != null) ? " and none called '" + name + "'" : "")
				+ ": name the one that runs jobs in 'jobs.kubernetes.container'");
	}

	ObjectMeta metadata() {
		return this.job.getMetadata();
	}

	ObjectMeta podMetadata() {
		return this.spec.getTemplate().getMetadata();
	}

	@Nullable String label(String name) {
		return (metadata().getLabels() != null) ? metadata().getLabels().get(name) : null;
	}

	/**
	 * Take a label off the Job and its pods.
	 */
	void removeLabel(String name) {
		for (ObjectMeta metadata : List.of(metadata(), podMetadata())) {
			Map<String, String> labels = merged(metadata.getLabels(), Map.of());
			labels.remove(name);
			metadata.setLabels(labels);
		}
	}

	/**
	 * Put a list over another: of two elements with one key the later stays, in the place
	 * of the earlier.
	 */
	static <T> List<T> merged(List<T> earlier, List<T> later, Function<T, String> key) {
		Map<String, T> merged = new LinkedHashMap<>();
		earlier.forEach((element) -> merged.put(key.apply(element), element));
		later.forEach((element) -> merged.put(key.apply(element), element));
		return new ArrayList<>(merged.values());
	}

	/**
	 * Put a list over another whose elements may share a key: the later replace all the
	 * earlier of theirs.
	 */
	static <T> List<T> replaced(List<T> earlier, List<T> later, Function<T, String> key) {
		Set<String> keys = later.stream().map(key).collect(Collectors.toSet());
		List<T> replaced = new ArrayList<>(earlier);
		replaced.removeIf((element) -> keys.contains(key.apply(element)));
		replaced.addAll(later);
		return replaced;
	}

	/**
	 * Put a map over another.
	 */
	static Map<String, String> merged(@Nullable Map<String, String> earlier, Map<String, String> later) {
		Map<String, String> merged = new LinkedHashMap<>((earlier != null) ? earlier : Map.of());
		merged.putAll(later);
		return merged;
	}

}
