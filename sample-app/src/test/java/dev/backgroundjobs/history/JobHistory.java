package dev.backgroundjobs.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

import dev.backgroundjobs.history.HistoryEvent.Outcome;
import dev.backgroundjobs.history.HistoryEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one job: its messages, its runs, and how each ended.
 */
final class JobHistory {

	private final String id;

	private final Map<String, HistoryEvent> exits;

	private final Map<Integer, List<HistoryEvent>> taken = new TreeMap<>();

	private final Map<Integer, List<Long>> acknowledged = new TreeMap<>();

	private final List<Run> runs = new ArrayList<>();

	private String job = "";

	private @Nullable HistoryEvent enqueued;

	private boolean accepted;

	/**
	 * Put the events of a job together.
	 * @param id the job's id
	 * @param events its events, in their order
	 * @param exits when processes were gone, by their names
	 */
	JobHistory(String id, List<HistoryEvent> events, Map<String, HistoryEvent> exits) {
		this.id = id;
		this.exits = exits;
		for (HistoryEvent event : events) {
			this.job = event.job().isEmpty() ? this.job : event.job();
			switch (event.type()) {
				case ENQUEUED -> this.enqueued = (this.enqueued != null) ? this.enqueued : event;
				case ACCEPTED -> this.accepted = true;
				case TAKEN -> this.taken.computeIfAbsent(event.seq(), (seq) -> new ArrayList<>()).add(event);
				case ACKNOWLEDGED ->
					this.acknowledged.computeIfAbsent(event.seq(), (seq) -> new ArrayList<>()).add(event.micros());
				case STARTED -> start(event);
				case EFFECT -> effect(event);
				case ENDED -> end(event);
				default -> {
				}
			}
		}
	}

	private void start(HistoryEvent event) {
		HistoryEvent exit = this.exits.get(event.process());
		this.runs.add(new Run(event.seq(), event.attempt(), event.process(), event.micros(),
				(exit != null) ? exit.micros() : Long.MAX_VALUE, null, List.of()));
	}

	// Of two runs of one message in one process, each has an effect before either has
	// two.
	private void effect(HistoryEvent event) {
		Run run = openRun(event, true);
		List<Long> effects = new ArrayList<>(run.effects());
		effects.add(event.micros());
		replace(run, new Run(run.seq(), run.attempt(), run.process(), run.start(), run.end(), null, effects));
	}

	private void end(HistoryEvent event) {
		Run run = openRun(event, false);
		replace(run, new Run(run.seq(), run.attempt(), run.process(), run.start(), event.micros(),
				Outcome.valueOf(event.detail()), run.effects()));
	}

	private Run openRun(HistoryEvent event, boolean preferWithoutEffect) {
		List<Run> open = this.runs.stream()
			.filter((run) -> run.seq() == event.seq() && run.process().equals(event.process()) && run.outcome() == null)
			.toList();
		return open.stream()
			.filter((run) -> preferWithoutEffect == run.effects().isEmpty())
			.findFirst()
			.or(() -> open.stream().findFirst())
			.orElseThrow(() -> new IllegalArgumentException("No run is open for " + event));
	}

	private void replace(Run run, Run changed) {
		this.runs.set(this.runs.indexOf(run), changed);
	}

	String id() {
		return this.id;
	}

	String job() {
		return this.job;
	}

	@Nullable HistoryEvent enqueued() {
		return this.enqueued;
	}

	boolean isAccepted() {
		return this.accepted;
	}

	List<Run> runs() {
		return this.runs;
	}

	/**
	 * Return whether the job has come to an end that nobody needs to wait for.
	 */
	boolean isComplete(Set<String> deadLetters) {
		return this.runs.stream().anyMatch(Run::isFinal) || this.taken.values()
			.stream()
			.flatMap(List::stream)
			.anyMatch((event) -> deadLetters.contains(event.detail()));
	}

