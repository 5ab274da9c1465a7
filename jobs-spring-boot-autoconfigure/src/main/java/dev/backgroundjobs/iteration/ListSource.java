package dev.backgroundjobs.iteration;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The items of a list. The cursor is the item's index.
 *
 * @param list the list
 * @param from the index of the first item
 * @param to the index after the last item, at most; a shorter list ends sooner
 */
record ListSource<T extends @Nullable Object>(List<T> list, int from, int to) implements SplittableSource<T, Integer> {

	@Override
	public CursorIterator<T, Integer> iterate(@Nullable Integer cursor) {
		return new Items<>(this.list, beginAfter(cursor), end());
	}

	@Override
	public Class<Integer> cursorType() {
		return Integer.class;
	}

	@Override
	public Long total() {
		return (long) Math.max(0, end() - this.from);
	}

	@Override
	public List<Integer> split(int count) {
		return Cuts.of(this.from, Math.max(this.from, end()) - 1L, count).stream().map(Math::toIntExact).toList();
	}

	@Override
	public SplittableSource<T, Integer> range(@Nullable Integer after, @Nullable Integer last) {
		return new ListSource<>(this.list, beginAfter(after), (last == null || last >= this.to) ? this.to : last + 1);
	}

	private int beginAfter(@Nullable Integer cursor) {
		if (cursor == null || cursor < this.from) {
			return this.from;
		}
		return (cursor >= this.to) ? this.to : cursor + 1;
	}

	private int end() {
		return Math.min(this.to, this.list.size());
	}

	private static final class Items<T extends @Nullable Object> implements CursorIterator<T, Integer> {

		private final List<T> list;

		private final int to;

		private int next;

		Items(List<T> list, int next, int to) {
			this.list = list;
			this.next = next;
			this.to = to;
		}

		@Override
		public boolean hasNext() {
			return this.next < this.to;
		}

		@Override
		public T next() {
			return this.list.get(this.next++);
		}

		@Override
		public Integer cursor() {
			return this.next - 1;
		}

	}

}
