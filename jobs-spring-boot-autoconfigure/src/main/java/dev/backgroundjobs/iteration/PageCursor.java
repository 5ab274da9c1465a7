package dev.backgroundjobs.iteration;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where an item of {@link Sources#pages} is.
 *
 * @param token the token of its page, or {@code null} for the first page
 * @param position its place in that page, from 0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PageCursor(@Nullable String token, int position) {

}
