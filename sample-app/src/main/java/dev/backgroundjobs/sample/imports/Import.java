package dev.backgroundjobs.sample.imports;

import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An uploaded CSV file and how far its import is, over all its jobs.
 *
 * @param id the id
 * @param name the uploaded file's name, without a path
 * @param state where it is on its way
 * @param error why it failed, in words for the user, or {@code null}
 * @param jobId the job that works on it; others of the same import have been replaced
 * @param cursor the position in the file after the last finished row, or {@code null}
 * @param total how many rows the file has, malformed ones too
 * @param processed how many of them are done
 * @param rate rows per second, while it runs
 * @param slices how many slices there were
 * @param interruptions how many of them were stopped before the end
 * @param failedRows how many rows were malformed and skipped
 */
public record Import(UUID id, String name, ImportState state, @Nullable String error, UUID jobId, @Nullable Long cursor,
		long total, long processed, double rate, int slices, int interruptions, long failedRows) {

	/**
	 * Return how long the rest takes at the present rate.
	 * @return the time, or {@code null} when it does not run or nothing is known yet
	 */
	public @Nullable Duration remaining() {
		if (this.state != ImportState.RUNNING || this.rate <= 0) {
			return null;
		}
		return Duration.ofMillis(Math.round(1000 * Math.max(0, this.total - this.processed) / this.rate));
	}

}
