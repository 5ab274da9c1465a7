package dev.backgroundjobs.iteration;

import java.lang.reflect.Type;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A splittable source's items in lists. Ranges are cut between items, so that each may
 * end with a shorter list.
 *
 * @param source the source of the items
 * @param size how many items a list has
 */
record SplittableBatchSource<T extends @Nullable Object, C>(SplittableSource<T, C> source,
		int size) implements SplittableSource<List<T>, C> {

	SplittableBatchSource {
		new BatchSource<>(source, size);
	}

	@Override
	public CursorIterator<List<T>, C> iterate(@Nullable C cursor) throws Exception {
		return new BatchSource<>(this.source, this.size).iterate(cursor);
	}

	@Override
	public Type cursorType() {
		return this.source.cursorType();
	}

	@Override
	public @Nullable Long total() throws Exception {
		return new BatchSource<>(this.source, this.size).total();
	}

	@Override
	public List<C> split(int count) throws Exception {
		return this.source.split(count);
	}

	@Override
	public CursorSource<List<T>, C> range(@Nullable C after, @Nullable C last) {
		return this.source.range(after, last).batches(this.size);
	}

}
