package dev.backgroundjobs.kubelet.application;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJob;

/**
 * Jobs that do what jobs in pods may do, and write down that they did.
 */
class PodJobs {

	private static final int CRASHED = 3;

	private final PodRuns runs;

	PodJobs(PodRuns runs) {
		this.runs = runs;
	}

	@BackgroundJob(name = "pods.note", queue = "heavy")
	void note(Note note) {
		this.runs.write("run", note.text());
	}

	@BackgroundJob(name = "pods.retry", queue = "heavy", backoff = @Backoff(delay = "1s", multiplier = "1"))
	void retry(Note note) {
		this.runs.write("run", note.text());
		if (JobContext.current().attempt() == 1) {
			throw new IllegalStateException("not yet");
		}
	}

	@BackgroundJob(name = "pods.fail", queue = "heavy", maxAttempts = "1")
	void fail(Note note) {
		this.runs.write("run", note.text());
		throw new IllegalStateException("never");
	}

	/**
	 * End when a file is there.
	 */
	@BackgroundJob(name = "pods.wait", queue = "heavy")
	void waitForFile(Note note) throws InterruptedException {
		this.runs.write("run", note.text());
		while (!Files.exists(Path.of(note.text()))) {
			Thread.sleep(20);
		}
		this.runs.write("end", note.text());
	}

	/**
	 * Fail the first time, once a file is there.
	 */
	@BackgroundJob(name = "pods.gate", queue = "heavy", backoff = @Backoff(delay = "1s", multiplier = "1"))
	void gate(Note note) throws InterruptedException {
		waitForFile(note);
		if (JobContext.current().attempt() == 1) {
			throw new IllegalStateException("not yet");
		}
	}

	@BackgroundJob(name = "pods.stubborn", queue = "heavy")
	@KubernetesJob(terminationGracePeriod = "1s")
	void stubborn(Note note) {
		listenToNobody(note);
	}

	@BackgroundJob(name = "pods.late", queue = "heavy")
	@KubernetesJob(activeDeadline = "10s", terminationGracePeriod = "1s")
	void late(Note note) {
		listenToNobody(note);
	}

	private void listenToNobody(Note note) {
		this.runs.write("run", note.text());
		while (!Files.exists(Path.of(note.text()))) {
			try {
				Thread.sleep(20);
			}
			catch (InterruptedException ex) {
				// As some code does.
			}
		}
		this.runs.write("end", note.text());
	}

	@BackgroundJob(name = "pods.crash", queue = "heavy")
	@KubernetesJob(backoffLimit = "0")
	void crash(Note note) {
		this.runs.write("run", note.text());
		Runtime.getRuntime().halt(CRASHED);
	}

}
