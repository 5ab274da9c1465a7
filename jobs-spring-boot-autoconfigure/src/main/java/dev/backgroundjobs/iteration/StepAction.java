package dev.backgroundjobs.iteration;

/**
 * A step that is no iteration.
 */
@FunctionalInterface
public interface StepAction {

	/**
	 * Do the step, as a whole. It may be done again: after a failure, and when the
	 * process dies before the slice has ended.
	 * @throws Exception when the step failed
	 */
	void run() throws Exception;

}
