package dev.backgroundjobs.execution;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What limits a run.
 *
 * @param platform when the platform gives the message to somebody else, or {@code null}
 * @param stop when the thread is interrupted, or {@code null} for never
 */
record Deadlines(@Nullable Instant platform, @Nullable Instant stop) {

	// jobs.deadline-reserve: 10 %, between 2 s and 15 s, kept for the successor and the
	// answer.
	static Duration reserve(Duration limit, @Nullable Duration fixed) {
		long millis = (fixed != null) ? fixed.toMillis() : Math.max(2_000, Math.min(15_000, limit.toMillis() / 10));
		return Duration.ofMillis(Math.min(millis, Math.max(0, limit.toMillis() / 2)));
	}

	static Deadlines of(Instant now, @Nullable Duration timeout, @Nullable Instant platform,
			@Nullable Duration reserve) {
		Instant stop = (timeout != null) ? now.plus(timeout) : null;
		if (platform != null) {
			Instant latest = platform.minus(reserve(Duration.between(now, platform), reserve));
			stop = (stop == null || latest.isBefore(stop)) ? latest : stop;
		}
		return new Deadlines(platform, stop);
	}

}
