package dev.backgroundjobs.crash;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.backgroundjobs.history.Finding;
import dev.backgroundjobs.history.HistoryChecker;
import dev.backgroundjobs.history.HistoryEvent;
import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.Verdict;

/**
 * What became of a load of jobs.
 *
 * @param events what happened, in order
 * @param findings what was wrong with it
 */
record Judgement(List<HistoryEvent> events, List<Finding> findings) {

	static final String HEAD = """
			| killed | deaths | jobs | runs | lost | doubled, allowed | doubled, not allowed | at once, allowed | at once, not allowed | other |
			|---|---|---|---|---|---|---|---|---|---|
			""";

	private static final Map<String, Integer> MAX_ATTEMPTS = Map.of("crash.succeed", 5, "crash.retry", 4, "crash.fail",
			2, "crash.discard", 5, "crash.slow", 5, "crash.linger", 5, "crash.fan-out", 5, "documents.convert", 5);

	private static final Set<String> DEAD_LETTERS = Set.of("crash-dead", "documents-dead");

	// The application's jobs.early-tolerance.
	private static final long EARLY_MILLIS = 100;

	static Judgement of(List<HistoryEvent> events) {
		return new Judgement(events, new HistoryChecker(MAX_ATTEMPTS, DEAD_LETTERS, EARLY_MILLIS).check(events));
	}

	/**
	 * Return what no platform excuses.
	 */
	List<Finding> forbidden() {
		return this.findings.stream().filter((finding) -> !finding.verdict().isAllowed()).toList();
	}

	long count(Verdict... verdicts) {
		return this.findings.stream().filter((finding) -> List.of(verdicts).contains(finding.verdict())).count();
	}

	long count(Type type) {
		return this.events.stream().filter((event) -> event.type() == type).count();
	}

	long jobs() {
		return this.events.stream()
			.filter((event) -> event.type() == Type.ACCEPTED)
			.map(HistoryEvent::id)
			.distinct()
			.count();
	}

	/**
	 * Return a row of the table in {@code docs/reliability.md}.
	 */
	String row(String label) {
		return "| " + label + " | " + (count(Type.KILLED) + count(Type.STOPPED)) + " | " + jobs() + " | "
				+ count(Type.STARTED) + " | " + count(Verdict.LOST) + " | " + count(Verdict.DOUBLED_BY_CRASH) + " | "
				+ count(Verdict.DOUBLED) + " | " + count(Verdict.OVERLAPPING_BY_CRASH) + " | "
				+ count(Verdict.OVERLAPPING) + " | "
				+ count(Verdict.UNEXPECTED, Verdict.TOO_MANY_ATTEMPTS, Verdict.ENDLESS) + " |\n";
	}

}
