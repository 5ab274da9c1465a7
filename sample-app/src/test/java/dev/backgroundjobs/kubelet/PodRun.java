package dev.backgroundjobs.kubelet;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;

/**
 * A pod, the process of its container, and what was done to it.
 */
final class PodRun {

	private final Pod pod;

	private final Path log;

	private final @Nullable Process process;

	private @Nullable Instant killAt;

	private boolean isDisrupted;

	private boolean isDeleted;

	/**
	 * Create a pod.
	 * @param process the container, or {@code null} when its image is not to be had
	 */
	PodRun(Pod pod, Path log, @Nullable Process process) {
		this.pod = pod;
		this.log = log;
		this.process = process;
	}

	String name() {
		return this.pod.getMetadata().getName();
	}

	String namespace() {
		return this.pod.getMetadata().getNamespace();
	}

	Pod pod() {
		return this.pod;
	}

	Path log() {
		return this.log;
	}

	boolean isStarted() {
		return this.process != null;
	}

	/**
	 * Return whether it takes a place: it is running, or waits for its image.
	 */
	boolean isActive() {
		return (this.process != null) ? this.process.isAlive() : !this.isDeleted;
	}

	/**
	 * Return the exit code, 128 + n after signal n.
	 */
	int exitCode() {
		return (this.process != null) ? this.process.exitValue() : 0;
	}

	long pid() {
		return (this.process != null) ? this.process.pid() : -1;
	}

	/**
	 * Ask it to stop, and have it killed when it does not.
	 * @param now the time
	 * @param grace the pod's grace period, by default that of its specification
	 */
	synchronized void terminate(Instant now, Duration grace) {
		if (this.killAt == null) {
			this.killAt = now.plus(grace);
			if (this.process != null) {
				this.process.destroy();
			}
		}
	}

	synchronized void killWhenDue(Instant now) {
		if (this.killAt != null && !now.isBefore(this.killAt)) {
			kill();
		}
	}

	void kill() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	Duration grace() {
		Long seconds = this.pod.getSpec().getTerminationGracePeriodSeconds();
		return Duration.ofSeconds((seconds != null) ? seconds : 30);
	}

	void disrupted() {
		this.isDisrupted = true;
	}

	boolean isDisrupted() {
		return this.isDisrupted;
	}

	/**
	 * Note that the Job's controller has taken it away: however it ends is no failure.
	 */
	void deleted() {
		this.isDeleted = true;
	}

	boolean isDeleted() {
		return this.isDeleted;
	}

}
