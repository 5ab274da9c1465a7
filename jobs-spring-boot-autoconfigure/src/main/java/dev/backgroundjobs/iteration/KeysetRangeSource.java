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
		return new KeysetSource<>(this.keyType, upToLast, this.key).iterate((cursor != null) ? cursor : this.after,
				new KeyOrder<>(this.after, this.last));
	}

	@Override
	public Class<K> cursorType() {
		return this.keyType;
	}

	@Override
	public List<K> split(int count) throws Exception {
		Cuts.requireRanges(count);
		List<K> ends = this.boundaries.apply(count);
		if (ends == null) {
			throw new IllegalStateException("The boundaries are null: return an empty list for a single range");
		}
		if (ends.size() >= count) {
			throw new IllegalStateException(
					"%d boundaries make %d ranges, but %d are wanted: return at most %d boundaries"
						.formatted(ends.size(), ends.size() + 1, count, count - 1));
		}
		if (ends.size() > 1) {
			requireOrder(ends);
		}
		return ends;
	}

	private void requireOrder(List<K> ends) throws Exception {
		K first = ends.get(0);
		K last = ends.get(ends.size() - 1);
		int direction = KeyOrder.direction(first, last);
		for (int i = 1; i < ends.size(); i++) {
			int step = KeyOrder.direction(ends.get(i - 1), ends.get(i));
			if (step != 0 && step != direction) {
				throw new IllegalStateException(
						"The boundaries %s rise and fall, so that ranges would overlap: return them in the order of the keys"
							.formatted(ends));
			}
		}
		if (direction != 0) {
			requireDirectionOfKeys(ends, last, direction);
		}
	}

	// Only items say which direction is right. Without one after the last boundary, no
	// ranges overlap.
	private void requireDirectionOfKeys(List<K> ends, K last, int direction) throws Exception {
		try (CursorIterator<T, K> lastRange = range(last, null).iterate(null)) {
			if (lastRange.hasNext()) {
				lastRange.next();
				if (KeyOrder.direction(last, lastRange.cursor()) == -direction) {
					throw new IllegalStateException(
							("The boundaries %s %s, but key %s comes after %s, so that ranges would "
									+ "overlap: return them in the order of the keys")
								.formatted(ends, (direction > 0) ? "rise" : "fall", lastRange.cursor(), last));
				}
			}
		}
	}

	@Override
	public SplittableSource<T, K> range(@Nullable K after, @Nullable K last) {
		return new KeysetRangeSource<>(this.keyType, this.fetch, this.key, this.boundaries,
				(after != null) ? after : this.after, (last != null) ? last : this.last);
	}

}
