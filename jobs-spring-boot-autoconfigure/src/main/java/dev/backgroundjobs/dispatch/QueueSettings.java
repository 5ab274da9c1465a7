package dev.backgroundjobs.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * Where the messages of a queue go.
 *
 * @param backend the name of the backend, or {@code null} for the default
 * @param delayBackend the name of the backend that holds messages for which
 * {@code backend} cannot wait, or {@code null}
 * @param deadLetter the queue that keeps dead jobs, or {@code null}
 */
public record QueueSettings(@Nullable String backend, @Nullable String delayBackend, @Nullable String deadLetter) {
}
