package dev.backgroundjobs.docs;

import java.time.Instant;

/**
 * The name of a message's file: when something is to happen to it, how often it was
 * delivered before, and its key.
 */
record JobFile(Instant time, int redeliveries, String key) {

	static JobFile of(String name) {
		String[] parts = name.split("_", 3);
		return new JobFile(Instant.ofEpochMilli(Long.parseLong(parts[0])), Integer.parseInt(parts[1]), parts[2]);
	}

	String name() {
		long millis = this.time.plusNanos(999_999).toEpochMilli(); // never early
		return String.format("%015d_%d_%s", millis, this.redeliveries, this.key);
	}

}
