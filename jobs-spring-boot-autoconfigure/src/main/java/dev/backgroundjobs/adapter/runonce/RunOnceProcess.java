package dev.backgroundjobs.adapter.runonce;

import java.io.UncheckedIOException;

/**
 * This process, which ends with what became of its message: another in tests, which
 * register theirs with the bootstrap context. Safe for use by several threads.
 */
interface RunOnceProcess {

	/**
	 * Have the process end as released unless something else is said, however it ends: a
	 * message that nobody has settled is to be delivered again.
	 * @param printsOnly whether standard output is kept for what is printed
	 */
	void start(boolean printsOnly);

	/**
	 * Say that the application did not start.
	 */
	void failed();

	/**
	 * Say what became of the message.
	 * @param code the exit code, also of a process that is ending already
	 */
	void settled(int code);

	/**
	 * Print to standard output, past the log.
	 * @param text what to print
	 * @throws UncheckedIOException when it cannot be written
	 */
	void print(String text);

	/**
	 * End the process with what was said last. Does not return but in tests.
	 */
	void exit();

}
