package dev.backgroundjobs.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/**
 * A double of our own that stands for what runs the pods of a Job: the Job controller, a
 * scheduler, one node's kubelet and its container runtime. It is none of them. It is
 * built on these facts, of the reference of {@code batch/v1} and the pages "Jobs", "Pod
 * Lifecycle", "Disruptions" and "Define Dependent Environment Variables" of
 * kubernetes.io:
 * <ol>
 * <li>A Job that is not suspended gets a pod of its template, labelled with the Job's
 * name, one at a time, until one succeeds. Suspending stops the pod, which is no failure,
 * and resets the start time.</li>
 * <li>{@code command} replaces the image's entry point, {@code args} follow it, and
 * {@code $(NAME)} is {@linkplain Expansion expanded} in both and in variables, which come
 * after those of {@code envFrom}.</li>
 * <li>A pod fails with an exit code other than 0, 128 + n after signal n. Rules of
 * {@code podFailurePolicy} are tried in their order; without one that applies, the
 * failure counts, and more than {@code backoffLimit} of them fail the Job. The next pod
 * starts when the last one has ended.</li>
 * <li>{@code activeDeadlineSeconds} counts from the start time over all pods and goes
 * before the backoff limit. Pods are stopped first, the condition {@code Failed} comes
 * when they have ended.</li>
 * <li>Stopping is a SIGTERM, and a SIGKILL after
 * {@code terminationGracePeriodSeconds}.</li>
 * <li>An evicted pod has the condition {@code DisruptionTarget}.</li>
 * <li>Pods of a deleted Job are stopped and deleted.</li>
 * <li>"The same program may sometimes be started twice": see {@link #loseNode}.</li>
 * </ol>
 * What it does not do: a delay before the next pod (10 s, then twice as long each time),
 * several pods at once, indexed Jobs, init containers, probes, resources, affinity,
 * {@code restartPolicy: OnFailure}, {@code ttlSecondsAfterFinished}, finalizers, service
 * accounts. A container is a process of this machine, with its files and its ports, and
 * volumes are directories of the test.
 */
final class Kubelet implements AutoCloseable {

	private static final long LOOK_MILLIS = 100;

	private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();

	private final Map<String, JobRun> jobs = new ConcurrentHashMap<>();

	private final List<PodRun> pods = new CopyOnWriteArrayList<>();

	private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

	private final KubernetesClient client;

	private final PodObjects objects;

	private final Path directory;

	private final Map<String, List<String>> images;

	private final Map<String, String> cluster;

	/**
	 * Create a cluster that does nothing yet.
	 * @param server the API server
	 * @param directory where logs and volumes go
	 * @param images entry points by the name of an image, empty for one that has none
	 */
	Kubelet(ApiServer server, Path directory, Map<String, List<String>> images) {
		this.client = server.client();
		this.objects = new PodObjects(this.client);
		this.directory = directory;
		this.images = images;
		this.cluster = Map.of("KUBERNETES_SERVICE_HOST", "localhost", "KUBERNETES_SERVICE_PORT",
				String.valueOf(server.port()), "KUBERNETES_MASTER", server.url(),
				// As the server's own client.
				"HTTP2_DISABLE", "true");
		server.serveLogs(this::log);
	}

	Kubelet start() {
		this.looks.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
		return this;
	}

	/**
	 * Return the variables that containers have of the cluster; the API server's address
	 * among them, which real ones know from the service account.
	 */
	Map<String, String> cluster() {
		return this.cluster;
	}

	/**
	 * Return the pods that a Job has had, the oldest first.
	 */
	List<PodRun> pods(String job) {
		return this.pods.stream().filter((pod) -> PodObjects.job(pod.pod()).equals(job)).toList();
	}

	/**
	 * Evict a Job's pod, as when its node is drained.
	 */
	void evict(String job) {
		onPods(job, (pod) -> {
			pod.disrupted();
			pod.terminate(Clock.systemUTC().instant(), pod.grace());
		});
	}

