package dev.backgroundjobs.adapter.runonce;

/**
 * What this process was started for with one message has in common, whoever started it:
 * names of variables and properties, and exit codes.
 */
public final class RunOnce {

	/**
	 * The profile that is active, so that an application can hold back what is its own.
	 */
	public static final String PROFILE = "jobs-run-once";

	/** The environment variable with the message. */
	public static final String MESSAGE = "JOBS_MESSAGE";

	/** The environment variable with the path of a file that has the message. */
	public static final String MESSAGE_FILE = "JOBS_MESSAGE_FILE";

	/** The environment variable with the name of the backend that sent the message. */
	public static final String SENDER = "JOBS_SENDER";

	/** The message is settled: nothing is to run again. */
	public static final int EXIT_DONE = 0;

	/**
	 * The message is released: whoever has it starts a process for it again. The number
	 * that {@code sysexits.h} has for a temporary failure.
	 */
	public static final int EXIT_RELEASED = 75;

	/**
	 * The message is never to run again, and is kept nowhere but with whoever started
	 * this process. The number that {@code sysexits.h} has for wrong data.
	 */
	public static final int EXIT_NEVER = 65;

	private RunOnce() {
	}

}
