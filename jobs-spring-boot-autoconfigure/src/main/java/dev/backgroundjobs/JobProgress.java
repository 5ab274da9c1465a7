package dev.backgroundjobs;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How far a job is. For an iteration it is kept over slices and retries.
 *
 * @param step the step that runs, or {@code null} for a job without steps
 * @param processed how many items of the step are done, those of a part for a part of a
 * parallel iteration; 0 or more
 * @param total how many there are in all, or {@code null} when unknown
 * @param rate items per second over all slices, 0 while nothing is known
 * @param remaining the time that the rest takes at that rate, without the time between
 * slices, or {@code null} when unknown
 * @param slices how many slices there were, this one included; 1 for a job that is no
 * iteration
 * @param interruptions how often a slice was stopped before the end: by a shutdown, at
 * the end of its time, or because the job asked for it
 * @param failed how many items failed and were skipped
 * @param failedCursors the cursors of the first 20 of them, as JSON, at most 2 KiB in all
 */
public record JobProgress(@Nullable String step, long processed, @Nullable Long total, double rate,
		@Nullable Duration remaining, int slices, int interruptions, long failed, List<String> failedCursors) {

	/**
	 * Create a progress.
	 */
	public JobProgress {
		failedCursors = List.copyOf(failedCursors);
	}

}
