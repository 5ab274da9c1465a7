package dev.backgroundjobs.iteration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.lang.CheckReturnValue;

/**
 * A walk over a source of items that can stop after any of them and go on later, in
 * another process: what a job method returns to be iterated.
 * <p>
 * The method runs anew at the start of every slice and only describes: it opens nothing,
 * and what it computes must be the same each time. Immutable: every method returns
 * another iteration, and what it returns is what counts.
 *
 * <pre>{@code
 * Iteration<Product> reprice(PriceList list) {
 *     return Iteration.over(productsById()).each((product) -> this.prices.apply(product, list));
 * }
 * }</pre>
 *
 * @param <T> the items' type
 */
@CheckReturnValue
public final class Iteration<T extends @Nullable Object> {

	private static final int MAX_PARALLEL = 64;

	private final IterationPlan<T> plan;

	private Iteration(IterationPlan<T> plan) {
		this.plan = plan;
	}

	/**
	 * Say what to walk.
	 * @param <T> the items' type
	 * @param source the items, in an order that stays
	 * @return asks what to do with each
	 */
	public static <T extends @Nullable Object> Over<T> over(CursorSource<T, ?> source) {
		if (source == null) {
			throw new IllegalArgumentException(
					"The source of the iteration is null: give a CursorSource, or return Iteration.none() "
							+ "where there is nothing to do");
		}
		return new Over<>(source);
	}

	/**
	 * Return an iteration that is done at once, without calling anything.
	 * @param <T> the items' type
	 * @return the iteration
	 */
	public static <T extends @Nullable Object> Iteration<T> none() {
		return new Iteration<>(new IterationPlan<>(null, (item) -> {
		}));
	}

	/**
	 * Call back before the first item of the first slice. Once, unless the process dies.
	 * Of every kind there may be several callbacks, called in the order they are given.
	 * @param callback what is called
	 * @return the iteration with that callback
	 */
	public Iteration<T> onStart(IterationCallback callback) {
		return with((plan) -> plan.onStart = plan.onStart.andThen(callback));
	}

	/**
	 * Call back at the start of every slice but the first, also after a failure.
	 * @param callback what is called
	 * @return the iteration with that callback
	 */
	public Iteration<T> onResume(IterationCallback callback) {
		return with((plan) -> plan.onResume = plan.onResume.andThen(callback));
	}

	/**
	 * Call back at the end of every slice after which another follows or would: it was
	 * stopped, throttled, or has failed.
	 * @param callback what is called
	 * @return the iteration with that callback
	 */
	public Iteration<T> onStop(IterationCallback callback) {
		return with((plan) -> plan.onStop = plan.onStop.andThen(callback));
	}

	/**
	 * Call back after the last item. Once, unless the process dies; if it throws, the
	 * attempt has failed, and the next calls it again without visiting an item.
	 * @param callback what is called
	 * @return the iteration with that callback
	 */
	public Iteration<T> onComplete(IterationCallback callback) {
		return with((plan) -> plan.onComplete = plan.onComplete.andThen(callback));
	}

	/**
	 * Surround the work on each item. Said several times, the first is the outermost.
	 * @param interceptor surrounds the work
	 * @return the iteration with that interceptor
	 */
	public Iteration<T> around(ItemInterceptor<T> interceptor) {
		return with((plan) -> plan.interceptors = with(plan.interceptors, interceptor));
	}

	/**
	 * Stop the slice while a condition holds: the next one comes after a wait, and it is
	 * no failed attempt. Said several times, the first condition that holds decides.
	 * @param when is asked before each item and before the source is opened, so it must
	 * be quick
	 * @param backoff the wait, above zero
	 * @return the iteration with that throttle
	 */
	public Iteration<T> throttle(BooleanSupplier when, Duration backoff) {
		Throttle throttle = new Throttle(when, backoff);
		return with((plan) -> plan.throttles = with(plan.throttles, throttle));
	}

