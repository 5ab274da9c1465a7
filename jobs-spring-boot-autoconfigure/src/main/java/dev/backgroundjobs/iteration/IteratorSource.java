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
record IteratorSource<T, C>(Class<C> cursorType, Function<@Nullable C, ? extends Iterator<? extends T>> open,
		Function<? super T, ? extends C> cursorOf) implements CursorSource<T, C> {

	IteratorSource {
		Objects.requireNonNull(cursorType, "The cursors' type is null");
		Objects.requireNonNull(open, "The function that opens an iterator is null");
		Objects.requireNonNull(cursorOf, "The function that takes an item's cursor is null");
	}

	@Override
	public CursorIterator<T, C> iterate(@Nullable C cursor) {
		Iterator<? extends T> iterator = this.open.apply(cursor);
		if (iterator == null) {
			throw new IllegalStateException(
					"There is no iterator after cursor " + cursor + ": return an empty one at the end");
		}
		return new Items<>(iterator, this.cursorOf, cursor);
	}

	private static final class Items<T, C> implements CursorIterator<T, C> {

		private final Iterator<? extends T> iterator;

		private final Function<? super T, ? extends C> cursorOf;

		private final @Nullable C after;

		private @Nullable C cursor;

		Items(Iterator<? extends T> iterator, Function<? super T, ? extends C> cursorOf, @Nullable C after) {
			this.iterator = iterator;
			this.cursorOf = cursorOf;
			this.after = after;
		}

		@Override
		public boolean hasNext() {
			return this.iterator.hasNext();
		}

		@Override
		public T next() {
			T item = this.iterator.next();
			C itsCursor = this.cursorOf.apply(item);
			if (itsCursor == null) {
				throw new IllegalStateException("The function that takes an item's cursor, the last argument of "
						+ "'Sources.of' or 'Sources.stream', returned null: return what says where the item is, such "
						+ "as its id, and leave out items that have none");
			}
			// At any item: a function that ignores the cursor begins at the start again.
			if (itsCursor.equals(this.after)) {
				throw new IllegalStateException("The items after cursor " + this.after + " have that cursor again, so "
						+ "that they would be walked for ever: open only what comes after the given cursor");
			}
			this.cursor = itsCursor;
			return item;
		}

		@Override
		public C cursor() {
			return Objects.requireNonNull(this.cursor, "The cursor is asked for after an item");
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
