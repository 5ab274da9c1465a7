package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Walks sources for tests.
 */
final class Walks {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private Walks() {
	}

	static <T, C> List<T> all(CursorSource<T, C> source) throws Exception {
		return after(source, null);
	}

	static <T, C> List<T> after(CursorSource<T, C> source, @Nullable C cursor) throws Exception {
		List<T> found = new ArrayList<>();
		try (CursorIterator<T, C> items = source.iterate(cursor)) {
			while (items.hasNext()) {
				found.add(items.next());
			}
		}
		return found;
	}

	/** Return the cursor of the nth item, written as JSON and read back. */
	static <T, C> C cursor(CursorSource<T, C> source, int nth) throws Exception {
		try (CursorIterator<T, C> items = source.iterate(null)) {
			for (int i = 0; i < nth; i++) {
				items.hasNext();
				items.next();
			}
			return JSON.readValue(JSON.writeValueAsString(items.cursor()), JSON.constructType(source.cursorType()));
		}
	}

}
