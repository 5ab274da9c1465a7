package dev.backgroundjobs.execution;

import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * Published when a job is dead: its attempts are used up, or it can never run.
 *
 * @param message the message, with its arguments as they came
 * @param reason why, in a few words
 * @param cause the last failure, or {@code null} when there was no run
 * @param keptIn the queue that holds a copy, or {@code null} when none does
 */
public record DeadJobEvent(JobMessage message, String reason, @Nullable Throwable cause, @Nullable String keptIn) {
}
