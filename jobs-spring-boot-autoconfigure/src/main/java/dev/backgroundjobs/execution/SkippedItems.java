package dev.backgroundjobs.execution;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.iteration.AbortIterationException;

/**
 * Items that failed and were skipped: how many, and where the first of them are.
 */
final class SkippedItems {

	private static final int MAX_CURSORS = 20;

	private static final int MAX_BYTES = 2 * 1024;

	private long before;

	private volatile long count;

	private volatile List<String> cursors;

	private int bytes;

	SkippedItems(long count, List<String> cursors) {
		this.before = count;
		this.count = count;
		this.cursors = cursors;
		cursors.forEach((cursor) -> this.bytes += size(cursor));
	}

	/** Tells what is a failure of the item, and not of the job. */
	static boolean isOfItem(Exception failure) {
		return !(failure instanceof RetryJobException || failure instanceof DiscardJobException
				|| failure instanceof AbortIterationException || failure instanceof InterruptedException);
	}

	boolean hasRoom(long max) {
		return this.count < max;
	}

	/** Counts an item, and says whether its cursor is kept. */
	synchronized boolean add(String cursor) {
		this.count++;
		if (this.cursors.size() == MAX_CURSORS || this.bytes + size(cursor) > MAX_BYTES) {
			// The first ones are kept, not those that happen to fit.
			this.bytes = MAX_BYTES;
			return false;
		}
		this.bytes += size(cursor);
		List<String> more = new ArrayList<>(this.cursors);
		more.add(cursor);
		this.cursors = List.copyOf(more);
		return true;
	}

	/** Begins to count anew, for the next step. */
	synchronized void nextStep() {
		this.before -= this.count;
		this.count = 0;
		this.cursors = List.of();
		this.bytes = 0;
	}

	long count() {
		return this.count;
	}

	long added() {
		return this.count - this.before;
	}

	List<String> cursors() {
		return this.cursors;
	}

	// With the comma after it.
	private static int size(String cursor) {
		return cursor.getBytes(StandardCharsets.UTF_8).length + 1;
	}

}
