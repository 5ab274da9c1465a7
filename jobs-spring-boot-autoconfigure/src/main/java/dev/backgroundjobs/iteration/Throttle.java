package dev.backgroundjobs.iteration;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When an iteration makes way for others.
 *
 * @param when is asked before each item, and before the source is opened
 * @param backoff how long the iteration waits then
 */
public record Throttle(BooleanSupplier when, Duration backoff) {

	/**
	 * Create a throttle.
	 */
	public Throttle {
		if (backoff.isNegative() || backoff.isZero()) {
			throw new IllegalArgumentException(
					"The backoff of a throttle is " + backoff + ": give a time above zero, such as 30 s");
		}
	}

}
