package dev.backgroundjobs.adapter.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.JobException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * Reads YAML files of Jobs to start from, each once. Safe for use by several threads.
 */
final class JobTemplates {

	// Kubernetes writes them itself, and refuses others.
	private static final Set<String> GENERATED = Set.of("controller-uid", "job-name",
			"batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name");

	private final Map<Resource, Job> templates = new ConcurrentHashMap<>();

	/**
	 * Return a Job as a file has it, without what Kubernetes or this library decides: its
	 * name, its namespace, its status. It is the caller's to change.
	 * @param layer names the file
	 * @throws JobException when there is no such file, or no Job is in it
	 */
	Job get(PodLayer layer) {
		Resource template = Objects.requireNonNull(layer.settings().template());
		Job job = this.templates.get(template);
		if (job == null) {
			job = read(layer, template);
			this.templates.put(template, job);
		}
		return new JobBuilder(job).build();
	}

	private static Job read(PodLayer layer, Resource template) {
		String where = layer.describe("template") + " is '" + template.getDescription() + "', ";
		if (!template.exists()) {
			throw new JobException(where + "which does not exist: give the location of a YAML file of a Job, as in "
					+ "classpath:job.yaml or file:/etc/jobs/job.yaml");
		}
		try (InputStream in = template.getInputStream()) {
			Job job = Serialization.unmarshal(in, Job.class);
			String problem = (job != null) ? problem(job) : "is empty";
			if (problem != null) {
				throw new JobException(where + "which " + problem);
			}
			return stripped(job);
		}
		catch (JobException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			throw new JobException(where + "which cannot be read as a Job: " + ex.getMessage(), ex);
		}
	}

	private static @Nullable String problem(Job job) {
		JobSpec spec = job.getSpec();
		if (!"Job".equals(job.getKind()) || !"batch/v1".equals(job.getApiVersion())) {
			return "is a " + job.getKind() + " of " + job.getApiVersion() + ": give a Job of batch/v1";
		}
		Map<String, Object> unknown = new LinkedHashMap<>(job.getAdditionalProperties());
		if (spec != null) {
			unknown.putAll(spec.getAdditionalProperties());
			if (spec.getSelector() != null || spec.getManualSelector() != null) {
				return "has a selector, which Kubernetes chooses itself: remove spec.selector and spec.manualSelector";
			}
			if ("Indexed".equals(spec.getCompletionMode())) {
				return "has completionMode Indexed, whose indexes are for several pods and make names too long: remove it";
			}
			if (isSeveral(spec.getParallelism()) || isSeveral(spec.getCompletions())) {
				return "asks for several pods, each of which would run the same message: remove spec.parallelism and "
						+ "spec.completions";
			}
			if (spec.getTemplate() != null) {
				unknown.putAll(spec.getTemplate().getAdditionalProperties());
				addUnknown(unknown, spec.getTemplate().getSpec());
				if (spec.getTemplate().getSpec() != null
						&& "Always".equals(spec.getTemplate().getSpec().getRestartPolicy())) {
					return "has restartPolicy Always, which a Job cannot have: give Never or OnFailure";
				}
			}
		}
		if (job.getMetadata() != null && job.getMetadata().getNamespace() != null) {
			return "has namespace '" + job.getMetadata().getNamespace()
					+ "', which is said elsewhere: remove it, and set 'jobs.kubernetes.namespace'";
		}
		return unknown.isEmpty() ? null
				: "has fields that no Job has: " + String.join(", ", unknown.keySet()) + ". Look for a misspelt name";
	}

	private static void addUnknown(Map<String, Object> unknown, @Nullable PodSpec pod) {
		if (pod != null) {
			unknown.putAll(pod.getAdditionalProperties());
			for (Container container : pod.getContainers()) {
				unknown.putAll(container.getAdditionalProperties());
			}
		}
	}

	private static boolean isSeveral(@Nullable Integer number) {
		return number != null && number != 1;
	}

	private static Job stripped(Job job) {
		ObjectMeta metadata = job.getMetadata();
		job.setMetadata((metadata != null) ? stripped(metadata) : new ObjectMeta());
		PodTemplateSpec pods = (job.getSpec() != null) ? job.getSpec().getTemplate() : null;
		if (pods != null && pods.getMetadata() != null) {
			pods.setMetadata(stripped(pods.getMetadata()));
		}
		job.setStatus(null);
		return job;
	}

	private static ObjectMeta stripped(ObjectMeta metadata) {
		return new ObjectMetaBuilder().withLabels(stripped(metadata.getLabels()))
			.withAnnotations(stripped(metadata.getAnnotations()))
			.withFinalizers(metadata.getFinalizers())
			.build();
	}

	// A file that was exported from a cluster has what that Job was: cancelled, dead.
	private static Map<String, String> stripped(@Nullable Map<String, String> texts) {
		Map<String, String> stripped = new LinkedHashMap<>((texts != null) ? texts : Map.of());
		stripped.keySet().removeIf((key) -> key.startsWith(KubernetesNames.PREFIX) || GENERATED.contains(key));
		return stripped;
	}

}
