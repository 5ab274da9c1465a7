package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The delivery keys that run now, and those that were acknowledged a short while ago:
 * what one process can do against duplicates. Bounded. Safe for use by several threads.
 */
final class RecentKeys {

	static final int MAX_FINISHED = 10_000;

	// Old keys do no harm for a second more.
	private static final long LOOK_MILLIS = 1_000;

	static final Duration MAX_AGE = Duration.ofHours(1);

	private final Set<String> running = new HashSet<>();

	private final Map<String, Long> finished = new LinkedHashMap<>();

	private final Clock clock;

	private long nextLook;

	RecentKeys(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Claim a key.
	 * @return whether it is free, in which case it runs now
	 */
	synchronized Claim claim(String key) {
		long now = this.clock.millis();
		if (now >= this.nextLook || now < this.nextLook - LOOK_MILLIS) {
			forgetOld(now);
			this.nextLook = now + LOOK_MILLIS;
		}
		if (this.finished.containsKey(key)) {
			return Claim.FINISHED;
		}
		return this.running.add(key) ? Claim.FREE : Claim.RUNNING;
	}

	/**
	 * End the claim of a key.
	 * @param acknowledged whether the delivery was acknowledged, so that the key is
	 * finished; if not, it is forgotten
	 */
	synchronized void end(String key, boolean acknowledged) {
		this.running.remove(key);
		if (acknowledged) {
			this.finished.put(key, this.clock.millis());
			if (this.finished.size() > MAX_FINISHED) {
				this.finished.remove(this.finished.keySet().iterator().next());
			}
		}
	}

	synchronized void forgetFinished() {
		this.finished.clear();
	}

	// The oldest come first.
	private void forgetOld(long now) {
		long oldest = now - MAX_AGE.toMillis();
		Iterator<Long> times = this.finished.values().iterator();
		while (times.hasNext() && times.next() < oldest) {
			times.remove();
		}
	}

	enum Claim {

		FREE, RUNNING, FINISHED

	}

}
