package dev.backgroundjobs.execution;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.SplittableSource;
import dev.backgroundjobs.message.CursorCodec;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a source for a parallel iteration, and finds a part's piece of it.
 */
final class IterationParts {

	// They travel in one message, within the 8 KiB that are kept for what successors add.
	private static final int MAX_RANGES_BYTES = 6 * 1024;

	private final String job;

	private final JobMessage message;

	private final SlicePosition position;

	private final CursorCodec cursors;

	IterationParts(String job, JobMessage message, SlicePosition position, CursorCodec cursors) {
		this.job = job;
		this.message = message;
		this.position = position;
		this.cursors = cursors;
	}

	/**
	 * Cut a source.
	 * @return where its parts end, or {@code null} to walk it as a whole
	 */
	<T extends @Nullable Object, C> @Nullable JobOutcome split(SplittableSource<T, C> source, int count)
			throws Exception {
		if (this.position.hasEarlierSlices()) {
			// Began whole, with too few items for parts or before it was made parallel.
			return null;
		}
		if (this.position.hasCursor()) {
			throw new IllegalStateException("Job '" + this.job + "' is parallel and was given a start cursor, "
					+ "which its parts have not: enqueue it without, or drop parallel(" + count + ")");
		}
		List<C> ends = source.split(count);
		if (ends.size() >= count) {
			throw new IllegalStateException("The source of job '" + this.job + "' was asked for " + count
					+ " ranges and gave the ends of " + (ends.size() + 1) + ": split(n) returns at most n - 1 cursors");
		}
		List<String> written = new ArrayList<>();
		for (int i = 0; i < ends.size(); i++) {
			written.add(this.cursors.write("The end of part " + (i + 1) + " of job '" + this.job + "'", ends.get(i),
					source.cursorType()));
		}
		int bytes = written.stream().mapToInt((end) -> end.getBytes(StandardCharsets.UTF_8).length).sum();
		if (bytes > MAX_RANGES_BYTES) {
			throw new IllegalStateException("The ends of the " + (ends.size() + 1) + " parts of job '" + this.job
					+ "' have " + bytes + " bytes of JSON, more than " + MAX_RANGES_BYTES
					+ ": use shorter cursors, or fewer parts");
		}
		return written.isEmpty() ? null : new JobOutcome.Split(written, false);
	}

	/**
	 * Return the piece of a source that this message is about.
	 */
	<T extends @Nullable Object, C> CursorSource<T, C> of(CursorSource<T, C> whole, @Nullable C after) {
		if (this.message.parallel() == null) {
			return whole;
		}
		if (whole instanceof SplittableSource<T, C> splittable) {
			String end = (this.message.iteration() != null) ? this.message.iteration().end() : null;
			return splittable.range(after, this.position.readCursor(whole, end));
		}
		throw new IllegalStateException("This message is part " + this.message.parallel().index() + " of job '"
				+ this.job + "', whose source can no longer be cut into ranges: give it a SplittableSource until "
				+ "all parts are done");
	}

}
