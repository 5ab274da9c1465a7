package dev.backgroundjobs.iteration;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A page of items that names the next one.
 *
 * @param <T> the items' type
 * @param items the items; may be empty on any page
 * @param nextToken the token of the next page, or {@code null} on the last page
 */
public record TokenPage<T extends @Nullable Object>(List<T> items, @Nullable String nextToken) {

	public TokenPage {
		Objects.requireNonNull(items, "A page needs a list of items, if only an empty one");
	}

}
