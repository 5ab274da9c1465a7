package dev.backgroundjobs.autoconfigure;

import java.time.Clock;

/**
 * The clock that tells jobs the time: the application's, or the system's. Keeps the
 * library from publishing a {@link Clock} of its own.
 */
public final class JobsClock {

	private final Clock clock;

	/**
	 * Create a clock, in the place of the one that would be auto-configured: for tests
	 * that move the time of jobs alone.
	 * @param clock tells the time
	 */
	public JobsClock(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Return the clock.
	 * @return the clock
	 */
	public Clock get() {
		return this.clock;
	}

}
