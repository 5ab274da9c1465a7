package dev.backgroundjobs.iteration;

import org.jspecify.annotations.Nullable;

/**
 * What is done with each item.
 *
 * @param <T> the items' type
 */
@FunctionalInterface
public interface ItemAction<T extends @Nullable Object> {

	/**
	 * Work on an item. It may be called again with the same item: after a failure, and
	 * when the process dies before the slice has ended.
	 * @param item the item
	 * @throws Exception when the item failed
	 */
	void accept(T item) throws Exception;

}
