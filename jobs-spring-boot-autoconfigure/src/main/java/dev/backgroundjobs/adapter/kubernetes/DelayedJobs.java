package dev.backgroundjobs.adapter.kubernetes;

import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.autoconfigure.HealthDetails;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resumes suspended Jobs when their time has come: those with our annotation, which goes
 * in the same change. Of several instances that try the same, Kubernetes lets one. Safe
 * for use by several threads.
 */
final class DelayedJobs implements HealthDetails {

	private static final Logger logger = LoggerFactory.getLogger(DelayedJobs.class);

	private final KubernetesApi api;

	private final Clock clock;

	private final Map<String, ObservedJob> waiting = new ConcurrentHashMap<>();

	private final Set<String> tried = ConcurrentHashMap.newKeySet();

	private final Map<String, Instant> looks = new ConcurrentHashMap<>();

	DelayedJobs(KubernetesApi api, Clock clock) {
		this.api = api;
		this.clock = clock;
	}

	/**
	 * Take note of a Job as it is now.
	 */
	void seen(ObservedJob job) {
		if (job.isDelayed()) {
			// What is kept of it is small: not the message.
			this.waiting.put(job.key(), job.outline());
		}
		else {
			this.waiting.remove(job.key());
		}
	}

	void gone(ObservedJob job) {
		this.waiting.remove(job.key());
	}

	/**
	 * Take note that all Jobs of a namespace were seen, and try again what could not be
	 * resumed. What was not among them is found to be gone when its time comes.
	 */
	void looked(String namespace) {
		this.tried.clear();
		this.looks.put(namespace, this.clock.instant());
	}

	/**
	 * Return what is to be resumed now, each once until somebody looks again.
	 */
	List<ObservedJob> takeDue() {
		Instant now = this.clock.instant();
		return this.waiting.values()
			.stream()
			.filter((job) -> !runAt(job).isAfter(now))
			.sorted(Comparator.comparing(DelayedJobs::runAt))
			.filter((job) -> this.tried.add(job.key() + "@" + job.resourceVersion()))
			.toList();
	}

	private static Instant runAt(ObservedJob job) {
		return Objects.requireNonNullElse(job.runAt(), Instant.MAX);
	}

	/**
	 * Resume a Job.
	 */
	void resume(ObservedJob job) {
		try {
			Map<String, @Nullable String> annotations = Collections.singletonMap(KubernetesNames.RUN_AT, null);
			ObservedJob resumed = this.api.patchIfUnchanged(job, annotations, false);
			if (resumed != null) {
				logger.debug("{} is due and resumed", job);
				this.waiting.remove(job.key());
				return;
			}
			// Another instance was first, or Kubernetes has written its status.
			ObservedJob now = this.api.find(job.namespace(), job.name());
			if (now != null) {
				seen(now);
			}
			else {
				gone(job);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("{} is due and could not be resumed, and is tried again in a while: {}", job, ex.getMessage());
		}
	}

	/**
	 * Tell the oldest Job that should run by now, of which there is none unless something
	 * is wrong.
	 */
	@Override
	public Map<String, Object> details() {
		if (this.looks.isEmpty()) {
			return Map.of();
		}
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("delayed", this.waiting.size());
		details.put("lastLook", Collections.min(this.looks.values()).toString());
		Instant now = this.clock.instant();
		this.waiting.values()
			.stream()
			.filter((job) -> runAt(job).isBefore(now))
			.min(Comparator.comparing(DelayedJobs::runAt))
			.ifPresent((job) -> details.put("oldestOverdue",
					Map.of("name", job.key(), "job", job.jobName(), "runAt", runAt(job).toString())));
		return Map.of(KubernetesJobBackend.NAME, details);
	}

}
