package dev.backgroundjobs.cloudtasks.emulator;

import java.time.Duration;
import java.time.Instant;

import com.google.cloud.tasks.v2.RetryConfig;

/**
 * When and how often a queue tries a task again: queue.proto, RetryConfig.
 *
 * @param maxAttempts -1 without a limit
 * @param maxRetryDuration zero without a limit
 * @param minBackoff the first wait
 * @param maxBackoff the longest wait
 * @param maxDoublings how often the wait doubles before it grows by the same step
 */
record RetryPolicy(int maxAttempts, Duration maxRetryDuration, Duration minBackoff, Duration maxBackoff,
		int maxDoublings) {

	// What 'gcloud tasks queues describe' shows of a queue that was created without any.
	private static final RetryPolicy DEFAULTS = new RetryPolicy(100, Duration.ZERO, Duration.ofMillis(100),
			Duration.ofHours(1), 16);

	static RetryPolicy of(RetryConfig config) {
		return new RetryPolicy((config.getMaxAttempts() != 0) ? config.getMaxAttempts() : DEFAULTS.maxAttempts(),
				config.hasMaxRetryDuration() ? duration(config.getMaxRetryDuration()) : DEFAULTS.maxRetryDuration(),
				config.hasMinBackoff() ? duration(config.getMinBackoff()) : DEFAULTS.minBackoff(),
				config.hasMaxBackoff() ? duration(config.getMaxBackoff()) : DEFAULTS.maxBackoff(),
				(config.getMaxDoublings() != 0) ? config.getMaxDoublings() : DEFAULTS.maxDoublings());
	}

	static Duration duration(com.google.protobuf.Duration duration) {
		return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
	}

	/**
	 * The wait after an attempt that failed.
	 * @param attempts the number of attempts so far, from 1
	 */
	Duration backoff(int attempts) {
		int doublings = Math.min(attempts - 1, this.maxDoublings);
		// 32 doublings of a millisecond are longer than a task is kept.
		Duration step = shorter(this.minBackoff.multipliedBy(1L << Math.min(doublings, 32)), this.maxBackoff);
		return shorter(step.multipliedBy(attempts - doublings), this.maxBackoff);
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * Whether a task is given up: both limits must have been reached.
	 */
	boolean givesUp(int attempts, Instant firstAttempt, Instant now) {
		boolean attemptsUsedUp = this.maxAttempts >= 0 && attempts >= this.maxAttempts;
		return attemptsUsedUp && !now.isBefore(firstAttempt.plus(this.maxRetryDuration));
	}

}
