package dev.backgroundjobs.crash.application;

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Ends the process at a point, without any farewell: no finally block, no shutdown hook,
 * no flush, as {@code kill -9} does it.
 */
final class CrashSwitch {

	private static final int KILLED = 137;

	private volatile @Nullable CrashPoint armed;

	private final AtomicInteger passesLeft = new AtomicInteger();

	/**
	 * Let the process die.
	 * @param point where
	 * @param pass which time it comes there, from 1
	 */
	void arm(CrashPoint point, int pass) {
		this.passesLeft.set(pass);
		this.armed = point;
	}

	void at(CrashPoint point) {
		at(point, () -> {
		});
	}

	/**
	 * Die here, if that is asked for.
	 * @param point where this is
	 * @param last the last thing to do
	 */
	void at(CrashPoint point, Runnable last) {
		if (this.armed == point && this.passesLeft.decrementAndGet() == 0) {
			last.run();
			Runtime.getRuntime().halt(KILLED);
		}
	}

}
