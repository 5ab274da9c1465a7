package dev.backgroundjobs.history;

/**
 * Something wrong with a job's history.
 *
 * @param verdict what is wrong
 * @param id the job's id
 * @param text the details
 */
public record Finding(Verdict verdict, String id, String text) {
}
