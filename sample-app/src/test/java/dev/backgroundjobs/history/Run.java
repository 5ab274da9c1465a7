package dev.backgroundjobs.history;

import java.util.List;

import dev.backgroundjobs.history.HistoryEvent.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One run of a message.
 *
 * @param seq the message
 * @param attempt the attempt
 * @param process the process it was in
 * @param start when it began
 * @param end when it ended or its process was gone; {@link Long#MAX_VALUE} when neither
 * is known
 * @param outcome how it ended, or {@code null} when it did not
 * @param effects when it did what the job is for
 */
record Run(int seq, int attempt, String process, long start, long end, @Nullable Outcome outcome, List<Long> effects) {

	boolean is(Outcome outcome) {
		return this.outcome == outcome;
	}

	/**
	 * Return whether the job said that it is done with: nothing may follow.
	 */
	boolean isFinal() {
		return is(Outcome.SUCCEEDED) || is(Outcome.DISCARDED);
	}

	boolean overlaps(Run other) {
		return this.start < other.end && other.start < this.end;
	}

	@Override
	public String toString() {
		return "seq " + this.seq + ", attempt " + this.attempt + " in " + this.process + " at " + this.start
				+ ((this.outcome != null) ? " " + this.outcome : "");
	}

}
