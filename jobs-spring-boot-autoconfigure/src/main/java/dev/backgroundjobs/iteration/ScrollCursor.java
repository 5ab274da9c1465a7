package dev.backgroundjobs.iteration;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where an item of {@link Sources#scroll} is: one of both, as the repository scrolls.
 *
 * @param offset the item's place in the result, from 0, or {@code null}
 * @param keys the values of its sort properties, or {@code null}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScrollCursor(@Nullable Long offset, @Nullable KeyCursor keys) {

	public ScrollCursor {
		if ((offset == null) == (keys == null)) {
			throw new IllegalArgumentException("A scroll cursor has either an offset or keys");
		}
	}

}
