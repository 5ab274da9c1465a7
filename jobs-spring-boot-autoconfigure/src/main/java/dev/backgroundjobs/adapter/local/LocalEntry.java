package dev.backgroundjobs.adapter.local;

import java.time.Instant;

/**
 * A message that waits in memory. Guarded by the lock of its {@link LocalQueues}.
 */
final class LocalEntry {

	// Rough cost of the entry itself and its places in the maps.
	private static final int OVERHEAD = 400;

	private final String jobId;

	private final String job;

	private final String queue;

	private final int priority;

	private final byte[] body;

	private Instant due;

	private long order;

	private int redeliveries;

	LocalEntry(String jobId, String job, String queue, int priority, byte[] body, Instant due) {
		this.jobId = jobId;
		this.job = job;
		this.queue = queue;
		this.priority = priority;
		this.body = body;
		this.due = due;
	}

	String jobId() {
		return this.jobId;
	}

	String job() {
		return this.job;
	}

	String queue() {
		return this.queue;
	}

	int priority() {
		return this.priority;
	}

	byte[] body() {
		return this.body;
	}

	Instant due() {
		return this.due;
	}

	long order() {
		return this.order;
	}

	int redeliveries() {
		return this.redeliveries;
	}

	boolean goesBefore(LocalEntry other) {
		return (this.priority != other.priority) ? this.priority > other.priority : this.order < other.order;
	}

	int size() {
		return this.body.length + OVERHEAD;
	}

	void queued(long order) {
		this.order = order;
	}

	void postponed(Instant due) {
		this.due = due;
	}

	void redelivered(Instant due) {
		this.redeliveries++;
		this.due = due;
	}

}
