package dev.backgroundjobs.execution;

import java.time.Duration;

/**
 * How iterations are cut.
 *
 * @param maxSlice the longest slice
 * @param sliceDelay the time between a slice and the next, so that an instance that shuts
 * down does not get it again
 */
public record IterationSettings(Duration maxSlice, Duration sliceDelay) {

	/** What holds unless properties say otherwise: slices of 5 min, 1 s apart. */
	public static final IterationSettings DEFAULTS = new IterationSettings(Duration.ofMinutes(5),
			Duration.ofSeconds(1));

	/**
	 * Create settings.
	 */
	public IterationSettings {
		if (maxSlice.isZero() || maxSlice.isNegative()) {
			throw new IllegalArgumentException(
					"Property 'jobs.iteration.max-slice' is " + maxSlice + ": give a time above zero, such as 5m");
		}
		if (sliceDelay.isNegative()) {
			throw new IllegalArgumentException(
					"Property 'jobs.iteration.slice-delay' is " + sliceDelay + ": give zero or more, such as 1s");
		}
	}

}
