package dev.backgroundjobs.sample.pi;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.backgroundjobs.EnqueuedJob;
import org.jspecify.annotations.Nullable;

/**
 * A computation of pi.
 *
 * @param id the id, its job's too
 * @param digits how many digits, the 3 among them
 * @param state where it is on its way
 * @param result the digits, or {@code null} before it is done
 * @param error why it failed, in words for the user, or {@code null}
 * @param job its job as it was enqueued, or {@code null} before it is sent
 */
@JsonInclude(Include.NON_NULL)
record Pi(UUID id, int digits, PiState state, @Nullable String result, @Nullable String error,
		@JsonIgnore @Nullable EnqueuedJob job) {

}
