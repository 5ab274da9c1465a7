package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Items of an application's own iterator.
 *
 * @param cursorType the cursor's type
 * @param open opens the iterator after a cursor
 * @param cursorOf takes an item's cursor
 */
record IteratorSource<T, C>(Class<C> cursorType, IteratorSource.Open<C, T> open,
		Function<? super T, ? extends C> cursorOf) implements CursorSource<T, C> {

	@Override
	public CursorIterator<T, C> iterate(@Nullable C cursor) {
		Iterator<? extends T> iterator = this.open.after(cursor);
		if (iterator == null) {
			throw new IllegalStateException(
					"There is no iterator after cursor " + cursor + ": return an empty one at the end");
		}
		return new Items<>(iterator, this.cursorOf);
	}

	/**
	 * Opens an iterator.
	 */
	interface Open<C, T> {

		Iterator<? extends T> after(@Nullable C cursor);

	}

	private static final class Items<T, C> implements CursorIterator<T, C> {

		private final Iterator<? extends T> iterator;

		private final Function<? super T, ? extends C> cursorOf;

		private @Nullable C cursor;

		Items(Iterator<? extends T> iterator, Function<? super T, ? extends C> cursorOf) {
			this.iterator = iterator;
			this.cursorOf = cursorOf;
		}

		@Override
		public boolean hasNext() {
			return this.iterator.hasNext();
		}

		@Override
		public T next() {
			T item = this.iterator.next();
			this.cursor = this.cursorOf.apply(item);
			return item;
		}

		@Override
		public C cursor() {
			return Objects.requireNonNull(this.cursor, "The cursor of the last item is null");
		}

		@Override
		public void close() throws IOException {
			if (this.iterator instanceof AutoCloseable closeable) {
				try {
					closeable.close();
				}
				catch (IOException | RuntimeException ex) {
					throw ex;
				}
				catch (Exception ex) {
					throw new IOException("The iterator cannot be closed", ex);
				}
			}
		}

	}

}
