package dev.backgroundjobs.definition;

/**
 * What a declaration leaves open.
 *
 * @param maxAttempts the number of attempts
 * @param backoff the wait between attempts
 */
public record JobDefaults(int maxAttempts, BackoffPolicy backoff) {

	/**
	 * Create defaults.
	 */
	public JobDefaults {
		if (maxAttempts < 1 || maxAttempts > 1000) {
			throw new IllegalArgumentException("Property 'jobs.retry.max-attempts' is " + maxAttempts
					+ ": give a number from 1 to 1000, the first run included");
		}
	}

}
