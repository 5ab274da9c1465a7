package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Items in pages by key. The cursor is the key.
 *
 * @param keyType the key's type
 * @param fetch loads a page
 * @param key takes an item's key
 */
record KeysetSource<T, K>(Class<K> keyType, KeysetFetch<K, T> fetch,
		Function<? super T, ? extends K> key) implements CursorSource<T, K> {

	static void requireArguments(Class<?> keyType, Object fetch, Object key) {
		Objects.requireNonNull(keyType, "The key's type is null");
		Objects.requireNonNull(fetch, "The function that loads a page is null");
		Objects.requireNonNull(key, "The function that takes an item's key is null");
	}

	@Override
	public CursorIterator<T, K> iterate(@Nullable K cursor) {
		return iterate(cursor, new KeyOrder<>(null, null));
	}

	CursorIterator<T, K> iterate(@Nullable K cursor, KeyOrder<K> order) {
		return new PageIterator<>(cursor) {
			@Override
			protected Page<T, K> load(@Nullable K after) throws Exception {
				List<T> items = KeysetSource.this.fetch.fetch(after);
				if (items == null) {
					throw new IllegalStateException(
							"The page after key " + after + " is null: return an empty list at the end");
				}
				return new Page<>(items, keys(items), items.isEmpty());
			}

			@Override
			protected void requireOrder(List<K> keys, @Nullable K after) {
				order.require(after, keys);
			}
		};
	}

	@Override
	public Class<K> cursorType() {
		return this.keyType;
	}

	// Of the whole page at once: what the job does to one item may change another.
	private List<K> keys(List<T> items) {
		List<K> keys = new ArrayList<>(items.size());
		for (T item : items) {
			K key = this.key.apply(item);
			if (key == null) {
				throw new IllegalStateException("An item of the page has the key null, which has no place in an order: "
						+ "leave such items out in the query, or order by something that is never null");
			}
			keys.add(key);
		}
		return keys;
	}

}
