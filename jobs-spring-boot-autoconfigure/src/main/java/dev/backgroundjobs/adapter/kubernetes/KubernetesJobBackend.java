package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.CancellableBackend;
import dev.backgroundjobs.backend.ConcurrentSends;
import dev.backgroundjobs.backend.InspectableBackend;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.LoggedBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;

/**
 * Creates a Job for each message, whose pod runs it. Safe for use by several threads.
 */
final class KubernetesJobBackend implements JobBackend, CancellableBackend, InspectableBackend, LoggedBackend {

	static final String NAME = "kubernetes";

	// A Secret takes 1 MiB, its keys included.
	static final int MAX_MESSAGE_BYTES = 1_000_000;

	static final int MAX_LOG_LINES = 10_000;

	// Less than the API server lets one client have in flight.
	private static final int CONCURRENCY = 10;

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxDelay(BackendCapabilities.UNLIMITED)
		.withMaxMessageBytes(MAX_MESSAGE_BYTES)
		.withDurable()
		.withDeduplicates()
		.withHoldsDeadLetters();

	private final KubernetesManifests manifests;

	private final KubernetesSender sender;

	private final KubernetesPod pod;

	private final KubernetesJobs jobs;

	private final JobMessageCodec codec;

	KubernetesJobBackend(KubernetesManifests manifests, KubernetesSender sender, KubernetesPod pod, KubernetesJobs jobs,
			JobMessageCodec codec) {
		this.manifests = manifests;
		this.sender = sender;
		this.pod = pod;
		this.jobs = jobs;
		this.codec = codec;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String enqueue(JobMessage message) {
		return create(message, null);
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		return create(message, time);
	}

	private String create(JobMessage message, @Nullable Instant runAt) {
		EncodedMessage encoded = this.codec.encode(message);
		KubernetesManifest manifest = this.manifests.of(message, encoded, runAt);
		String namespace = manifest.job().getMetadata().getNamespace();
		String name = manifest.job().getMetadata().getName();
		this.sender.send(manifest, message, encoded.bytes().length);
		this.pod.confirm(message, namespace, name);
		return namespace + "/" + name;
	}

	/**
	 * Create Jobs side by side: Kubernetes has no call for several.
	 */
	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		return ConcurrentSends.send(messages, CONCURRENCY, NAME, this::enqueue);
	}

	@Override
	public boolean cancel(EnqueuedJob job) {
		return this.jobs.cancel(job);
	}

	@Override
	public JobStatus status(EnqueuedJob job) {
		KubernetesJobState state = this.jobs.find(job);
		return (state != null) ? state.status() : JobStatus.UNKNOWN;
	}

	@Override
	public List<String> logs(EnqueuedJob job) {
		try (Stream<String> lines = this.jobs.logs(job)) {
			return lines.limit(MAX_LOG_LINES).toList();
		}
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

	// Whoever resumes a queue's Jobs knows nothing of their time: Kueue would start pod
	// after pod until it has come.
	@Override
	public BackendCapabilities capabilities(String queue) {
		return this.manifests.isSuspended(queue) ? CAPABILITIES.withMaxDelay(Duration.ZERO) : CAPABILITIES;
	}

}
