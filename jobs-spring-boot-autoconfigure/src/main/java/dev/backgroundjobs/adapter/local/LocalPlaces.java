package dev.backgroundjobs.adapter.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

/**
 * Where each message in memory is: delayed, ready in the lane of its queue, or taken. For
 * one thread at a time.
 */
final class LocalPlaces {

	private final Map<String, LocalLane> lanes = new HashMap<>();

	private final PriorityQueue<LocalEntry> delayed = new PriorityQueue<>(
			Comparator.comparing(LocalEntry::due).thenComparingLong(LocalEntry::order));

	// In no order: each knows its place.
	private final List<LocalEntry> taken = new ArrayList<>();

	private final ToIntFunction<String> concurrency;

	private long order;

	/**
	 * Create places without messages.
	 * @param concurrency how many messages of a queue may be taken at once
	 */
	LocalPlaces(ToIntFunction<String> concurrency) {
		this.concurrency = concurrency;
	}

	/**
	 * Put a message behind all others of its priority, or among the delayed.
	 * @param isDelayed whether its time is still to come
	 */
	void put(LocalEntry entry, boolean isDelayed) {
		entry.queued(++this.order);
		if (isDelayed) {
			this.delayed.add(entry);
		}
		else {
			lane(entry).add(entry);
		}
	}

	/**
	 * Put a message before all others of its priority.
	 */
	void putFirst(LocalEntry entry) {
		lane(entry).addFirst(entry);
	}

	/**
	 * Return the delayed message whose time comes next, or {@code null} when none is.
	 */
	@Nullable LocalEntry nextDelayed() {
		return this.delayed.peek();
	}

	/**
	 * Make the next delayed message ready.
	 */
	void promoteNext() {
		LocalEntry entry = this.delayed.remove();
		lane(entry).add(entry);
	}

	/**
	 * Take the message that goes before all others.
	 * @return the message, or {@code null} when none is ready in a lane with room
	 */
	@Nullable LocalEntry take() {
		LocalLane best = null;
		LocalEntry first = null;
		for (LocalLane lane : this.lanes.values()) {
			LocalEntry head = lane.head();
			if (head != null && (first == null || head.goesBefore(first))) {
				best = lane;
				first = head;
			}
		}
		if (best != null && first != null) {
			best.taken();
			first.place(this.taken.size());
			this.taken.add(first);
		}
		return first;
	}

	/**
	 * Forget a message that was taken.
	 * @return whether others may have waited for the room it leaves
	 */
	boolean end(LocalEntry entry) {
		LocalEntry last = this.taken.remove(this.taken.size() - 1);
		if (last != entry) {
			this.taken.set(entry.place(), last);
			last.place(entry.place());
		}
		LocalLane lane = lane(entry);
		lane.ended();
		return lane.isFullBut(1);
	}

	/**
	 * Remove a message that waits.
	 */
	void remove(LocalEntry entry) {
		this.delayed.remove(entry);
		lane(entry).remove(entry);
	}

	/**
	 * Return a message of a job that waits, or {@code null} when none does.
	 */
	@Nullable LocalEntry findWaiting(String jobId) {
		return find(waiting(), jobId);
	}

	/**
	 * Return whether a message of a job is taken.
	 */
	boolean isTaken(String jobId) {
		return find(this.taken, jobId) != null;
	}

	/**
	 * Return all messages, those that are taken at the end.
	 */
	List<LocalEntry> all() {
		List<LocalEntry> all = waiting();
		all.addAll(this.taken);
		return all;
	}

	private List<LocalEntry> waiting() {
		List<LocalEntry> waiting = new ArrayList<>(this.delayed);
		this.lanes.values().forEach((lane) -> lane.addTo(waiting));
		return waiting;
	}

	private static @Nullable LocalEntry find(List<LocalEntry> entries, String jobId) {
		for (LocalEntry entry : entries) {
			if (entry.jobId().equals(jobId)) {
				return entry;
			}
		}
		return null;
	}

	private LocalLane lane(LocalEntry entry) {
		LocalLane lane = this.lanes.get(entry.queue());
		if (lane == null) {
			lane = new LocalLane(this.concurrency.applyAsInt(entry.queue()));
			this.lanes.put(entry.queue(), lane);
		}
		return lane;
	}

}
