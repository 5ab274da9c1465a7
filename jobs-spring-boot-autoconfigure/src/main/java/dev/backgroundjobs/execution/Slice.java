package dev.backgroundjobs.execution;

import dev.backgroundjobs.message.IterationState;

/**
 * What a slice of an iteration has come to, however it ended.
 *
 * @param state where the next one begins
 * @param items how many items this slice has done, steps included
 * @param failed how many of them failed and were skipped
 * @param resetsAttempts whether a finished item makes the next failure the first again
 */
public record Slice(IterationState state, long items, long failed, boolean resetsAttempts) {

	/**
	 * Return whether anything was done.
	 * @return whether an item or step was finished
	 */
	public boolean hasProgress() {
		return this.items > 0;
	}

	/**
	 * Return which attempt a failure after this slice is.
	 * @param attempt the attempt that ran
	 * @return 1 where progress has reset the count
	 */
	public int attempt(int attempt) {
		return (hasProgress() && this.resetsAttempts) ? 1 : attempt;
	}

	/**
	 * Return this slice as one that was interrupted.
	 * @return the slice
	 */
	public Slice interrupted() {
		return new Slice(this.state.interrupted(), this.items, this.failed, this.resetsAttempts);
	}

	/**
	 * Say where the iteration is, for the log: by number, since a cursor may be the key
	 * of a person.
	 * @return a text that begins with a space
	 */
	public String position() {
		return ((this.state.step() != null) ? " in step '" + this.state.step() + "'" : "") + " with "
				+ this.state.processed() + ((this.state.total() != null) ? " of " + this.state.total() : "")
				+ " items done in all";
	}

}
