package dev.backgroundjobs.history;

/**
 * What can be wrong with a job's history.
 */
public enum Verdict {

	/**
	 * The job was accepted; it was never done, discarded, or kept as dead, and the
	 * platform has no message of it any more.
	 */
	LOST(false),

	/**
	 * A run that should not be: never enqueued, its message never taken or acknowledged
	 * before, the job finished or dead, the wrong attempt, too early.
	 */
	UNEXPECTED(false),

	/** The effect was there more than once, and no crash excuses it. */
	DOUBLED(false),

	/**
	 * The effect was there again after a process was killed between it, or between a
	 * successor taken by the platform, and the acknowledgement: at least once.
	 */
	DOUBLED_BY_CRASH(true),

	/** Two runs of one message at once, or of two messages of one job. */
	OVERLAPPING(false),

	/**
	 * A message was run again, since a process was killed between the taking of its
	 * successor and the acknowledgement, while its successor was run, too.
	 */
	OVERLAPPING_BY_CRASH(true),

	/** More attempts than the job has. */
	TOO_MANY_ATTEMPTS(false),

	/** At the end the job still runs, or the platform still has a message of it. */
	ENDLESS(false);

	private final boolean allowed;

	Verdict(boolean allowed) {
		this.allowed = allowed;
	}

	/**
	 * Return whether this may happen where a platform delivers at least once.
	 * @return whether it may
	 */
	public boolean isAllowed() {
		return this.allowed;
	}

}
