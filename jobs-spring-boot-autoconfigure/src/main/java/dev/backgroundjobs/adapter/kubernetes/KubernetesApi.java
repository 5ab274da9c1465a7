package dev.backgroundjobs.adapter.kubernetes;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.BackendRequests;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is asked of the API server, each with a sentence for its failure. Safe for use by
 * several threads.
 */
final class KubernetesApi {

	// A container that waits to start has no log.
	private static final int BAD_REQUEST = 400;

	private static final int NOT_FOUND = 404;

	private static final int CONFLICT = 409;

	// A Job may have 100 KiB of message, and so has its pod.
	private static final long PAGE = 200;

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final Supplier<KubernetesClient> client;

	private final BackendRequests requests;

	KubernetesApi(Supplier<KubernetesClient> client, BackendRequests requests) {
		this.client = client;
		this.requests = requests;
	}

	/**
	 * Create a Job.
	 * @return the Job as it was created, or {@code null} when its name is taken
	 */
	@Nullable ObservedJob create(Job job, long bytes) {
		String namespace = job.getMetadata().getNamespace();
		return call("create", "jobs", namespace, "enqueue", bytes, Set.of(CONFLICT), () -> new ObservedJob(
				this.client.get().batch().v1().jobs().inNamespace(namespace).resource(job).create()));
	}

	/**
	 * Create a Secret.
	 * @return whether it was created: its name may be taken
	 */
	boolean create(String namespace, Secret secret, long bytes) {
		return call("create", "secrets", namespace, "create-secret", bytes, Set.of(CONFLICT),
				() -> this.client.get().secrets().inNamespace(namespace).resource(secret).create()) != null;
	}

	@Nullable ObservedJob find(String namespace, String name) {
		Job job = call("get", "jobs", namespace, "get", 0, Set.of(), () -> job(namespace, name).get());
		return (job != null) ? new ObservedJob(job) : null;
	}

	@Nullable Secret findSecret(String namespace, String name) {
		return call("get", "secrets", namespace, "get-secret", 0, Set.of(),
				() -> this.client.get().secrets().inNamespace(namespace).withName(name).get());
	}

	/**
	 * List Jobs. All of them are in memory, with their messages: for those of a few.
	 */
	List<ObservedJob> list(String namespace, Map<String, String> labels) {
		List<ObservedJob> jobs = new ArrayList<>();
		list(namespace, labels, null, jobs::add);
		return jobs;
	}

	/**
	 * Read Jobs one after the other.
	 * @param fields a field selector, or {@code null} for all
	 * @param reader is given each Job, and keeps what it needs of it
	 * @return the version of the list
	 */
	@Nullable String list(String namespace, Map<String, String> labels, @Nullable String fields, Consumer<ObservedJob> reader) {
		return pages("jobs", namespace, "list", fields,
				(options) -> this.client.get()
					.batch()
					.v1()
					.jobs()
					.inNamespace(namespace)
					.withLabels(labels)
					.list(options),
				(job) -> reader.accept(new ObservedJob(job)));
	}

	/**
	 * Read pods one after the other.
	 * @param reader is given each pod, and keeps what it needs of it
	 */
	void pods(String namespace, Map<String, String> labels, Consumer<Pod> reader) {
		pages("pods", namespace, "list-pods", null,
				(options) -> this.client.get().pods().inNamespace(namespace).withLabels(labels).list(options), reader);
	}

	private <T extends HasMetadata> @Nullable String pages(String resource, String namespace, String operation,
			@Nullable String fields, Function<ListOptions, KubernetesResourceList<T>> list, Consumer<T> reader) {
		String version = null;
		String next = null;
		do {
			ListOptions options = new ListOptionsBuilder().withLimit(PAGE)
				.withContinue(next)
				.withFieldSelector(fields)
				.build();
			KubernetesResourceList<T> page = call("list", resource, namespace, operation, 0, Set.of(),
					() -> list.apply(options));
			if (page == null) {
				break;
			}
			page.getItems().forEach(reader);
			next = page.getMetadata().getContinue();
			version = page.getMetadata().getResourceVersion();
		}
		while (next != null && !next.isEmpty());
		return version;
	}

