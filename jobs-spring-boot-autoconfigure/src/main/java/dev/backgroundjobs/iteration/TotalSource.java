package dev.backgroundjobs.iteration;

import java.lang.reflect.Type;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A source whose total is counted elsewhere.
 */
final class TotalSource<T extends @Nullable Object, C> implements CursorSource<T, C> {

	private final CursorSource<T, C> source;

	private final LongSupplier total;

	TotalSource(CursorSource<T, C> source, LongSupplier total) {
		this.source = source;
		this.total = total;
	}

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
		return this.total.getAsLong();
	}

}
