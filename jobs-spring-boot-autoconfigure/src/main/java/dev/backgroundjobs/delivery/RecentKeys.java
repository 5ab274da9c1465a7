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

	private final Map<String, Ended> finished = new LinkedHashMap<>();

	private final Clock clock;

	private long nextLook;

	RecentKeys(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Claim a key.
	 * @param redeliveries how often the platform has delivered it before. One that counts
	 * from the start again is a dead job that a person has moved back, to be run
	 * @return whether it is free, in which case it runs now
	 */
	synchronized Claim claim(String key, int redeliveries) {
		long now = this.clock.millis();
		if (now >= this.nextLook || now < this.nextLook - LOOK_MILLIS) {
			forgetOld(now);
			this.nextLook = now + LOOK_MILLIS;
		}
		Ended ended = this.finished.get(key);
		if (ended != null && redeliveries >= ended.redeliveries()) {
			this.finished.replace(key, new Ended(ended.at(), ended.as(), redeliveries));
		}
		else if (ended != null && ended.as() == Claim.DEAD) {
			this.finished.remove(key);
			ended = null;
		}
		if (ended != null) {
			return ended.as();
		}
		return this.running.add(key) ? Claim.FREE : Claim.RUNNING;
	}

	/**
	 * End the claim of a key.
	 * @param redeliveries how often the platform had delivered it before
	 * @param settlement what became of the delivery: one that was acknowledged is
	 * finished, one that was released as dead is not run again, and another is forgotten
	 */
	synchronized void end(String key, int redeliveries, Settlement settlement) {
		this.running.remove(key);
		if (settlement.isAcknowledged() || settlement == Settlement.DEAD_RELEASED) {
			Claim as = settlement.isAcknowledged() ? Claim.FINISHED : Claim.DEAD;
			this.finished.put(key, new Ended(this.clock.millis(), as, redeliveries));
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
		Iterator<Ended> ended = this.finished.values().iterator();
		while (ended.hasNext() && ended.next().at() < oldest) {
			ended.remove();
		}
	}

	enum Claim {

		FREE, RUNNING, FINISHED, DEAD

	}

	private record Ended(long at, Claim as, int redeliveries) {
	}

}
