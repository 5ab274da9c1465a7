package dev.backgroundjobs.definition;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between a failed attempt and the next.
 *
 * @param delay the wait after the first failed attempt
 * @param multiplier the factor by which the wait grows, 1 or more
 * @param maxDelay the longest wait before the random part is added
 * @param jitterFactor the largest random part, as a fraction of the wait, 0 to 1
 */
public record BackoffPolicy(Duration delay, double multiplier, Duration maxDelay, double jitterFactor) {

	/**
	 * Create a policy.
	 */
	public BackoffPolicy {
		if (delay.isNegative() || maxDelay.isNegative()) {
			throw new IllegalArgumentException("delay and maxDelay are zero or more");
		}
		if (!(multiplier >= 1 && multiplier <= 1000)) {
			throw new IllegalArgumentException("multiplier is " + multiplier + ": give a number from 1 to 1000");
		}
		if (!(jitterFactor >= 0 && jitterFactor <= 1)) {
			throw new IllegalArgumentException("jitterFactor is " + jitterFactor + ": give a number from 0 to 1");
		}
	}

	/**
	 * Return the wait after a failed attempt.
	 * @param attempt the attempt that failed, from 1
	 * @param random decides the random part
	 * @return the wait
	 */
	public Duration after(int attempt, RandomGenerator random) {
		double millis = Math.min((double) this.maxDelay.toMillis(),
				this.delay.toMillis() * Math.pow(this.multiplier, attempt - 1));
		double jitter = millis * this.jitterFactor * (2 * random.nextDouble() - 1);
		return Duration.ofMillis(Math.round(millis + jitter));
	}

}
