package dev.backgroundjobs.adapter.local;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The messages of one queue that are due. Guarded by the lock of its {@link LocalQueues}.
 */
final class LocalLane {

	// Few priorities, many messages: each priority is a plain queue.
	private final TreeMap<Integer, Deque<LocalEntry>> ready = new TreeMap<>(Comparator.reverseOrder());

	private final int concurrency;

	private int running;

	LocalLane(int concurrency) {
		this.concurrency = concurrency;
	}

	void add(LocalEntry entry) {
		this.ready.computeIfAbsent(entry.priority(), (priority) -> new ArrayDeque<>()).add(entry);
	}

	void addFirst(LocalEntry entry) {
		this.ready.computeIfAbsent(entry.priority(), (priority) -> new ArrayDeque<>()).addFirst(entry);
	}

	void remove(LocalEntry entry) {
		Deque<LocalEntry> entries = this.ready.get(entry.priority());
		if (entries != null && entries.remove(entry) && entries.isEmpty()) {
			this.ready.remove(entry.priority());
		}
	}

	/**
	 * Return the message that may run next.
	 * @return the message, or {@code null} when there is none or as many run as may
	 */
	@Nullable LocalEntry head() {
		if (this.running >= this.concurrency) {
			return null;
		}
		return this.ready.isEmpty() ? null : this.ready.firstEntry().getValue().peek();
	}

	/**
	 * Take the head.
	 */
	void taken() {
		Map.Entry<Integer, Deque<LocalEntry>> first = this.ready.firstEntry();
		first.getValue().remove();
		if (first.getValue().isEmpty()) {
			this.ready.remove(first.getKey());
		}
		this.running++;
	}

	void ended() {
		this.running--;
	}

	boolean isFullBut(int free) {
		return this.running == this.concurrency - free;
	}

	void addTo(Collection<LocalEntry> entries) {
		this.ready.values().forEach(entries::addAll);
	}

}
