package dev.backgroundjobs.iteration;

/**
 * What is done at a moment of an iteration's life. What it wants to know it asks
 * {@code JobContext.current()}.
 */
@FunctionalInterface
public interface IterationCallback {

	/** Does nothing. */
	IterationCallback NONE = () -> {
	};

	/**
	 * Do it.
	 * @throws Exception when that fails: the attempt has failed then
	 */
	void call() throws Exception;

}
