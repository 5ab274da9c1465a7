package dev.backgroundjobs.iteration;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where an item of {@link Sources#nested} is.
 *
 * @param <C1> the outer cursor's type
 * @param <C2> the inner cursor's type
 * @param outer the last outer item of which all is done, or {@code null} while the first
 * one is walked
 * @param current the outer item being walked, so that {@code inner} is never taken for a
 * position in another one, when that item is gone
 * @param inner the last inner item of the current outer item that is done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NestedCursor<C1, C2>(@Nullable C1 outer, C1 current, C2 inner) {

}
