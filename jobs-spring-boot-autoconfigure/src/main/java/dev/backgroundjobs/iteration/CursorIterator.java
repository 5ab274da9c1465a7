package dev.backgroundjobs.iteration;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Items of an open {@link CursorSource}. Used by one thread, closed at the end of the
 * slice.
 *
 * @param <T> the items' type
 * @param <C> the cursor's type
 */
public interface CursorIterator<T extends @Nullable Object, C> extends AutoCloseable {

	/**
	 * Return whether there is another item.
	 * @return whether {@link #next()} has one
	 * @throws Exception when the source fails; counts as a failed attempt
	 */
	boolean hasNext() throws Exception;

	/**
	 * Return the next item. Called only after {@link #hasNext()} said there is one.
	 * @return the item
	 * @throws Exception when the source fails; counts as a failed attempt
	 */
	T next() throws Exception;

	/**
	 * Return the position of the item that {@link #next()} returned last. Asked after
	 * every item, so it must be cheap, and must not depend on what was done to the item
	 * meanwhile.
	 * @return the cursor to go on after that item, a value that does not change
	 */
	C cursor();

	/**
	 * Close the source.
	 * @throws IOException when that fails; logged, changes nothing
	 */
	@Override
	default void close() throws IOException {
	}

}