	/**
	 * Kill a Job's pod, as the kernel does when there is no memory left.
	 */
	void kill(String job) {
		pods(job).forEach(PodRun::kill);
	}

	/**
	 * Lose sight of the node that a Job's pod is on: the pod is given up and another one
	 * starts, though the process is alive all the same.
	 */
	void loseNode(String job) {
		onPods(job, (pod) -> {
			pod.deleted();
			this.jobs.values().forEach((run) -> run.active().remove(pod));
			this.objects.delete(pod);
		});
	}

	private void onPods(String job, Consumer<PodRun> action) {
		this.looks.execute(() -> pods(job).stream().filter(PodRun::isActive).forEach(action));
	}

	private @Nullable String log(String namespace, String name) {
		return this.pods.stream()
			.filter((pod) -> pod.namespace().equals(namespace) && pod.name().equals(name))
			.findFirst()
			.map(Kubelet::log)
			.orElse(null);
	}

	private static @Nullable String log(PodRun pod) {
		try {
			return pod.isStarted() ? Files.readString(pod.log()) : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void look() {
		try {
			List<Job> there = this.client.batch().v1().jobs().inAnyNamespace().list().getItems();
			List<String> keys = new ArrayList<>();
			for (Job job : there) {
				keys.add(job.getMetadata().getUid());
				reconcile(job, this.jobs.computeIfAbsent(job.getMetadata().getUid(), (uid) -> new JobRun()));
			}
			this.jobs.forEach((uid, run) -> {
				if (!keys.contains(uid)) {
					forget(uid, run);
				}
			});
			this.pods.forEach((pod) -> pod.killWhenDue(Clock.systemUTC().instant()));
		}
		catch (Exception ex) {
			if (!this.looks.isShutdown()) {
				this.broken.compareAndSet(null, ex);
			}
		}
	}

	private void reconcile(Job job, JobRun run) throws IOException {
		for (PodRun pod : List.copyOf(run.active())) {
			if (!pod.isActive()) {
				run.ended(job, pod);
				this.objects.ended(pod);
			}
		}
		if (!run.isOver() && run.goOn(job)) {
			run.add(startPod(job));
		}
		Map<String, @Nullable Object> status = run.status();
		if (!status.equals(run.written()) && this.objects.status(job, status)) {
			run.written(status);
		}
	}

	private PodRun startPod(Job job) throws IOException {
		Pod pod = this.objects.create(job);
		Path directory = Files.createDirectories(this.directory.resolve(pod.getMetadata().getName()));
		ContainerStart container = new ContainerStart(this.client, pod, directory);
		List<String> entryPoint = this.images.get(container.container().getImage());
		Process process = (entryPoint != null) ? container.process(entryPoint, this.cluster).start() : null;
		PodRun run = new PodRun(pod, directory.resolve("log"), process);
		this.pods.add(run);
		this.objects.started(run);
		return run;
	}

	private void forget(String uid, JobRun run) {
		run.stop();
		for (PodRun pod : List.copyOf(run.active())) {
			if (!pod.isActive()) {
				run.active().remove(pod);
			}
		}
		if (run.active().isEmpty()) {
			this.jobs.remove(uid);
			this.pods.stream().filter((pod) -> uid.equals(PodObjects.owner(pod.pod()))).forEach(this.objects::delete);
		}
	}

	/**
	 * Kill what still runs, and fail if the double itself has.
	 */
	@Override
	public void close() {
		this.looks.shutdownNow();
		boolean isOver = false;
		try {
			isOver = this.looks.awaitTermination(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.pods.forEach(PodRun::kill);
		this.client.close();
		Throwable failure = this.broken.get();
		if (failure != null || !isOver) {
			throw new IllegalStateException("The double of the kubelet has failed: " + failure, failure);
		}
	}

}
