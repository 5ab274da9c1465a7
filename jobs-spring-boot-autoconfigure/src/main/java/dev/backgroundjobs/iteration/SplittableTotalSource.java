package dev.backgroundjobs.iteration;

import java.lang.reflect.Type;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A splittable source whose total is counted elsewhere.
 *
 * @param source the source
 * @param counter counts its items
 */
record SplittableTotalSource<T extends @Nullable Object, C>(SplittableSource<T, C> source,
		LongSupplier counter) implements SplittableSource<T, C> {

	@Override
	public CursorIterator<T, C> iterate(@Nullable C cursor) throws Exception {
		return this.source.iterate(cursor);
	}

	@Override
	public Type cursorType() {
		return this.source.cursorType();
	}

	@Override
	public Long total() {
		return this.counter.getAsLong();
	}

	@Override
	public List<C> split(int count) throws Exception {
		return this.source.split(count);
	}

	@Override
	public CursorSource<T, C> range(@Nullable C after, @Nullable C last) {
		return this.source.range(after, last);
	}

}
