package dev.backgroundjobs.iteration;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * Items in pages by key, between two keys.
 *
 * @param keyType the key's type
 * @param fetch loads a page
 * @param key takes an item's key
 * @param boundaries says where the ranges end, for a count of ranges
 * @param after the key before the first item
 * @param last the greatest key
 */
record KeysetRangeSource<T, K>(Class<K> keyType, KeysetRangeFetch<K, T> fetch, Function<? super T, ? extends K> key,
		IntFunction<List<K>> boundaries, @Nullable K after, @Nullable K last) implements SplittableSource<T, K> {

	@Override
	public CursorIterator<T, K> iterate(@Nullable K cursor) {
		KeysetFetch<K, T> upToLast = (begin) -> this.fetch.fetch(begin, this.last);
		return new KeysetSource<>(this.keyType, upToLast, this.key).iterate((cursor != null) ? cursor : this.after);
	}

	@Override
	public Class<K> cursorType() {
		return this.keyType;
	}

	@Override
	public List<K> split(int count) {
		Cuts.requireRanges(count);
		List<K> ends = this.boundaries.apply(count);
		if (ends.size() >= count) {
			throw new IllegalStateException(
					"%d boundaries make %d ranges, but %d are wanted: return at most %d boundaries"
						.formatted(ends.size(), ends.size() + 1, count, count - 1));
		}
		return ends;
	}

	@Override
	public SplittableSource<T, K> range(@Nullable K after, @Nullable K last) {
		return new KeysetRangeSource<>(this.keyType, this.fetch, this.key, this.boundaries,
				(after != null) ? after : this.after, (last != null) ? last : this.last);
	}

}
