package dev.backgroundjobs.adapter.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles what Kubernetes has given up as dead: each failed Job by one of the instances,
 * which claims it with an annotation. A claim that is old belongs to an instance that has
 * died. Jobs that are not declared here are another application's. Safe for use by
 * several threads.
 */
final class DeadJobs {

	private static final Logger logger = LoggerFactory.getLogger(DeadJobs.class);

	static final Duration MAX_CLAIM = Duration.ofMinutes(5);

	private final String instance = UUID.randomUUID().toString();

	private final KubernetesApi api;

	private final KubernetesMessages messages;

	private final KubernetesSuccessors successors;

	private final BackendJobs jobs;

	private final DeliveryProcessor processor;

	private final Clock clock;

	private final Set<String> busy = ConcurrentHashMap.newKeySet();

	DeadJobs(KubernetesApi api, KubernetesMessages messages, KubernetesSuccessors successors, BackendJobs jobs,
			DeliveryProcessor processor, Clock clock) {
		this.api = api;
		this.messages = messages;
		this.successors = successors;
		this.jobs = jobs;
		this.processor = processor;
		this.clock = clock;
	}

	/**
	 * Return whether a Job is to be reported, by nobody else for now.
	 */
	boolean isUnreported(ObservedJob job) {
		if (!job.isFailed() || job.isTakenBack() || job.isIncomplete() || this.jobs.find(job.jobName()) == null) {
			return false;
		}
		DeadMark mark = DeadMark.parse(job.annotation(KubernetesNames.DEAD));
		return mark == null || (!mark.isReported() && mark.since().plus(MAX_CLAIM).isBefore(this.clock.instant()));
	}

	/**
	 * Report a Job, unless it is already to be reported here, or another instance does.
	 * @param executor does so, maybe later
	 */
	void report(ObservedJob job, Executor executor) {
		if (!this.busy.add(job.key())) {
			return;
		}
		try {
			executor.execute(() -> report(job));
		}
		catch (RejectedExecutionException ex) {
			this.busy.remove(job.key());
			logger.debug("{} is not reported since the application shuts down", job);
		}
	}

	private void report(ObservedJob job) {
		try {
			DeadMark claim = new DeadMark(this.instance, this.clock.instant());
			ObservedJob claimed = this.api.patchIfUnchanged(job, mark(claim.toString()), null);
			if (claimed != null) {
				boolean reported = false;
				try {
					reported = settle(claimed);
				}
				finally {
					end(claimed, reported);
				}
			}
		}
		catch (RuntimeException ex) {
			logger.warn("{} has failed and could not be reported as dead, and is tried again in a while", job, ex);
		}
		finally {
			this.busy.remove(job.key());
		}
	}

	private boolean settle(ObservedJob job) {
		if (this.successors.exist(job)) {
			logger.info("{} has failed ({}) after its message was replaced: it is not dead", job, job.failure());
			return true;
		}
		byte[] message = this.messages.read(job);
		if (message == null) {
			logger.error("{} is dead: Kubernetes has given it up ({}), and it has no message that could be kept", job,
					job.failure());
			return true;
		}
		JobException cause = new JobException("Kubernetes has given up Job " + job.key() + ": " + job.failure());
		Settlement settlement = this.processor.giveUp(Delivery.pulled(message, KubernetesJobBackend.NAME, true, 0),
				cause);
		if (settlement == Settlement.UNREADABLE || settlement == Settlement.UNTRUSTED) {
			logger.error("{} is dead: Kubernetes has given it up ({}), and its message cannot be read; kept in the Job",
					job, job.failure());
			return true;
		}
		return settlement.isAcknowledged();
	}

	// A claim that cannot be taken back grows old.
	private void end(ObservedJob job, boolean reported) {
		if (reported) {
			this.api.annotate(job.namespace(), job.name(), mark(DeadMark.REPORTED));
		}
		else {
			this.api.patchIfUnchanged(job, mark(null), null);
		}
	}

	private static Map<String, @Nullable String> mark(@Nullable String value) {
		return Collections.singletonMap(KubernetesNames.DEAD, value);
	}

}