	/**
	 * Return whether something of the job is left: a run, or a message that is still to
	 * be delivered.
	 */
	boolean isUnderWay(Set<String> deadLetters) {
		return this.runs.stream().anyMatch((run) -> run.end() == Long.MAX_VALUE) || this.taken.entrySet()
			.stream()
			.anyMatch((entry) -> !this.acknowledged.containsKey(entry.getKey())
					&& entry.getValue().stream().anyMatch((event) -> !deadLetters.contains(event.detail())));
	}

	/**
	 * Return the queues that had taken a message before a time.
	 */
	List<String> queuesOf(int seq, long before) {
		return this.taken.getOrDefault(seq, List.of())
			.stream()
			.filter((event) -> event.micros() <= before)
			.map(HistoryEvent::detail)
			.toList();
	}

	boolean wasAcknowledged(int seq, long before) {
		return this.acknowledged.getOrDefault(seq, List.of()).stream().anyMatch((time) -> time < before);
	}

	/**
	 * Return when the job was over for good: done or discarded and acknowledged, or dead,
	 * kept, and acknowledged. {@link Long#MAX_VALUE} when it never was.
	 */
	long overAt(Set<String> deadLetters) {
		return this.acknowledged.entrySet()
			.stream()
			.filter((entry) -> isLast(entry.getKey(), entry.getValue().get(0), deadLetters))
			.mapToLong((entry) -> entry.getValue().get(0))
			.min()
			.orElse(Long.MAX_VALUE);
	}

	private boolean isLast(int seq, long acknowledged, Set<String> deadLetters) {
		return this.runs.stream().anyMatch((run) -> run.seq() == seq && run.isFinal() && isSettled(run))
				|| queuesOf(seq + 1, acknowledged).stream().anyMatch(deadLetters::contains);
	}

	/**
	 * Return whether the delivery of a run was acknowledged: the platform said so before
	 * the message was run again.
	 */
	private boolean isSettled(Run run) {
		long next = this.runs.stream()
			.filter((other) -> other.seq() == run.seq() && other.start() > run.start())
			.mapToLong(Run::start)
			.min()
			.orElse(Long.MAX_VALUE);
		return this.acknowledged.getOrDefault(run.seq(), List.of())
			.stream()
			.anyMatch((time) -> time >= run.start() && time < next);
	}

	/**
	 * Return whether a run had its effect and its process was killed before the delivery
	 * was acknowledged.
	 */
	private boolean wasCutAfterEffect(Run run, long before) {
		HistoryEvent exit = this.exits.get(run.process());
		return exit != null && exit.type() == Type.KILLED && exit.micros() <= before && !run.effects().isEmpty()
				&& !isSettled(run);
	}

	/**
	 * Return when processes were killed after the platform had taken the successor of a
	 * message from them, and before the message was acknowledged. There need not have
	 * been a run: one that came too early has a successor, too.
	 */
	private LongStream cutsAfterSuccessor(int seq) {
		return this.taken.getOrDefault(seq + 1, List.of())
			.stream()
			.map((event) -> this.exits.get(event.process()))
			.filter((exit) -> exit != null && exit.type() == Type.KILLED)
			.mapToLong(HistoryEvent::micros)
			.filter((killed) -> !wasAcknowledged(seq, killed));
	}

	/**
	 * Return whether a message was delivered anew although its successor had been taken.
	 */
	boolean wasCutAfterSuccessor(int seq, long before) {
		return cutsAfterSuccessor(seq).anyMatch((killed) -> killed <= before);
	}

	/**
	 * Return whether any message of the job was delivered anew although its successor had
	 * been taken.
	 */
	boolean wasCutAfterSuccessor(long before) {
		return cutsAfterSuccessor(before) > 0;
	}

	/**
	 * Return how many further effects deaths before a time excuse.
	 */
	long excuses(long before) {
		long afterEffect = this.runs.stream().filter((run) -> wasCutAfterEffect(run, before)).count();
		return afterEffect + cutsAfterSuccessor(before);
	}

	private long cutsAfterSuccessor(long before) {
		return this.taken.keySet().stream().filter((seq) -> seq > 0 && wasCutAfterSuccessor(seq - 1, before)).count();
	}

}
