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

		// A token that comes again is a cycle. Kept further and further back, one is
		// enough
		// to find cycles of any length (Brent).
		private @Nullable String kept;

		private long sinceKept;

		private long keptFor = 1;

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
			if (page == null) {
				throw new IllegalStateException("The page of token '" + current
						+ "' is null: return a TokenPage, at the end one without items and without a next token");
			}
			if (page.nextToken() != null && page.nextToken().equals(current)) {
				throw new IllegalStateException("The page of token '" + current + "' names itself as the next page, so "
						+ "that it would be walked for ever: return the token of the page after it, or null at the end");
			}
			refuseCycle(page.nextToken());
			if (this.begun) {
				this.next = 0;
			}
			this.begun = true;
			this.items = page.items();
			this.token = current;
			this.nextToken = page.nextToken();
		}

		private void refuseCycle(@Nullable String token) {
			if (token != null && token.equals(this.kept)) {
				throw new IllegalStateException(
						"The pages come round to token '" + token + "' again, so that they would "
								+ "be walked for ever: return null as the next token of the last page");
			}
			this.sinceKept++;
			if (this.sinceKept == this.keptFor) {
				this.kept = token;
				this.keptFor *= 2;
				this.sinceKept = 0;
			}
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
