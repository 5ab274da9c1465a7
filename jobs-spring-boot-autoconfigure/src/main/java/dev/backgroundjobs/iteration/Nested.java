package dev.backgroundjobs.iteration;

import org.jspecify.annotations.Nullable;

/**
 * An item of {@link Sources#nested}.
 *
 * @param <O> the outer items' type
 * @param <I> the inner items' type
 * @param outer the item of the outer source
 * @param inner an item of the inner source of that item
 */
public record Nested<O extends @Nullable Object, I extends @Nullable Object>(O outer, I inner) {

}
