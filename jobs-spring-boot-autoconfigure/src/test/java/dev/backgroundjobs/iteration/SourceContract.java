package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is true of every source: however often a walk is interrupted, it has all items
 * once, when between two parts only the cursor's JSON is kept.
 */
abstract class SourceContract<T, C> {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	// A cursor may have 2 KiB.
	private static final int MOST_BYTES = 2048;

	/** Return a new source of that many items. */
	abstract CursorSource<T, C> source(int items) throws Exception;

	/** Return what items are compared as. */
	Object comparable(T item) {
		return item;
	}

	@Test
	void hasNoItemWhenThereIsNone() throws Exception {
		assertThat(walk(source(0), null, (item) -> false).items()).isEmpty();
	}

	@Test
	void hasAllItemsInOneGo() throws Exception {
		for (int items : List.of(1, 2, 3, 10, 31)) {
			assertThat(walk(source(items), null, (item) -> false).items()).hasSize(items).doesNotHaveDuplicates();
		}
	}

	@Test
	void hasTheSameItemsWhenItIsInterruptedAfterEveryItem() throws Exception {
		for (int items : List.of(1, 2, 10)) {
			assertThat(inParts(() -> source(items), (item) -> true))
				.isEqualTo(walk(source(items), null, (item) -> false).items());
		}
	}

	@Test
	void hasTheSameItemsWhenItIsInterruptedAnywhere() throws Exception {
		List<Object> all = walk(source(31), null, (item) -> false).items();
		for (long seed = 1; seed <= 20; seed++) {
			Random random = new Random(seed);
			assertThat(inParts(() -> source(31), (item) -> random.nextInt(4) == 0)).as("seed %d", seed).isEqualTo(all);
		}
	}

	@Test
	void canBeOpenedTwice() throws Exception {
		CursorSource<T, C> source = source(3);
		List<Object> all = walk(source, null, (item) -> false).items();
		try (CursorIterator<T, C> first = source.iterate(null); CursorIterator<T, C> second = source.iterate(null)) {
			assertThat(first.hasNext()).isTrue();
			assertThat(comparable(first.next())).isEqualTo(all.get(0));
			assertThat(second.hasNext()).isTrue();
			assertThat(comparable(second.next())).isEqualTo(all.get(0));
			assertThat(first.hasNext()).isTrue();
			assertThat(comparable(first.next())).isEqualTo(all.get(1));
			assertThat(second.hasNext()).isTrue();
			assertThat(comparable(second.next())).isEqualTo(all.get(1));
		}
	}

	@Test
	void keepsTheCursorWhenAskedForMore() throws Exception {
		try (CursorIterator<T, C> items = source(3).iterate(null)) {
			assertThat(items.hasNext()).isTrue();
			assertThat(items.hasNext()).isTrue();
			items.next();
			C cursor = items.cursor();
			assertThat(items.hasNext()).isTrue();
			assertThat(items.hasNext()).isTrue();
			assertThat(items.cursor()).isEqualTo(cursor);
		}
	}

	@Test
	void saysItsTotalOrNothing() throws Exception {
		for (int items : List.of(0, 1, 10)) {
			Long total = source(items).total();
			if (total != null) {
				assertThat(total).isEqualTo(walk(source(items), null, (item) -> false).items().size());
			}
		}
	}

	final List<Object> inParts(Opener<T, C> sources, Predicate<Object> interrupt) throws Exception {
		List<Object> found = new ArrayList<>();
		C cursor = null;
		Part<C> part;
		do {
			part = walk(sources.open(), cursor, interrupt);
			found.addAll(part.items());
			if (part.cursor() != null) {
				cursor = throughJson(part.cursor());
			}
		}
		while (!part.items().isEmpty());
		return found;
	}

	final C throughJson(C cursor) throws Exception {
		String json = JSON.writeValueAsString(cursor);
		assertThat(json.length()).isLessThan(MOST_BYTES);
		C read = JSON.readValue(json, JSON.constructType(source(1).cursorType()));
		assertThat(read).isEqualTo(cursor).hasSameHashCodeAs(cursor);
		return read;
	}

	final Part<C> walk(CursorSource<T, C> source, @Nullable C begin, Predicate<Object> interrupt) throws Exception {
		List<Object> found = new ArrayList<>();
		C cursor = null;
		try (CursorIterator<T, C> items = source.iterate(begin)) {
			boolean interrupted = false;
			while (!interrupted && items.hasNext()) {
				Object item = comparable(items.next());
				cursor = items.cursor();
				found.add(item);
				interrupted = interrupt.test(item);
			}
		}
		return new Part<>(found, cursor);
	}

	/**
	 * Makes a source.
	 */
	interface Opener<T, C> {

		CursorSource<T, C> open() throws Exception;

	}

	record Part<C>(List<Object> items, @Nullable C cursor) {

	}

}
