package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.OffsetScrollPosition;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.Window;

/**
 * Items of Spring Data's windows.
 *
 * @param start the initial position
 * @param scroll loads the window after a position
 */
record ScrollSource<T>(ScrollPosition start,
		Function<? super ScrollPosition, Window<T>> scroll) implements CursorSource<T, ScrollCursor> {

	ScrollSource {
		if (!start.isInitial() || (start instanceof KeysetScrollPosition keyset && keyset.scrollsBackward())) {
			throw new IllegalArgumentException("An iteration scrolls forward from the start, not from " + start
					+ ": begin with ScrollPosition.keyset() or ScrollPosition.offset()");
		}
	}

	static <T> ScrollSource<T> byKey(Function<? super ScrollPosition, Window<T>> scroll) {
		return new ScrollSource<>(ScrollPosition.keyset(), scroll);
	}

	@Override
	public CursorIterator<T, ScrollCursor> iterate(@Nullable ScrollCursor cursor) {
		return new PageIterator<>(cursor) {
			@Override
			protected Page<T, ScrollCursor> load(@Nullable ScrollCursor after) {
				ScrollPosition position = (after != null) ? position(after) : ScrollSource.this.start;
				Window<T> window = ScrollSource.this.scroll.apply(position);
				if (window.isEmpty() && window.hasNext()) {
					throw new IllegalStateException("The window after " + position
							+ " is empty and says that there is another one, which has no position");
				}
				return new Page<>(window.getContent(), cursors(window), !window.hasNext());
			}
		};
	}

	@Override
	public Class<ScrollCursor> cursorType() {
		return ScrollCursor.class;
	}

	// Of the whole window at once: positions by key are read from the items.
	private static <T> List<ScrollCursor> cursors(Window<T> window) {
		List<ScrollCursor> cursors = new ArrayList<>(window.size());
		for (int i = 0; i < window.size(); i++) {
			cursors.add(cursor(window.positionAt(i)));
		}
		return cursors;
	}

	private static ScrollCursor cursor(ScrollPosition position) {
		if (position instanceof OffsetScrollPosition offset) {
			return new ScrollCursor(offset.getOffset(), null);
		}
		if (position instanceof KeysetScrollPosition keyset) {
			return new ScrollCursor(null, new KeyCursor(keyset.getKeys()));
		}
		throw new IllegalStateException("A window has positions of " + position.getClass().getName()
				+ ", which cannot be kept in a cursor; offset and keyset positions can");
	}

	// An offset is that of the last item that is done: scrolling goes on after it.
	private static ScrollPosition position(ScrollCursor cursor) {
		return (cursor.offset() != null) ? ScrollPosition.offset(cursor.offset())
				: ScrollPosition.forward(Objects.requireNonNull(cursor.keys()).values());
	}

}
