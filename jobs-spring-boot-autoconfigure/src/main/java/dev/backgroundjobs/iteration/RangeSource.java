package dev.backgroundjobs.iteration;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The whole numbers of a range. The cursor is the number.
 *
 * @param from the first number
 * @param to the number after the last one
 */
record RangeSource(long from, long to) implements SplittableSource<Long, Long> {

	@Override
	public CursorIterator<Long, Long> iterate(@Nullable Long cursor) {
		return new Numbers(beginAfter(cursor), this.to);
	}

	@Override
	public Class<Long> cursorType() {
		return Long.class;
	}

	@Override
	public @Nullable Long total() {
		if (this.from >= this.to) {
			return 0L;
		}
		long total = this.to - this.from;
		return (total > 0) ? total : null; // more than a long can say
	}

	@Override
	public List<Long> split(int count) {
		Cuts.requireRanges(count);
		return (this.from < this.to) ? Cuts.of(this.from, this.to - 1, count) : List.of();
	}

	@Override
	public SplittableSource<Long, Long> range(@Nullable Long after, @Nullable Long last) {
		return new RangeSource(beginAfter(after), (last == null || last >= this.to) ? this.to : last + 1);
	}

	private long beginAfter(@Nullable Long cursor) {
		if (cursor == null || cursor < this.from) {
			return this.from;
		}
		return (cursor >= this.to) ? this.to : cursor + 1;
	}

	private static final class Numbers implements CursorIterator<Long, Long> {

		private final long to;

		private long next;

		Numbers(long next, long to) {
			this.next = next;
			this.to = to;
		}

		@Override
		public boolean hasNext() {
			return this.next < this.to;
		}

		@Override
		public Long next() {
			return this.next++;
		}

		@Override
		public Long cursor() {
			return this.next - 1;
		}

	}

}
