package dev.backgroundjobs.crash.application;

/**
 * Where a process can be told to die. In the order of a delivery, then of an enqueueing.
 */
public enum CrashPoint {

	/** The request is there, nothing of the message is read. */
	BEFORE_DECODE("before the message is decoded", 8),

	/** The delivery key is claimed, the method is not called yet. */
	BEFORE_RUN("after the claim, before the run", 8),

	/** The method is called and has done nothing. */
	DURING_RUN("during the run, before its effect", 8),

	/** The method has done what it is for and not returned. */
	AFTER_EFFECT("after the effect, before the method returns", 8),

	/** The run is over, its successor is not on its way. */
	BEFORE_SUCCESSOR("after the run, before its successor is sent", 4),

	/** The platform has the successor, the process has heard so, and nothing more. */
	AFTER_SUCCESSOR("after the platform took the successor, before the answer", 4),

	/** The platform has the dead copy, and the delivery is not acknowledged. */
	AFTER_DEAD_COPY("after the platform took the dead copy, before the answer", 1),

	/** The delivery is settled, and nothing of the answer is written. */
	BEFORE_ANSWER("settled, before the answer is written", 8),

	/** The answer is on its way to the platform. */
	AFTER_ANSWER("after the answer is written", 8),

	/** Of several messages enqueued together some are sent. */
	BETWEEN_SENDS("between two sends of one enqueueAll", 3),

	/** The transaction is committed, its message is not sent. */
	AFTER_COMMIT("after the commit, before the send", 2);

	private final String text;

	private final int passes;

	CrashPoint(String text, int passes) {
		this.text = text;
		this.passes = passes;
	}

	/**
	 * Return where that is, in words.
	 * @return the words
	 */
	public String text() {
		return this.text;
	}

	/**
	 * Return how often a load passes this point at least.
	 * @return the number
	 */
	public int passes() {
		return this.passes;
	}

}