	/**
	 * Watch Jobs from the version of a list on. The client connects again by itself.
	 */
	Watch watch(String namespace, Map<String, String> labels, @Nullable String version, Watcher<Job> watcher) {
		ListOptions options = new ListOptionsBuilder().withResourceVersion(version).build();
		Watch watch = call("watch", "jobs", namespace, "watch", 0, Set.of(),
				() -> this.client.get()
					.batch()
					.v1()
					.jobs()
					.inNamespace(namespace)
					.withLabels(labels)
					.watch(options, watcher));
		if (watch == null) {
			throw new JobException("The API server watches no Jobs in namespace '" + namespace + "'");
		}
		return watch;
	}

	/**
	 * Change a Job if nobody has changed it since it was observed.
	 * @param annotations their values, {@code null} to remove one
	 * @param suspend whether it is suspended from now on, or {@code null} to leave that
	 * @return the Job as it is now, or {@code null} when somebody has changed or deleted
	 * it
	 */
	@Nullable ObservedJob patchIfUnchanged(ObservedJob seen, Map<String, @Nullable String> annotations,
			@Nullable Boolean suspend) {
		return patch(seen.namespace(), seen.name(), seen.resourceVersion(), annotations, suspend);
	}

	/**
	 * Annotate a Job, whatever has become of it.
	 * @return whether it is still there
	 */
	boolean annotate(String namespace, String name, Map<String, @Nullable String> annotations) {
		return patch(namespace, name, null, annotations, null) != null;
	}

	private @Nullable ObservedJob patch(String namespace, String name, @Nullable String version,
			Map<String, @Nullable String> annotations, @Nullable Boolean suspend) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("annotations", annotations);
		if (version != null) {
			metadata.put("resourceVersion", version);
		}
		Map<String, Object> patch = new LinkedHashMap<>(Map.of("metadata", metadata));
		if (suspend != null) {
			patch.put("spec", Map.of("suspend", suspend));
		}
		return call("patch", "jobs", namespace, "patch", 0, Set.of(NOT_FOUND, CONFLICT), () -> new ObservedJob(
				job(namespace, name).patch(PatchContext.of(PatchType.JSON_MERGE), JSON.writeValueAsString(patch))));
	}

	/**
	 * Delete a Job, with its pods and its Secret, which Kubernetes does a little later.
	 */
	void delete(String namespace, String name) {
		call("delete", "jobs", namespace, "delete", 0, Set.of(NOT_FOUND),
				() -> job(namespace, name).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete());
	}

	/**
	 * Delete a Job if nobody has changed it since it was observed.
	 */
	void deleteIfUnchanged(ObservedJob seen) {
		call("delete", "jobs", seen.namespace(), "delete", 0, Set.of(NOT_FOUND, CONFLICT),
				() -> job(seen.namespace(), seen.name()).lockResourceVersion(seen.resourceVersion()).delete());
	}

	/**
	 * Open the log of the container of a pod that runs the job.
	 * @param follow whether it is read until the pod ends, or as far as it is written
	 * @return the log, or {@code null} when the pod is gone or has not started
	 */
	@Nullable OpenLog log(Pod pod, boolean follow) {
		String namespace = pod.getMetadata().getNamespace();
		return call("get", "pods/log", namespace, "log", 0, Set.of(BAD_REQUEST, NOT_FOUND), () -> {
			ContainerResource container = this.client.get()
				.pods()
				.inNamespace(namespace)
				.withName(pod.getMetadata().getName())
				.inContainer(KubernetesMessages.container(pod.getSpec()));
			if (follow) {
				LogWatch watch = container.watchLog();
				return new OpenLog(watch.getOutput(), watch::close);
			}
			InputStream input = container.getLogInputStream();
			return (input != null) ? OpenLog.of(input) : null;
		});
	}

	private ScalableResource<Job> job(String namespace, String name) {
		return this.client.get().batch().v1().jobs().inNamespace(namespace).withName(name);
	}

	private <T> @Nullable T call(String verb, String resource, String namespace, String operation, long bytes,
			Set<Integer> expected, Supplier<@Nullable T> call) {
		this.requests.count(KubernetesJobBackend.NAME, operation, bytes);
		try {
			return call.get();
		}
		catch (KubernetesClientException ex) {
			if (expected.contains(ex.getCode())) {
				return null;
			}
			throw KubernetesFailures.of(ex, verb, resource, namespace);
		}
	}

}
