package dev.backgroundjobs.execution;

import org.jspecify.annotations.Nullable;

/**
 * Published when a running job says how far it is.
 *
 * @param id the job's id
 * @param job the job's name
 * @param attempt the attempt that runs
 * @param processed what is done
 * @param total what is to do in all, or {@code null} when unknown
 */
public record JobProgressEvent(String id, String job, int attempt, long processed, @Nullable Long total) {
}
