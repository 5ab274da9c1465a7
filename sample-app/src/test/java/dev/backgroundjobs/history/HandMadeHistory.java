package dev.backgroundjobs.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.backgroundjobs.history.HistoryEvent.Outcome;
import dev.backgroundjobs.history.HistoryEvent.Type;

/**
 * A history written by hand: every event is a microsecond later than the one before.
 */
final class HandMadeHistory {

	static final String QUEUE = "work";

	static final String DEAD = "work-dead";

	static final String JOB = "a.job";

	private final List<HistoryEvent> events = new ArrayList<>();

	private String process = "p1";

	HandMadeHistory in(String process) {
		this.process = process;
		return this;
	}

	/** Enqueued, accepted, and taken as the job's first message. */
	HandMadeHistory enqueued(String id) {
		return asked(id).add(Type.ACCEPTED, id, -1, 0, "").taken(id, 0);
	}

	/** Enqueued by a caller who heard nothing. */
	HandMadeHistory asked(String id) {
		return add(Type.ENQUEUED, id, -1, 0, "");
	}

	HandMadeHistory add(Type type, String id, int seq, int attempt, String detail) {
		this.events.add(new HistoryEvent(1000 + this.events.size(), this.process, type, id, seq, attempt, JOB, detail));
		return this;
	}

	HandMadeHistory taken(String id, int seq) {
		return add(Type.TAKEN, id, seq, 0, QUEUE);
	}

	HandMadeHistory kept(String id, int seq) {
		return add(Type.TAKEN, id, seq, 0, DEAD);
	}

	HandMadeHistory started(String id, int seq, int attempt) {
		return add(Type.STARTED, id, seq, attempt, "");
	}

	HandMadeHistory effect(String id, int seq) {
		return add(Type.EFFECT, id, seq, 0, "");
	}

	HandMadeHistory ended(String id, int seq, Outcome outcome) {
		return add(Type.ENDED, id, seq, 0, outcome.name());
	}

	HandMadeHistory acknowledged(String id, int seq) {
		return add(Type.ACKNOWLEDGED, id, seq, 0, "");
	}

	/** A run with its effect that succeeds. */
	HandMadeHistory done(String id, int seq, int attempt) {
		return started(id, seq, attempt).effect(id, seq).ended(id, seq, Outcome.SUCCEEDED);
	}

	HandMadeHistory failed(String id, int seq, int attempt) {
		return started(id, seq, attempt).ended(id, seq, Outcome.FAILED);
	}

	HandMadeHistory killed() {
		return add(Type.KILLED, "", -1, 0, "");
	}

	HandMadeHistory stopped() {
		return add(Type.STOPPED, "", -1, 0, "");
	}

	/** What the checker says of a job with two attempts that may run 1 ms early. */
	List<Verdict> verdicts() {
		return findings().stream().map(Finding::verdict).toList();
	}

	List<Finding> findings() {
		return new HistoryChecker(Map.of(JOB, 2), Set.of(DEAD), 1).check(this.events);
	}

	List<HistoryEvent> events() {
		return this.events;
	}

}
