package dev.backgroundjobs.adapter.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys under which jobs were taken lately: 10,000 of them, for 24 hours. Safe for use
 * by several threads.
 */
final class LocalKeys {

	private static final int MOST = 10_000;

	private static final Duration LONGEST = Duration.ofHours(24);

	// When each key was added, the oldest first.
	private final Map<String, Instant> keys = new LinkedHashMap<>();

	private final Clock clock;

	LocalKeys(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Add a key.
	 * @return whether it was not there
	 */
	synchronized boolean add(String key) {
		Instant now = this.clock.instant();
		Instant added = this.keys.remove(key);
		boolean recent = added != null && now.isBefore(added.plus(LONGEST));
		this.keys.put(key, recent ? added : now);
		if (this.keys.size() > MOST) {
			this.keys.remove(this.keys.keySet().iterator().next());
		}
		return !recent;
	}

}
