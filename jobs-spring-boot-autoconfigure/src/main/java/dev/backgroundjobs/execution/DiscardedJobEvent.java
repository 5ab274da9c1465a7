package dev.backgroundjobs.execution;

import dev.backgroundjobs.message.JobMessage;

/**
 * Published when a job said never again. Nothing is kept of it.
 *
 * @param message the message, with its arguments as they came
 * @param cause what the job threw
 */
public record DiscardedJobEvent(JobMessage message, Throwable cause) {
}
