package dev.backgroundjobs.history;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Something that happened to a job, as one process saw it.
 *
 * @param micros when, in microseconds of the wall clock, which all processes of a machine
 * share
 * @param process the process that did it, by a name that no other has
 * @param type what happened
 * @param id the job's id, empty where a whole process is meant
 * @param seq the message of the job; with the id it is the delivery key. -1 where no
 * message is meant
 * @param attempt the attempt, 0 where no run is meant
 * @param job the job's name, empty where it is not known
 * @param detail the rest, as its type says
 */
public record HistoryEvent(long micros, String process, Type type, String id, int seq, int attempt, String job,
		String detail) {

	private static final int FIELDS = 8;

	/**
	 * What can happen.
	 */
	public enum Type {

		/**
		 * A caller is about to enqueue a job. The detail is the time it is to run at, in
		 * milliseconds, or empty.
		 */
		ENQUEUED,

		/**
		 * The job is owed: its caller was told so, or the transaction it belongs to has
		 * committed.
		 */
		ACCEPTED,

		/**
		 * The platform has taken a message. The process is the one that sent it, the
		 * detail is the queue.
		 */
		TAKEN,

		/** A run has begun. */
		STARTED,

		/** A run has done what the job is for. */
		EFFECT,

		/** A run has ended. The detail is its {@link Outcome}. */
		ENDED,

		/** The platform has forgotten a message, since it was acknowledged. */
		ACKNOWLEDGED,

		/** The platform delivers a message again. The detail says why. */
		RELEASED,

		/** A process died without a warning. The detail says where. */
		KILLED,

		/** A process was asked to stop and is gone. */
		STOPPED

	}

	/**
	 * How a run ended.
	 */
	public enum Outcome {

		/** The job is done. */
		SUCCEEDED,

		/** The attempt has failed. */
		FAILED,

		/** The job said never again. */
		DISCARDED,

		/** A shutdown ended the run. */
		INTERRUPTED

	}

	static long now() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	/**
	 * Return the key of the message.
	 * @return {@code id:seq}
	 */
	public String key() {
		return this.id + ":" + this.seq;
	}

	/**
	 * Write the event as one line.
	 * @return the line, with its end
	 */
	String line() {
		return String.join("\t", String.valueOf(this.micros), this.process, this.type.name(), this.id,
				String.valueOf(this.seq), String.valueOf(this.attempt), this.job, this.detail.replaceAll("\\s+", " "))
				+ "\n";
	}

	/**
	 * Read a line without its end.
	 */
	static HistoryEvent parse(String line) {
		String[] fields = line.split("\t", -1);
		if (fields.length != FIELDS) {
			throw new IllegalArgumentException(
					"'" + line + "' is no event: it has " + fields.length + " fields, not " + FIELDS);
		}
		return new HistoryEvent(Long.parseLong(fields[0]), fields[1], Type.valueOf(fields[2]), fields[3],
				Integer.parseInt(fields[4]), Integer.parseInt(fields[5]), fields[6], fields[7]);
	}

}
