package dev.backgroundjobs.adapter.kubernetes;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJobState.Waiting;
import dev.backgroundjobs.autoconfigure.JobMessages;
import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes knows of jobs, for an application that asks more than
 * {@link dev.backgroundjobs.JobOperations} answers. Inject it as a bean; safe for use by
 * several threads. Every method asks the API server, and throws {@link JobException} with
 * a sentence that says why when it refuses or cannot be reached.
 */
public final class KubernetesJobs {

	private final KubernetesApi api;

	private final KubernetesManifests manifests;

	private final KubernetesManifestText text;

	private final Supplier<JobMessages> messages;

	private final Clock clock;

	KubernetesJobs(KubernetesApi api, KubernetesManifests manifests, KubernetesManifestText text,
			Supplier<JobMessages> messages, Clock clock) {
		this.api = api;
		this.manifests = manifests;
		this.text = text;
		this.messages = messages;
		this.clock = clock;
	}

	/**
	 * Find what has become of a job: the last of its messages that Kubernetes has.
	 * @param job the job, as it was enqueued
	 * @return its state, or {@code null} when Kubernetes has none of its messages: it was
	 * cancelled, has ended long ago, or was never there
	 */
	public @Nullable KubernetesJobState find(EnqueuedJob job) {
		List<ObservedJob> jobs = jobs(job);
		return jobs.isEmpty() ? null : state(jobs.get(jobs.size() - 1));
	}

	/**
	 * List the messages of a job that Kubernetes has.
	 * @param name the job's name
	 * @param queue the queue whose namespace is asked
	 * @return their states, in the order in which they were created, none also where
	 * nothing ever had the name or the queue is on another backend; pods are not asked,
	 * so that {@link KubernetesJobState#waiting()} is {@code null}
	 */
	public List<KubernetesJobState> list(String name, String queue) {
		return list(queue, Map.of(KubernetesNames.JOB, KubernetesNames.label(name)));
	}

	/**
	 * List messages by labels of their Jobs, such as those of an application's own.
	 * @param queue the queue whose namespace is asked
	 * @param labels the labels and their values, none for all
	 * @return their states, in the order in which they were created; pods are not asked,
	 * so that {@link KubernetesJobState#waiting()} is {@code null}
	 */
	public List<KubernetesJobState> list(String queue, Map<String, String> labels) {
		Map<String, String> all = new HashMap<>(labels);
		all.put(KubernetesNames.MANAGED_BY, KubernetesNames.MANAGED_BY_VALUE);
		return observed(queue, all).stream().map((job) -> KubernetesJobState.of(job, null)).toList();
	}

	/**
	 * Read what the pods of a job have written so far, the oldest first. Lines are read
	 * as the stream is: close it.
	 * @param job the job, as it was enqueued
	 * @return the lines; none when there are no pods any more
	 */
	public Stream<String> logs(EnqueuedJob job) {
		return new LogLines<>(pods(job).iterator(), (pod) -> this.api.log(pod, false)).stream();
	}

	/**
	 * Read what the pods of a job have written and, of the last of them, what it writes
	 * until it ends: the stream waits for lines. Close it to stop.
	 * @param job the job, as it was enqueued
	 * @return the lines; none when there are no pods any more
	 */
	public Stream<String> followLogs(EnqueuedJob job) {
		List<Pod> pods = pods(job);
		String last = pods.isEmpty() ? "" : pods.get(pods.size() - 1).getMetadata().getName();
		return new LogLines<>(pods.iterator(), (pod) -> this.api.log(pod, last.equals(pod.getMetadata().getName())))
			.stream();
	}

	/**
	 * Cancel a job, also one that has moved on to a retry or is running: every Job of it
	 * is marked and deleted, and a pod that runs creates nothing any more. Waits a few
	 * seconds for Kubernetes.
	 * @param job the job, as it was enqueued
	 * @return whether something of it was left to cancel
	 */
	public boolean cancel(EnqueuedJob job) {
		return new KubernetesCancel(this.api, this.clock).cancel(this.manifests.namespace(job.queue()), job);
	}

	/**
	 * Show what would be created for a call, for a review: nothing is sent. Id and time
	 * are always the same, so that what two versions would send can be compared.
	 * @param call the call
	 * @return the manifest as YAML, of several documents where the message is large
	 */
	public String manifest(JobCall call) {
		return this.text.manifest(this.messages.get().of(call));
	}

	private KubernetesJobState state(ObservedJob job) {
		Waiting waiting = job.isStarting() ? pods(job).stream()
			.map((pod) -> WaitingPods.waiting(pod, this.clock.instant()))
			.filter((each) -> each != null)
			.findFirst()
			.orElse(null) : null;
		return KubernetesJobState.of(job, waiting);
	}

	private List<ObservedJob> jobs(EnqueuedJob job) {
		return observed(job.queue(), Map.of(KubernetesNames.ID, KubernetesNames.label(job.id()))).stream()
			.sorted(Comparator.comparingInt(ObservedJob::seq))
			.toList();
	}

	// What is incomplete was not sent for certain, and goes or is completed.
	private List<ObservedJob> observed(String queue, Map<String, String> labels) {
		return this.api.list(this.manifests.namespace(queue), labels)
			.stream()
			.filter((each) -> !each.isIncomplete())
			.sorted(Comparator
				.comparing((ObservedJob each) -> String.valueOf(each.job().getMetadata().getCreationTimestamp())))
			.toList();
	}

	private List<Pod> pods(EnqueuedJob job) {
		List<Pod> pods = new ArrayList<>();
		jobs(job).forEach((each) -> pods.addAll(pods(each)));
		return pods;
	}

	private List<Pod> pods(ObservedJob job) {
		List<Pod> pods = new ArrayList<>();
		this.api.pods(job.namespace(), Map.of(WaitingPods.JOB_LABEL, job.name()), pods::add);
		pods.sort(Comparator.comparing((Pod pod) -> String.valueOf(pod.getMetadata().getCreationTimestamp()))
			.thenComparing((pod) -> pod.getMetadata().getName()));
		return pods;
	}

}
