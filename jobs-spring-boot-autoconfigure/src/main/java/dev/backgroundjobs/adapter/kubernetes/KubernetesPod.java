package dev.backgroundjobs.adapter.kubernetes;

import java.util.Map;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.runonce.RunOncePlatform;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pod that this process is in, where Kubernetes has started it for a message.
 */
final class KubernetesPod implements RunOncePlatform {

	private static final Logger logger = LoggerFactory.getLogger(KubernetesPod.class);

	private final KubernetesApi api;

	private final KubernetesSuccessors successors;

	private final @Nullable String namespace;

	private final @Nullable String name;

	private volatile @Nullable ObservedJob own;

	/**
	 * Create the pod.
	 * @param namespace the namespace of its Job, or {@code null} when it has none
	 * @param name the name of its Job, or {@code null} when it has none
	 */
	KubernetesPod(KubernetesApi api, KubernetesSuccessors successors, @Nullable String namespace,
			@Nullable String name) {
		this.api = api;
		this.successors = successors;
		this.namespace = namespace;
		this.name = name;
	}

	@Override
	public String name() {
		return KubernetesJobBackend.NAME;
	}

	@Override
	public boolean isHere() {
		return this.name != null && this.namespace != null;
	}

	@Override
	public boolean isOver() {
		ObservedJob own = find();
		this.own = own;
		return own == null || own.isTakenBack() || own.isReportedDead() || this.successors.exist(own);
	}

	@Override
	public boolean isOwned() {
		ObservedJob own = find();
		return own != null && isOwned(own) && !own.isGivenUp();
	}

	private static boolean isOwned(@Nullable ObservedJob own) {
		return own != null && !own.isTakenBack() && !own.isSuspended();
	}

	private @Nullable ObservedJob find() {
		if (this.name == null || this.namespace == null) {
			throw new IllegalStateException("This process is in no pod of a Job of ours");
		}
		return this.api.find(this.namespace, this.name);
	}

	/**
	 * Take back what replaces this pod's message where somebody has taken that back since
	 * it was asked for last: who cancels a job looks for its Jobs again after deleting
	 * one, and has either seen the new one then, or deleted ours before. What replaces a
	 * Job that Kubernetes has given up since stays: a worker may have seen it, and not
	 * report the Job as dead.
	 * @param message what has just been sent
	 * @param namespace the namespace of its Job
	 * @param name the name of its Job
	 * @throws JobException when it was taken back
	 */
	void confirm(JobMessage message, String namespace, String name) {
		ObservedJob own = this.own;
		if (own == null || !message.id().equals(own.id()) || message.seq() != own.seq() + 1 || isOwned(find())) {
			return;
		}
		this.api.delete(namespace, name);
		throw new JobException(message + " is not sent: the message it replaces was taken back with Job " + own.key());
	}

	/**
	 * Say of a dead message that it is reported, so that no worker does so again.
	 */
	@Override
	public void settled(Settlement settlement) {
		boolean isDead = settlement == Settlement.DEAD || settlement == Settlement.DEAD_KEPT;
		if (!isDead || this.name == null || this.namespace == null) {
			return;
		}
		try {
			this.api.annotate(this.namespace, this.name, Map.of(KubernetesNames.DEAD, DeadMark.REPORTED));
		}
		catch (JobException ex) {
			// Reported twice is better than run again.
			logger.warn("Job {}/{} could not be marked as dead, a worker may report it again", this.namespace,
					this.name, ex);
		}
	}

}