	/**
	 * Skip items that fail instead of stopping at the first, up to a number in all
	 * slices. The first 20 of their cursors, at most 2 KiB, are kept, the rest is
	 * counted: {@code JobContext.current().progress()} has both. Errors,
	 * {@code RetryJobException}, {@code DiscardJobException} and
	 * {@link AbortIterationException} are not the item's failure and act as ever.
	 * @param max how many items may fail, 1 or more; one more fails the attempt
	 * @return the iteration that goes on
	 */
	public Iteration<T> continueOnItemFailure(long max) {
		if (max < 1) {
			throw new IllegalArgumentException("continueOnItemFailure(" + max
					+ ") would skip nothing: give the number of items that may fail, 1 or more");
		}
		return with((plan) -> plan.maxFailures = max);
	}

	/**
	 * Set the longest slice. It can only be shorter than {@code jobs.iteration.max-slice}
	 * and than what the platform allows. When the process dies, the items of that slice
	 * are repeated; where the platform takes a message it knows, the rest can be too.
	 * @param maxSlice the time, above zero
	 * @return the iteration with slices of that length
	 */
	public Iteration<T> maxSlice(Duration maxSlice) {
		if (maxSlice.isZero() || maxSlice.isNegative()) {
			throw new IllegalArgumentException("maxSlice is " + maxSlice + ": give a time above zero, such as 5 min");
		}
		return with((plan) -> plan.maxSlice = maxSlice);
	}

	/**
	 * Walk ranges of the source side by side, each as a job of its own with its own
	 * cursor, attempts and callbacks. The job itself ends when all of them are enqueued;
	 * nothing tells when all of them are done.
	 * @param parts how many ranges are wanted, 1 to 64; fewer where there are fewer items
	 * @return the iteration in parts
	 * @throws IllegalArgumentException when the source is no {@link SplittableSource}
	 */
	public Iteration<T> parallel(int parts) {
		if (parts < 1 || parts > MAX_PARALLEL) {
			throw new IllegalArgumentException(
					"parallel(" + parts + ") is out of range: give a number of parts from 1 to " + MAX_PARALLEL);
		}
		CursorSource<T, ?> source = this.plan.source();
		if (parts > 1 && source != null && !(source instanceof SplittableSource)) {
			throw new IllegalArgumentException(
					"A " + source.getClass().getSimpleName() + " cannot be cut into ranges for parallel(" + parts
							+ "): give a SplittableSource, such as a list, " + "a range, or a keyset with boundaries");
		}
		return with((plan) -> plan.parallel = parts);
	}

	/**
	 * Set whether progress resets the count of attempts: a failure after a finished item
	 * is then the first again, so that only failures at the same item use the attempts
	 * up.
	 * @param resets whether it does; {@code true} by default
	 * @return the iteration with that rule
	 */
	public Iteration<T> resetAttemptsOnProgress(boolean resets) {
		return with((plan) -> plan.resetsAttempts = resets);
	}

	private Iteration<T> with(Consumer<IterationPlan<T>> change) {
		IterationPlan<T> copy = this.plan.copy();
		change.accept(copy);
		return new Iteration<>(copy);
	}

	private static <E> List<E> with(List<E> list, E element) {
		List<E> longer = new ArrayList<>(list);
		longer.add(element);
		return List.copyOf(longer);
	}

	/**
	 * Return what this describes, for what runs it.
	 * @return the plan
	 */
	public IterationPlan<T> plan() {
		return this.plan;
	}

	/**
	 * What is walked, until it is said what to do with each item.
	 *
	 * @param <T> the items' type
	 */
	public static final class Over<T extends @Nullable Object> {

		private final CursorSource<T, ?> source;

		private Over(CursorSource<T, ?> source) {
			this.source = source;
		}

		/**
		 * Say what to do with each item.
		 * @param action works on an item; call another bean where its proxies are to
		 * apply, such as transactions
		 * @return the iteration
		 */
		public Iteration<T> each(ItemAction<T> action) {
			return new Iteration<>(new IterationPlan<>(this.source,
					Objects.requireNonNull(action, "Say what to do with each item: each(…) got null")));
		}

	}

}
