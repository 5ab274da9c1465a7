package dev.backgroundjobs.iteration;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Iteration} describes, for what runs it. Not changed once the iteration
 * is made.
 *
 * @param <T> the items' type
 */
public final class IterationPlan<T extends @Nullable Object> {

	private final @Nullable CursorSource<T, ?> source;

	private final ItemAction<T> action;

	List<ItemInterceptor<T>> interceptors = List.of();

	List<Throttle> throttles = List.of();

	IterationCallback onStart = IterationCallback.NONE;

	IterationCallback onResume = IterationCallback.NONE;

	IterationCallback onStop = IterationCallback.NONE;

	IterationCallback onComplete = IterationCallback.NONE;

	long maxFailures;

	@Nullable Duration maxSlice;

	int parallel = 1;

	boolean resetsAttempts = true;

	IterationPlan(@Nullable CursorSource<T, ?> source, ItemAction<T> action) {
		this.source = source;
		this.action = action;
	}

	IterationPlan<T> copy() {
		IterationPlan<T> copy = new IterationPlan<>(this.source, this.action);
		copy.interceptors = this.interceptors;
		copy.throttles = this.throttles;
		copy.onStart = this.onStart;
		copy.onResume = this.onResume;
		copy.onStop = this.onStop;
		copy.onComplete = this.onComplete;
		copy.maxFailures = this.maxFailures;
		copy.maxSlice = this.maxSlice;
		copy.parallel = this.parallel;
		copy.resetsAttempts = this.resetsAttempts;
		return copy;
	}

	/**
	 * Return what is walked.
	 * @return the source, or {@code null} for nothing
	 */
	public @Nullable CursorSource<T, ?> source() {
		return this.source;
	}

	/**
	 * Return what is done with each item, within the interceptors.
	 * @return the action
	 */
	public ItemAction<T> action() {
		ItemAction<T> action = this.action;
		for (int i = this.interceptors.size() - 1; i >= 0; i--) {
			ItemInterceptor<T> interceptor = this.interceptors.get(i);
			ItemAction<T> inner = action;
			action = (item) -> interceptor.intercept(item, inner);
		}
		return action;
	}

	/**
	 * Return when to wait.
	 * @return the throttles, in the order they are asked
	 */
	public List<Throttle> throttles() {
		return this.throttles;
	}

	/**
	 * Return what is called before the first slice.
	 * @return the callback
	 */
	public IterationCallback onStart() {
		return this.onStart;
	}

	/**
	 * Return what is called before every other slice.
	 * @return the callback
	 */
	public IterationCallback onResume() {
		return this.onResume;
	}

	/**
	 * Return what is called after a slice that is not the last.
	 * @return the callback
	 */
	public IterationCallback onStop() {
		return this.onStop;
	}

	/**
	 * Return what is called after the last item.
	 * @return the callback
	 */
	public IterationCallback onComplete() {
		return this.onComplete;
	}

	/**
	 * Return how many items may fail and are skipped.
	 * @return the number, 0 for none
	 */
	public long maxFailures() {
		return this.maxFailures;
	}

	/**
	 * Return the longest slice.
	 * @return the time, or {@code null} for what is configured
	 */
	public @Nullable Duration maxSlice() {
		return this.maxSlice;
	}

	/**
	 * Return how many ranges are walked side by side.
	 * @return the number, 1 for the whole source
	 */
	public int parallel() {
		return this.parallel;
	}

	/**
	 * Return whether a finished item makes the next failure the first again.
	 * @return whether it does
	 */
	public boolean resetsAttempts() {
		return this.resetsAttempts;
	}

}
