package dev.backgroundjobs.definition;

/**
 * What a declaration leaves open.
 *
 * @param maxAttempts the number of attempts
 * @param backoff the wait between attempts
 */
public record JobDefaults(int maxAttempts, BackoffPolicy backoff) {
}
