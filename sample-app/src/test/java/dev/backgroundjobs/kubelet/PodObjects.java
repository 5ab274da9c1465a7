package dev.backgroundjobs.kubelet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Pods at the API server, and the status of Jobs.
 */
final class PodObjects {

	private static final String JOB = "batch.kubernetes.io/job-name";

	private static final String OWNER = "batch.kubernetes.io/controller-uid";

	// A pod's name has 63 characters, 5 of which are random.
	private static final int MAX_PREFIX = 57;

	private static final int NOT_FOUND = 404;

	private static final int CONFLICT = 409;

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final KubernetesClient client;

	PodObjects(KubernetesClient client) {
		this.client = client;
	}

	static String job(Pod pod) {
		return pod.getMetadata().getLabels().get(JOB);
	}

	static String owner(Pod pod) {
		return pod.getMetadata().getLabels().get(OWNER);
	}

	Pod create(Job job) {
		String name = job.getMetadata().getName();
		PodTemplateSpec template = job.getSpec().getTemplate();
		Map<String, String> labels = new LinkedHashMap<>();
		if (template.getMetadata() != null && template.getMetadata().getLabels() != null) {
			labels.putAll(template.getMetadata().getLabels());
		}
		labels.putAll(Map.of(JOB, name, "job-name", name, OWNER, job.getMetadata().getUid(), "controller-uid",
				job.getMetadata().getUid()));
		String random = Integer.toString(ThreadLocalRandom.current().nextInt(1 << 24, 1 << 25), 36);
		Pod pod = new PodBuilder().withNewMetadata()
			.withNamespace(job.getMetadata().getNamespace())
			.withName(name.substring(0, Math.min(name.length(), MAX_PREFIX)) + "-" + random)
			.withLabels(labels)
			.addNewOwnerReference()
			.withApiVersion("batch/v1")
			.withKind("Job")
			.withName(name)
			.withUid(job.getMetadata().getUid())
			.withController(true)
			.endOwnerReference()
			.endMetadata()
			.withSpec(template.getSpec())
			.build();
		return this.client.pods().inNamespace(pod.getMetadata().getNamespace()).resource(pod).create();
	}

	void started(PodRun pod) {
		if (pod.isStarted()) {
			status(pod, "Running", "running", Map.of(), List.of());
		}
		else {
			status(pod, "Pending", "waiting",
					Map.of("reason", "ImagePullBackOff", "message",
							"Back-off pulling image \"" + pod.pod().getSpec().getContainers().get(0).getImage() + "\""),
					List.of());
		}
	}

	void ended(PodRun pod) {
		List<Map<String, Object>> conditions = pod.isDisrupted()
				? List.of(Map.of("type", "DisruptionTarget", "status", "True", "reason", "EvictionByEvictionAPI"))
				: List.of();
		status(pod, (pod.exitCode() == 0) ? "Succeeded" : "Failed", "terminated",
				Map.of("exitCode", pod.exitCode(), "reason", (pod.exitCode() == 0) ? "Completed" : "Error"),
				conditions);
	}

	private void status(PodRun pod, String phase, String state, Map<String, Object> details,
			List<Map<String, Object>> conditions) {
		String container = pod.pod().getSpec().getContainers().get(0).getName();
		patchPod(pod, Map.of("phase", phase, "conditions", conditions, "containerStatuses", List.of(Map.of("name",
				container, "ready", state.equals("running"), "restartCount", 0, "state", Map.of(state, details)))));
	}

	private void patchPod(PodRun pod, Map<String, Object> status) {
		PodStatus changed = Serialization.unmarshal(JSON.writeValueAsString(status), PodStatus.class);
		write(this.client.pods().inNamespace(pod.namespace()).withName(pod.name()),
				(current) -> current.edit().withStatus(changed).build());
	}

	void delete(PodRun pod) {
		this.client.pods().inNamespace(pod.namespace()).withName(pod.name()).delete();
	}

	/**
	 * Write a Job's status.
	 * @return whether it is written, or of no use as the Job is gone: somebody may change
	 * the Job at the same time
	 */
	boolean status(Job job, Map<String, @Nullable Object> status) {
		JobStatus changed = Serialization.unmarshal(JSON.writeValueAsString(status), JobStatus.class);
		return write(this.client.batch()
			.v1()
			.jobs()
			.inNamespace(job.getMetadata().getNamespace())
			.withName(job.getMetadata().getName()), (current) -> current.edit().withStatus(changed).build());
	}

	// An edit, since merge patches of the mock server add to lists in the place of
	// replacing them.
	private static <T> boolean write(Resource<T> there, UnaryOperator<T> change) {
		try {
			there.editStatus(change);
			return true;
		}
		catch (KubernetesClientException ex) {
			return switch (ex.getCode()) {
				case NOT_FOUND -> true;
				case CONFLICT -> false;
				default -> throw ex;
			};
		}
	}

}
