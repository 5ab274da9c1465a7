package dev.backgroundjobs.iteration;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Items in pages, each of which names the next.
 *
 * @param fetch loads a page
 */
record TokenSource<T extends @Nullable Object>(PageFetch<T> fetch) implements CursorSource<T, PageCursor> {

	@Override
	public CursorIterator<T, PageCursor> iterate(@Nullable PageCursor cursor) {
		return new Items<>(this.fetch, cursor);
	}

	@Override
	public Class<PageCursor> cursorType() {
		return PageCursor.class;
	}

	private static final class Items<T extends @Nullable Object> implements CursorIterator<T, PageCursor> {

		private final PageFetch<T> fetch;

		private List<T> items = List.of();

		private @Nullable String token;

		private @Nullable String nextToken;

		private int next;

		private boolean begun;

		Items(PageFetch<T> fetch, @Nullable PageCursor cursor) {
			this.fetch = fetch;
			this.nextToken = (cursor != null) ? cursor.token() : null;
			this.next = (cursor != null) ? cursor.position() + 1 : 0;
		}

		@Override
		public boolean hasNext() throws Exception {
			// A page may be empty, or have become shorter than it was.
			while (!this.begun || this.next >= this.items.size()) {
				if (this.begun && this.nextToken == null) {
					return false;
				}
				load();
			}
			return true;
		}

		private void load() throws Exception {
			String current = this.nextToken;
			TokenPage<T> page = this.fetch.fetch(current);
			if (page.nextToken() != null && page.nextToken().equals(current)) {
				throw new IllegalStateException("The page of token '" + current + "' names itself as the next page, so "
						+ "that it would be walked for ever: return the token of the page after it, or null at the end");
			}
			if (this.begun) {
				this.next = 0;
			}
			this.begun = true;
			this.items = page.items();
			this.token = current;
			this.nextToken = page.nextToken();
		}

		@Override
		public T next() {
			return this.items.get(this.next++);
		}

		@Override
		public PageCursor cursor() {
			return new PageCursor(this.token, this.next - 1);
		}

	}

}
