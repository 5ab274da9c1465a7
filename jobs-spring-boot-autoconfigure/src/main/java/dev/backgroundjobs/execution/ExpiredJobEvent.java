package dev.backgroundjobs.execution;

import dev.backgroundjobs.message.JobMessage;

/**
 * Published when a job was not started, since its {@code expiresAt} had passed.
 *
 * @param message the message, with its arguments as they came
 */
public record ExpiredJobEvent(JobMessage message) {
}
