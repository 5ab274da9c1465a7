package dev.backgroundjobs.adapter.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.adapter.runonce.RunOnce;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.execution.Lease;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.springframework.context.ApplicationContext;

/**
 * A double of what Kubernetes does with Jobs: its pods are calls of the processor in this
 * process, as a process that was started for one message makes them. It starts one again
 * up to {@value #BACKOFF_LIMIT} times, unless the exit code says never.
 */
final class TestKubelet {

	static final int BACKOFF_LIMIT = 2;

	private final KubernetesClient client;

	private final Set<String> taken = ConcurrentHashMap.newKeySet();

	private final Map<String, Integer> failed = new ConcurrentHashMap<>();

	TestKubelet(KubernetesClient client) {
		this.client = client;
	}

	/**
	 * Run a pod of each Job that needs one, in an application.
	 */
	void run(ApplicationContext context) {
		DeliveryProcessor processor = context.getBean(DeliveryProcessor.class);
		if (processor.isDraining()) {
			return;
		}
		List<Job> jobs = new ArrayList<>(this.client.batch().v1().jobs().inAnyNamespace().list().getItems());
		for (Job each : jobs) {
			ObservedJob job = new ObservedJob(each);
			String uid = each.getMetadata().getUid();
			if (!job.isSuspended() && !job.isFinished() && this.taken.add(uid)) {
				int code = pod(context, processor, job);
				if (code == RunOnce.EXIT_DONE) {
					status(job, ObservedJob.COMPLETE, null, 0);
				}
				else {
					int failures = this.failed.merge(uid, 1, Integer::sum);
					if (code == RunOnce.EXIT_NEVER) {
						status(job, ObservedJob.FAILED, "PodFailurePolicy", failures);
					}
					else if (failures > BACKOFF_LIMIT) {
						status(job, ObservedJob.FAILED, "BackoffLimitExceeded", failures);
					}
					else {
						this.taken.remove(uid);
					}
				}
			}
		}
	}

	private int pod(ApplicationContext context, DeliveryProcessor processor, ObservedJob job) {
		KubernetesApi api = new KubernetesApi(() -> this.client, BackendRequests.NONE);
		KubernetesPod pod = new KubernetesPod(api, context.getBean(KubernetesSuccessors.class), job.namespace(),
				job.name());
		if (pod.isOver()) {
			return RunOnce.EXIT_DONE;
		}
		byte[] message = Objects.requireNonNull(new KubernetesMessages(api).read(job));
		Settlement settlement = processor
			.process(Delivery.pulled(message, pod.name(), true, 0).with(new Lease(pod::isOwned)));
		pod.settled(settlement);
		return pod.exitCode(settlement);
	}

	private void status(ObservedJob job, String condition, String reason, int failures) {
		this.client.batch().v1().jobs().inNamespace(job.namespace()).withName(job.name()).editStatus((now) -> {
			if (now == null) {
				return null;
			}
			return new JobBuilder(now).editOrNewStatus()
				.withFailed(failures)
				.addNewCondition()
				.withType(condition)
				.withStatus("True")
				.withReason(reason)
				.withMessage("Job has ended")
				.withLastTransitionTime("2026-06-01T12:00:00Z")
				.endCondition()
				.endStatus()
				.build();
		});
	}

}
