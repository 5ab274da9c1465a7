package dev.backgroundjobs.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.backgroundjobs.history.HistoryEvent.Type;

/**
 * Judges what happened to jobs, by the promises of a platform that delivers at least
 * once, refuses a second message of one key, and never forgets one that was not
 * acknowledged.
 * <p>
 * When a double is allowed: each further effect of a job needs a death of its own, before
 * the run that repeats the effect began. It is the death, without warning, of a process
 * that had done the effect in a run whose delivery was not acknowledged yet, or that had
 * sent a successor, taken by the platform, of a message that was not acknowledged yet. A
 * process that was asked to stop excuses nothing.
 */
public final class HistoryChecker {

	private final Map<String, Integer> maxAttempts;

	private final Set<String> deadLetters;

	private final long earlyMicros;

	/**
	 * Create a checker.
	 * @param maxAttempts the attempts that jobs have, by their names
	 * @param deadLetters the queues that keep dead jobs and are never delivered
	 * @param earlyMillis how much too early a run may begin
	 */
	public HistoryChecker(Map<String, Integer> maxAttempts, Set<String> deadLetters, long earlyMillis) {
		this.maxAttempts = Map.copyOf(maxAttempts);
		this.deadLetters = Set.copyOf(deadLetters);
		this.earlyMicros = earlyMillis * 1000;
	}

	/**
	 * Judge a history that has come to its end.
	 * @param events the events of all processes, in the order of their times
	 * @return what is wrong, allowed or not; empty when nothing is
	 */
	public List<Finding> check(List<HistoryEvent> events) {
		Map<String, HistoryEvent> exits = new LinkedHashMap<>();
		Map<String, List<HistoryEvent>> byId = new LinkedHashMap<>();
		for (HistoryEvent event : events) {
			if (event.type() == Type.KILLED || event.type() == Type.STOPPED) {
				exits.putIfAbsent(event.process(), event);
			}
			else {
				byId.computeIfAbsent(event.id(), (id) -> new ArrayList<>()).add(event);
			}
		}
		List<Finding> findings = new ArrayList<>();
		byId.forEach((id, own) -> check(new JobHistory(id, own, exits), findings));
		return findings;
	}

	private void check(JobHistory job, List<Finding> findings) {
		checkEnd(job, findings);
		new RunChecks(job, this.deadLetters, this.earlyMicros).check(findings);
		checkDoubles(job, findings);
		checkOverlaps(job, findings);
		checkAttempts(job, findings);
	}

	private void checkEnd(JobHistory job, List<Finding> findings) {
		if (job.isUnderWay(this.deadLetters)) {
			findings.add(new Finding(Verdict.ENDLESS, job.id(),
					job.job() + " still runs, or has a message that is not acknowledged, after " + job.runs()));
		}
		else if (job.isAccepted() && !job.isComplete(this.deadLetters)) {
			findings
				.add(new Finding(Verdict.LOST, job.id(), job.job() + " was accepted and is gone after " + job.runs()));
		}
	}

	private static void checkDoubles(JobHistory job, List<Finding> findings) {
		List<Run> effective = new ArrayList<>();
		job.runs().forEach((run) -> run.effects().forEach((time) -> effective.add(run)));
		effective.sort(Comparator.comparingLong(Run::start));
		for (int i = 1; i < effective.size(); i++) {
			Run repeated = effective.get(i);
			boolean excused = job.excuses(repeated.start()) >= i;
			findings.add(new Finding(excused ? Verdict.DOUBLED_BY_CRASH : Verdict.DOUBLED, job.id(),
					job.job() + " had its effect once more in " + repeated));
		}
	}

	private static void checkOverlaps(JobHistory job, List<Finding> findings) {
		List<Run> runs = job.runs();
		for (int i = 0; i < runs.size(); i++) {
			for (int j = i + 1; j < runs.size(); j++) {
				if (runs.get(i).overlaps(runs.get(j))) {
					findings.add(overlap(job, runs.get(i), runs.get(j)));
				}
			}
		}
	}

	private static Finding overlap(JobHistory job, Run one, Run other) {
		Run older = (one.seq() < other.seq()) ? one : other;
		boolean excused = one.seq() != other.seq() && job.wasCutAfterSuccessor(older.seq(), older.start());
		return new Finding(excused ? Verdict.OVERLAPPING_BY_CRASH : Verdict.OVERLAPPING, job.id(),
				job.job() + " ran twice at once: " + one + ", and " + other);
	}

	private void checkAttempts(JobHistory job, List<Finding> findings) {
		int max = this.maxAttempts.getOrDefault(job.job(), Integer.MAX_VALUE);
		int highest = job.runs().stream().mapToInt(Run::attempt).max().orElse(0);
		// Messages, not runs: a redelivery repeats the attempt of its message.
		long failed = job.runs()
			.stream()
			.filter((run) -> run.is(HistoryEvent.Outcome.FAILED))
			.mapToInt(Run::seq)
			.distinct()
			.count();
		if (highest > max || failed > max) {
			findings.add(new Finding(Verdict.TOO_MANY_ATTEMPTS, job.id(), job.job() + " has " + max
					+ " attempts, and ran as attempt " + highest + " and failed in " + failed + " messages"));
		}
	}

}
