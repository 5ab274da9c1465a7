package dev.backgroundjobs.iteration;

import java.util.Objects;

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

	/**
	 * Return a callback that does this and then another.
	 * @param next what is done after this
	 * @return both
	 */
	default IterationCallback andThen(IterationCallback next) {
		Objects.requireNonNull(next, "The callback is null");
		return (this == NONE) ? next : () -> {
			call();
			next.call();
		};
	}

}
