package dev.backgroundjobs.adapter.kubernetes;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What the annotation of a dead Job says.
 *
 * @param instance who reports it right now, or {@code null} when it is reported
 * @param since since when
 */
record DeadMark(@Nullable String instance, Instant since) {

	static final String REPORTED = "reported";

	/**
	 * Read a mark, or return {@code null} when there is none that can be read.
	 */
	static @Nullable DeadMark parse(@Nullable String text) {
		if (REPORTED.equals(text)) {
			return new DeadMark(null, Instant.EPOCH);
		}
		String[] parts = (text != null) ? text.split(" ", 2) : new String[0];
		Instant since = (parts.length == 2) ? ObservedJob.time(parts[1]) : null;
		return (since != null) ? new DeadMark(parts[0], since) : null;
	}

	boolean isReported() {
		return this.instance == null;
	}

	@Override
	public String toString() {
		return isReported() ? REPORTED : this.instance + " " + this.since;
	}

}
