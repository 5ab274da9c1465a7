package dev.backgroundjobs.iteration;

import org.jspecify.annotations.Nullable;

/**
 * Surrounds the work on each item.
 *
 * @param <T> the items' type
 */
@FunctionalInterface
public interface ItemInterceptor<T extends @Nullable Object> {

	/**
	 * Surround the work on an item.
	 * @param item the item
	 * @param action the work; call it once
	 * @throws Exception what the work throws, or the interceptor itself: either way the
	 * item has failed
	 */
	void intercept(T item, ItemAction<T> action) throws Exception;

}
