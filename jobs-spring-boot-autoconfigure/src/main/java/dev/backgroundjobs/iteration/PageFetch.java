package dev.backgroundjobs.iteration;

import org.jspecify.annotations.Nullable;

/**
 * Loads a page of items by token.
 *
 * @param <T> the items' type
 */
@FunctionalInterface
public interface PageFetch<T extends @Nullable Object> {

	/**
	 * Load a page. The page of a token is loaded again when a slice ended within it.
	 * @param token the page's token, or {@code null} for the first page
	 * @return the page
	 * @throws Exception when it cannot be loaded; counts as a failed attempt
	 */
	TokenPage<T> fetch(@Nullable String token) throws Exception;

}
