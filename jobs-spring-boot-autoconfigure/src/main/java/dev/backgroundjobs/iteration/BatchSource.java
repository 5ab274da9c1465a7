package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A source's items in lists. The cursor is that of a list's last item.
 *
 * @param source the source of the items
 * @param size how many items a list has; the last one may have fewer
 */
record BatchSource<T extends @Nullable Object, C>(CursorSource<T, C> source,
		int size) implements CursorSource<List<T>, C> {

	BatchSource {
		if (size < 1) {
			throw new IllegalArgumentException("A batch has 1 or more items, not " + size);
		}
	}

	@Override
	public CursorIterator<List<T>, C> iterate(@Nullable C cursor) throws Exception {
		return new Batches<>(this.source.iterate(cursor), this.size);
	}

	@Override
	public Type cursorType() {
		return this.source.cursorType();
	}

	@Override
	public @Nullable Long total() throws Exception {
		Long items = this.source.total();
		return (items != null) ? items / this.size + ((items % this.size > 0) ? 1 : 0) : null;
	}

	private static final class Batches<T extends @Nullable Object, C> implements CursorIterator<List<T>, C> {

		private final CursorIterator<T, C> items;

		private final int size;

		Batches(CursorIterator<T, C> items, int size) {
			this.items = items;
			this.size = size;
		}

		@Override
		public boolean hasNext() throws Exception {
			return this.items.hasNext();
		}

		@Override
		public List<T> next() throws Exception {
			List<T> batch = new ArrayList<>(Math.min(this.size, 1_000));
			do {
				batch.add(this.items.next());
			}
			while (batch.size() < this.size && this.items.hasNext());
			return Collections.unmodifiableList(batch);
		}

		@Override
		public C cursor() {
			return this.items.cursor();
		}

		@Override
		public void close() throws IOException {
			this.items.close();
		}

	}

}
