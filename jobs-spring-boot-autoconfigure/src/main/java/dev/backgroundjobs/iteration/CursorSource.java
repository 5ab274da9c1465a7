package dev.backgroundjobs.iteration;

import java.lang.reflect.Type;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Items in an order that stays, walked from any position. {@link Sources} has ready-made
 * ones.
 * <p>
 * A job method makes its source anew for every slice, so making one must cost nothing:
 * what is to be opened is opened by {@link #iterate}. Used by one thread at a time.
 *
 * @param <T> the items' type
 * @param <C> the cursor's type: a value that says where an item is and survives being
 * written as JSON and read back
 */
public interface CursorSource<T extends @Nullable Object, C> {

	/**
	 * Open the source.
	 * @param cursor the position of the last item that is done, or {@code null} to begin
	 * at the start
	 * @return the items after that position
	 * @throws Exception when the source cannot be opened; counts as a failed attempt
	 */
	CursorIterator<T, C> iterate(@Nullable C cursor) throws Exception;

	/**
	 * Return the type cursors are read back from JSON as.
	 * @return the cursor's type, with its type arguments
	 */
	Type cursorType();

	/**
	 * Count the items. Asked once, before the first item; what is said is kept over
	 * slices.
	 * @return how many items there are in all, or {@code null} or less than 0 when
	 * unknown
	 * @throws Exception when they cannot be counted; counts as a failed attempt
	 */
	default @Nullable Long total() throws Exception {
		return null;
	}

	/**
	 * Return this source with a total from elsewhere.
	 * @param total counts the items; called once, before the first item
	 * @return the source with that total
	 */
	default CursorSource<T, C> withTotal(LongSupplier total) {
		return new TotalSource<>(this, total);
	}

	/**
	 * Return this source's items in lists, for what is done to many at once. The cursor
	 * is that of a list's last item, so a list is done as a whole or again as a whole. A
	 * total is that of lists.
	 * @param size how many items a list has, 1 or more; the last list may have fewer
	 * @return a source of unmodifiable lists
	 */
	default CursorSource<List<T>, C> batches(int size) {
		return new BatchSource<>(this, size);
	}

}
