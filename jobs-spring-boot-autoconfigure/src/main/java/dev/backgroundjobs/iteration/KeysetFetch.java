package dev.backgroundjobs.iteration;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Loads a page of items by key.
 *
 * @param <K> the key's type
 * @param <T> the items' type
 */
@FunctionalInterface
public interface KeysetFetch<K, T> {

	/**
	 * Load the next items, in the order of their keys.
	 * @param after the key of the last item before them, or {@code null} for the first
	 * page
	 * @return the items whose keys come after that one, as many as make a good page; none
	 * at the end
	 * @throws Exception when they cannot be loaded; counts as a failed attempt
	 */
	List<T> fetch(@Nullable K after) throws Exception;

}
