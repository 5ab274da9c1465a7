package dev.backgroundjobs.cloudtasks.emulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * The names of the tasks of a queue, those that are gone included, for a while. Guarded
 * by the queue.
 */
final class TakenNames {

	// "About 1 hour" on the page of quotas; others say 4 and 24 hours.
	private static final Duration KEPT = Duration.ofHours(1);

	private static final int CLEARED_AT = 10_000;

	private final Map<String, Instant> until = new HashMap<>();

	private final InstantSource clock;

	private int clearedAt = CLEARED_AT;

	TakenNames(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * Take a name.
	 * @return whether it was free
	 */
	boolean take(String name) {
		Instant now = this.clock.instant();
		if (this.until.size() >= this.clearedAt) {
			this.until.values().removeIf((end) -> !now.isBefore(end));
			this.clearedAt = Math.max(CLEARED_AT, 2 * this.until.size());
		}
		Instant end = this.until.get(name);
		if (end != null && now.isBefore(end)) {
			return false;
		}
		this.until.put(name, Instant.MAX);
		return true;
	}

	/**
	 * The task of a name is gone: the name is free again in an hour.
	 */
	void release(String name) {
		this.until.put(name, this.clock.instant().plus(KEPT));
	}

}
