package dev.backgroundjobs.iteration;

import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A {@link CursorSource} that can be cut into ranges, which are walked side by side.
 *
 * @param <T> the items' type
 * @param <C> the cursor's type
 */
public interface SplittableSource<T extends @Nullable Object, C> extends CursorSource<T, C> {

	/**
	 * Cut the source into ranges that follow each other and leave nothing out. Asked once
	 * for a job.
	 * @param count how many ranges are wanted, 2 or more
	 * @return the cursors at which ranges end, in order: the first range begins at the
	 * start and ends with the item at the first of them, the last range begins after the
	 * last of them and goes to the end. At most {@code count - 1}; fewer where there are
	 * fewer items
	 * @throws Exception when the source fails; counts as a failed attempt
	 */
	List<C> split(int count) throws Exception;

	/**
	 * Return the part of this source that ends with the item at a cursor. Its total and
	 * its cursors are those of that part and of this source.
	 * @param after the position the part begins after, or {@code null} for the start
	 * @param last the position of the part's last item, or {@code null} for the end
	 * @return the part
	 */
	CursorSource<T, C> range(@Nullable C after, @Nullable C last);

	/**
	 * {@inheritDoc} It is not that of ranges, which count their own.
	 */
	@Override
	default SplittableSource<T, C> withTotal(LongSupplier total) {
		return new SplittableTotalSource<>(this, total);
	}

	/**
	 * {@inheritDoc} Ranges are cut between items, so each range may end with a shorter
	 * list.
	 */
	@Override
	default SplittableSource<List<T>, C> batches(int size) {
		return new SplittableBatchSource<>(this, size);
	}

}
