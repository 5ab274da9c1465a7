package dev.backgroundjobs.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How far an iteration is: what one slice leaves to the next. Cursors are JSON texts, of
 * whatever type the source has.
 *
 * @param step the step that was begun and is not done, or {@code null}
 * @param completed the steps that are done, in their order
 * @param cursor the position of the last item that is done, or {@code null} for none
 * @param end the position of the last item there is to do, where the job is a part of a
 * parallel one, or {@code null}
 * @param processed how many items of the step are done
 * @param total how many items the step has, or {@code null} when unknown
 * @param slices how many slices there were, 0 when the job has not begun
 * @param interruptions how many of them were asked to stop or used up their time
 * @param runtimeMillis how long the step has run, in all slices
 * @param failed how many items failed and were skipped
 * @param failedCursors the positions of the first of them
 * @param ranges where the ranges of a parallel job end, or none
 * @param extra fields this version does not know, as JSON text by name
 */
public record IterationState(@Nullable String step, List<String> completed, @Nullable String cursor,
		@Nullable String end, long processed, @Nullable Long total, int slices, int interruptions, long runtimeMillis,
		long failed, List<String> failedCursors, List<String> ranges, Map<String, String> extra) {

	/** Largest cursor in bytes of JSON. */
	public static final int MAX_CURSOR_BYTES = 2 * 1024;

	/** Nothing is done. */
	public static final IterationState NEW = new IterationState(null, List.of(), null, null, 0, null, 0, 0, 0, 0,
			List.of(), List.of(), Map.of());

	/**
	 * Create a state.
	 */
	public IterationState {
		completed = List.copyOf(completed);
		failedCursors = List.copyOf(failedCursors);
		ranges = List.copyOf(ranges);
		extra = extra.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(extra));
	}

	/**
	 * Return the state of a job that begins after a position.
	 * @param cursor the position as JSON, or {@code null} for the start
	 * @param end the position of the last item to do as JSON, or {@code null}
	 * @return the state
	 */
	public static IterationState startingAfter(@Nullable String cursor, @Nullable String end) {
		return new IterationState(null, List.of(), cursor, end, 0, null, 0, 0, 0, 0, List.of(), List.of(), Map.of());
	}

	/**
	 * Return this state with the ends of ranges.
	 * @param ranges the positions as JSON
	 * @return the state
	 */
	public IterationState withRanges(List<String> ranges) {
		return new IterationState(this.step, this.completed, this.cursor, this.end, this.processed, this.total,
				this.slices, this.interruptions, this.runtimeMillis, this.failed, this.failedCursors, ranges,
				this.extra);
	}

	/**
	 * Return this state with one more interruption.
	 * @return the state
	 */
	public IterationState interrupted() {
		return new IterationState(this.step, this.completed, this.cursor, this.end, this.processed, this.total,
				this.slices, this.interruptions + 1, this.runtimeMillis, this.failed, this.failedCursors, this.ranges,
				this.extra);
	}

	/**
	 * Describe the state without its cursors, which may be keys of people.
	 */
	@Override
	public String toString() {
		return "IterationState[" + ((this.step != null) ? "step=" + this.step + ", " : "") + "processed="
				+ this.processed + ", total=" + this.total + ", slices=" + this.slices + "]";
	}

}
