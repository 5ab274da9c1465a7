package dev.backgroundjobs.adapter.local;

import java.time.Instant;
import java.util.Map;

import dev.backgroundjobs.message.JobMessage;

/**
 * A message that waits in memory. Guarded by the lock of its {@link LocalQueues}.
 */
final class LocalEntry {

	// Rough cost of the message and the entry themselves and their places in the maps.
	private static final int OVERHEAD = 800;

	private final JobMessage message;

	private final int size;

	private Instant due;

	private long order;

	private int redeliveries;

	private int place;

	LocalEntry(JobMessage message, Instant due) {
		this.message = message;
		this.size = size(message);
		this.due = due;
	}

	private static int size(JobMessage message) {
		int characters = message.args().length();
		for (Map.Entry<String, String> header : message.headers().entrySet()) {
			characters += header.getKey().length() + header.getValue().length();
		}
		return characters * 2 + OVERHEAD;
	}

	JobMessage message() {
		return this.message;
	}

	String jobId() {
		return this.message.id();
	}

	String job() {
		return this.message.job();
	}

	String queue() {
		return this.message.queue();
	}

	int priority() {
		return this.message.priority();
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
		return (priority() != other.priority()) ? priority() > other.priority() : this.order < other.order;
	}

	int size() {
		return this.size;
	}

	int place() {
		return this.place;
	}

	void place(int place) {
		this.place = place;
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
