package dev.backgroundjobs.iteration;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Items that come in pages, each asked for with the key of the last item of the page
 * before. Holds one page.
 */
abstract class PageIterator<T extends @Nullable Object, C> implements CursorIterator<T, C> {

	private Page<T, C> page = new Page<>(List.of(), List.of(), false);

	private int next;

	private @Nullable C cursor;

	PageIterator(@Nullable C cursor) {
		this.cursor = cursor;
	}

	/**
	 * Load a page.
	 * @param after the key of the last item before the page, or {@code null} for the
	 * first page
	 * @return the page; one without items must be the last
	 */
	protected abstract Page<T, C> load(@Nullable C after) throws Exception;

	/**
	 * Refuse keys that are not in order.
	 * @param keys the keys of a page, of which none comes twice
	 * @param after the key of the last item before the page, or {@code null}
	 */
	protected void requireOrder(List<C> keys, @Nullable C after) {
	}

	@Override
	public final boolean hasNext() throws Exception {
		while (this.next >= this.page.items().size()) {
			if (this.page.last()) {
				return false;
			}
			this.page = checked(load(this.cursor), this.cursor);
			this.next = 0;
		}
		return true;
	}

	@Override
	public final T next() {
		T item = this.page.items().get(this.next);
		this.cursor = this.page.keys().get(this.next);
		this.next++;
		return item;
	}

	@Override
	public final C cursor() {
		return Objects.requireNonNull(this.cursor, "The cursor is asked for after an item");
	}

	private Page<T, C> checked(Page<T, C> loaded, @Nullable C after) {
		if (after != null && loaded.keys().contains(after)) {
			throw new IllegalStateException("The page after key " + after + " has that key again, so that it would be "
					+ "walked for ever: return the items whose keys come after the given one (>, not >=), in the order "
					+ "of the keys");
		}
		@Nullable C before = null;
		for (C key : loaded.keys()) {
			if (key.equals(before)) {
				throw new IllegalStateException("Key " + key + " belongs to more than one item, of which some would be "
						+ "left out when a slice or page ends between them: add a column that makes it unique, for "
						+ "example the id, as the last one");
			}
			before = key;
		}
		requireOrder(loaded.keys(), after);
		return loaded;
	}

	/**
	 * One page.
	 *
	 * @param items the items
	 * @param keys their cursors, taken before anything was done to the items
	 * @param last whether no page follows
	 */
	record Page<T extends @Nullable Object, C>(List<T> items, List<C> keys, boolean last) {

	}

}
