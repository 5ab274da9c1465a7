package dev.backgroundjobs.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * The time of jobs in a test: that of a clock, and ahead of it by what the test says. In
 * whole milliseconds, as on the wire, so that a job that is to run in ten minutes is due
 * once ten minutes have passed. Is no {@link Clock}, of which there must be none more.
 */
final class TestTime {

	private final Clock clock;

	private volatile Duration ahead = Duration.ZERO;

	TestTime(Clock clock) {
		this.clock = clock;
	}

	Clock asClock() {
		return in(this.clock.getZone());
	}

	private Clock in(ZoneId zone) {
		return new Clock() {

			@Override
			public ZoneId getZone() {
				return zone;
			}

			@Override
			public Clock withZone(ZoneId other) {
				return in(other);
			}

			@Override
			public Instant instant() {
				return now();
			}

		};
	}

	Instant now() {
		return this.clock.instant().plus(this.ahead).truncatedTo(ChronoUnit.MILLIS);
	}

	synchronized void advance(Duration duration) {
		this.ahead = this.ahead.plus(duration);
	}

	synchronized void reset() {
		this.ahead = Duration.ZERO;
	}

}
