package dev.backgroundjobs.dispatch;

import dev.backgroundjobs.message.JobMessage;

/**
 * Published when a transaction has committed and a job of it could not be sent.
 *
 * @param message the message, with its arguments
 * @param cause the last failure
 */
public record EnqueueFailedEvent(JobMessage message, Throwable cause) {
}
