package dev.backgroundjobs.adapter.runonce;

/**
 * Ends the process: another in tests.
 */
@FunctionalInterface
interface RunOnceProcess {

	/**
	 * End the process.
	 * @param code its exit code
	 */
	void exit(int code);

}
