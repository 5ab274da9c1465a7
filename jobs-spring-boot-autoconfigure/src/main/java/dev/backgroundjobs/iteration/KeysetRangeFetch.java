package dev.backgroundjobs.iteration;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Loads a page of items by key, up to a key.
 *
 * @param <K> the key's type
 * @param <T> the items' type
 */
@FunctionalInterface
public interface KeysetRangeFetch<K, T> {

	/**
	 * Load the next items, in the order of their keys.
	 * @param after the key of the last item before them, or {@code null} for the first
	 * page
	 * @param last the greatest key to load, itself included, or {@code null} for no limit
	 * @return the items whose keys come after {@code after} and not after {@code last},
	 * as many as make a good page; none at the end
	 * @throws Exception when they cannot be loaded; counts as a failed attempt
	 */
	List<T> fetch(@Nullable K after, @Nullable K last) throws Exception;

}
