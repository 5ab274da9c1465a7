package dev.backgroundjobs.history;

import java.util.List;
import java.util.Set;

import dev.backgroundjobs.history.HistoryEvent.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Finds the runs of a job that should not be.
 */
final class RunChecks {

	// The first four shutdowns of an attempt are free.
	private static final int COUNTED_INTERRUPTIONS = 5;

	private final JobHistory job;

	private final Set<String> deadLetters;

	private final long earlyMicros;

	RunChecks(JobHistory job, Set<String> deadLetters, long earlyMicros) {
		this.job = job;
		this.deadLetters = deadLetters;
		this.earlyMicros = earlyMicros;
	}

	void check(List<Finding> findings) {
		for (Run run : this.job.runs()) {
			String problem = problem(run);
			if (problem != null) {
				findings
					.add(new Finding(Verdict.UNEXPECTED, this.job.id(), this.job.job() + " " + problem + ": " + run));
			}
		}
	}

	private @Nullable String problem(Run run) {
		HistoryEvent enqueued = this.job.enqueued();
		if (enqueued == null || enqueued.micros() > run.start()) {
			return "ran without having been enqueued";
		}
		List<String> queues = this.job.queuesOf(run.seq(), run.start());
		if (queues.isEmpty()) {
			return "ran with a message that the platform had not taken";
		}
		if (this.deadLetters.containsAll(queues)) {
			return "ran with its dead copy";
		}
		if (this.job.wasAcknowledged(run.seq(), run.start())) {
			return "ran with a message that was acknowledged before";
		}
		if (isAfterTheEnd(run)) {
			return "ran after it was finished or dead";
		}
		if (!enqueued.detail().isEmpty() && run.start() < Long.parseLong(enqueued.detail()) * 1000 - this.earlyMicros) {
			return "ran before its time";
		}
		return hasRightAttempt(run) ? null : "ran as the wrong attempt";
	}

	// A successor that was taken before the crash is run, whatever becomes of the message
	// it replaces.
	private boolean isAfterTheEnd(Run run) {
		return this.job.overAt(this.deadLetters) < run.start() && !this.job.wasCutAfterSuccessor(run.start());
	}

	private boolean hasRightAttempt(Run run) {
		boolean consistent = this.job.runs()
			.stream()
			.allMatch((other) -> (other.seq() == run.seq()) ? other.attempt() == run.attempt()
					: other.seq() > run.seq() || other.attempt() <= run.attempt());
		return consistent && (run.attempt() == 1 || wasUsedUp(run.attempt() - 1, run.seq()));
	}

	private boolean wasUsedUp(int attempt, int before) {
		List<Run> runs = this.job.runs()
			.stream()
			.filter((run) -> run.attempt() == attempt && run.seq() < before)
			.toList();
		return runs.stream().anyMatch((run) -> run.is(Outcome.FAILED))
				|| runs.stream().filter((run) -> run.is(Outcome.INTERRUPTED)).count() >= COUNTED_INTERRUPTIONS;
	}

}
