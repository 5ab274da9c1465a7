package dev.backgroundjobs.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of a message with what happens to it, and what came of it.
 */
final class Mishaps {

	final Stop stop;

	final Crash crash;

	/** How many items are done when it happens. */
	final int at;

	/** Which successor it happens to. */
	final int send;

	final List<String> log = new ArrayList<>();

	/** What the platform took of this delivery. */
	final List<JobMessage> taken = new ArrayList<>();

	@Nullable JobMessage message;

	@Nullable Settlement settlement;

	int items;

	int sends;

	boolean hasDoneAStep;

	boolean hasFailed;

	boolean isStopped;

	boolean isDead;

	boolean hasTwin;

	Mishaps(Stop stop, Crash crash, int at, int send) {
		this.stop = stop;
		this.crash = crash;
		this.at = at;
		this.send = send;
	}

	static Mishaps none() {
		return new Mishaps(Stop.NONE, Crash.NONE, 0, 0);
	}

	static Mishaps draw(Random random, List<Crash> crashes, int size) {
		Stop stop = Stop.values()[random.nextInt(Stop.values().length)];
		Crash crash = random.nextBoolean() ? Crash.NONE : crashes.get(random.nextInt(crashes.size()));
		return new Mishaps(stop, crash, random.nextInt(Math.max(1, size / 2 + 1)), random.nextInt(3) / 2);
	}

	boolean is(Stop stop) {
		return this.stop == stop && this.items == this.at && !this.isDead;
	}

	boolean is(Crash crash) {
		return this.crash == crash && !this.isDead;
	}

	/** The job throws. */
	void fail() {
		this.hasFailed = true;
		throw new IllegalStateException("planned: " + this.stop);
	}

	/** The process dies: what it does from here on has no effect. */
	void die() {
		this.isDead = true;
		throw new RecordingBackend.DeadProcess();
	}

	/** Which attempt the rules say that the successor is. */
	int expectedAttempt(JobMessage message) {
		boolean hasProgress = this.items > 0 || this.hasDoneAStep;
		int attempt = hasProgress ? 1 : message.attempt();
		if (this.hasFailed) {
			return attempt + 1;
		}
		if (this.isStopped && !hasProgress) {
			return switch (this.stop) {
				case REQUESTED -> attempt + 1;
				case SHUTDOWN_BEFORE, SHUTDOWN, INTERRUPTED -> (message.interruptions() >= 4) ? attempt + 1 : attempt;
				default -> attempt;
			};
		}
		return attempt;
	}

	@Override
	public String toString() {
		return this.stop + " and " + this.crash + " at item " + this.at + " of " + this.message + ": " + this.log
				+ " -> " + this.settlement + " " + this.taken;
	}

	/**
	 * How a slice ends without a crash.
	 */
	enum Stop {

		NONE, SHUTDOWN_BEFORE, SHUTDOWN, REQUESTED, TIME, THROTTLED, ITEM_FAILS, SOURCE_FAILS, START_FAILS,
		COMPLETE_FAILS, STOP_FAILS, INTERRUPTED

	}

	/**
	 * What a process or the platform may do to a delivery.
	 */
	enum Crash {

		NONE, DIES_BEFORE_THE_FIRST_ITEM, DIES_IN_AN_ITEM, DIES_BEFORE_THE_SUCCESSOR, DIES_AFTER_THE_SUCCESSOR,
		ACKNOWLEDGEMENT_LOST, DELIVERED_TWICE, SUCCESSOR_FAILS

	}

}
