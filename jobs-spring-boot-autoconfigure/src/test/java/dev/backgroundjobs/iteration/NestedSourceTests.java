package dev.backgroundjobs.iteration;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class NestedSourceTests extends SourceContract<Nested<Long, Long>, NestedCursor<Long, Long>> {

	// 0, 1, 2, 3, 0, 1, … inner items, so that some outer ones have none.
	@Override
	CursorSource<Nested<Long, Long>, NestedCursor<Long, Long>> source(int items) {
		return Sources.nested(Sources.range(0, 2 * items + 4), Long.class, (outer) -> {
			long before = outer / 4 * 6 + outer % 4 * (outer % 4 - 1) / 2;
			return Sources.range(before, Math.min(before + outer % 4, items));
		});
	}

	private static CursorSource<String, String> keys(TreeSet<String> keys) {
		return Sources.keyset(String.class,
				(after) -> ((after != null) ? keys.tailSet(after, false) : keys).stream().limit(2).toList(),
				(key) -> key);
	}

	private static List<String> after(TreeMap<String, TreeSet<String>> table, int walked, Runnable change)
			throws Exception {
		CursorSource<Nested<String, String>, NestedCursor<String, String>> source = Sources
			.nested(keys(new TreeSet<>(table.keySet())), String.class, (outer) -> keys(table.get(outer)));
		NestedCursor<String, String> cursor = Walks.cursor(source, walked);
		change.run();
		source = Sources.nested(keys(new TreeSet<>(table.keySet())), String.class, (outer) -> keys(table.get(outer)));
		return Walks.after(source, cursor).stream().map((item) -> item.outer() + item.inner()).toList();
	}

	private static TreeMap<String, TreeSet<String>> table() {
		TreeMap<String, TreeSet<String>> table = new TreeMap<>();
		table.put("b", new TreeSet<>(List.of("1", "2", "3")));
		table.put("d", new TreeSet<>(List.of("1", "2", "3")));
		return table;
	}

	@Test
	void startsTheNextOuterItemAtItsStartWhenTheWalkedOneIsGone() throws Exception {
		TreeMap<String, TreeSet<String>> table = table();
		assertThat(after(table, 2, () -> table.remove("b"))).containsExactly("d1", "d2", "d3");
	}

	@Test
	void goesOnInsideTheWalkedOuterItemWhenAnotherCameBeforeIt() throws Exception {
		TreeMap<String, TreeSet<String>> table = table();
		assertThat(after(table, 5, () -> table.put("c", new TreeSet<>(List.of("1"))))).containsExactly("c1", "d3");
	}

	@Test
	void goesOnWithTheNextOuterItemWhenTheInnerOneIsDone() throws Exception {
		assertThat(after(table(), 3, () -> {
		})).containsExactly("d1", "d2", "d3");
	}

	@Test
	void closesInnerIteratorsAsSoonAsTheyAreDoneAndTheLastOnesAtTheEnd() throws Exception {
		List<String> closed = new ArrayList<>();
		CursorSource<Nested<Integer, Integer>, NestedCursor<Integer, Integer>> source = Sources
			.nested(closing("outer", closed), Integer.class, (outer) -> closing("inner " + outer, closed));
		try (CursorIterator<Nested<Integer, Integer>, NestedCursor<Integer, Integer>> items = source.iterate(null)) {
			for (int i = 0; i < 3; i++) {
				assertThat(items.hasNext()).isTrue();
				items.next();
			}
			assertThat(closed).containsExactly("inner 0");
		}
		assertThat(closed).containsExactly("inner 0", "inner 1", "outer");
	}

	private static CursorSource<Integer, Integer> closing(String name, List<String> closed) {
		return Sources.of(Integer.class, (cursor) -> new ClosingIterator(name, closed), (item) -> item);
	}

	@Test
	@SuppressWarnings({ "rawtypes", "unchecked" })
	void namesTheInnerCursorsThatAreNotWhatWasSaid() {
		CursorSource raw = Sources.list(List.of("a"));
		CursorSource<Nested<Long, String>, NestedCursor<Long, Long>> source = Sources.nested(Sources.range(0, 1),
				Long.class, (outer) -> (CursorSource<String, Long>) raw);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessage(
					"'Sources.nested' was told that inner cursors are java.lang.Long, but those of the inner source "
							+ "are java.lang.Integer: name that type");
	}

	@Test
	@SuppressWarnings({ "rawtypes", "unchecked" })
	void namesTheInnerCursorsOfThreeLevelsThatAreNotWhatWasSaid() {
		CursorSource raw = Sources.nested(Sources.range(0, 1), Integer.class, (second) -> Sources.list(List.of("a")));
		CursorSource<Nested<Long, String>, NestedCursor<Long, NestedCursor<Long, Long>>> source = Sources
			.nested(Sources.range(0, 1), new ParameterizedTypeReference<NestedCursor<Long, Long>>() {
			}, (outer) -> (CursorSource<String, NestedCursor<Long, Long>>) raw);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageContaining("NestedCursor<java.lang.Long, java.lang.Long>, but those of the inner source are")
			.withMessageContaining("NestedCursor<java.lang.Long, java.lang.Integer>");
	}

	@Test
	void takesThePrimitiveTypeOfInnerCursorsToo() throws Exception {
		assertThat(Walks.all(Sources.nested(Sources.range(0, 1), long.class, (outer) -> Sources.range(0, 2))))
			.hasSize(2);
	}

	@Test
	void refusesAnInnerSourceThatIsNull() {
		CursorSource<Nested<Long, Long>, NestedCursor<Long, Long>> source = Sources.nested(Sources.range(0, 1),
				Long.class, (outer) -> (CursorSource<Long, Long>) null);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessage("The inner source of an outer item is null: return Sources.list(List.of()) for none");
	}

	@Test
	void refusesNullArguments() {
		assertThatNullPointerException().isThrownBy(() -> Sources.nested(Sources.range(0, 1), Long.class, null))
			.withMessage("The function that makes an inner source is null");
	}

	/**
	 * The same on three levels.
	 */
	static class ThreeLevelsTests
			extends SourceContract<Nested<Long, Nested<Long, Long>>, NestedCursor<Long, NestedCursor<Long, Long>>> {

		@Override
		CursorSource<Nested<Long, Nested<Long, Long>>, NestedCursor<Long, NestedCursor<Long, Long>>> source(int items) {
			return Sources.nested(Sources.range(0, items), new ParameterizedTypeReference<>() {
			}, (first) -> {
				long last = Math.min((first + 1) * 5, items);
				return Sources.nested(Sources.range(0, 2), Long.class, (second) -> (second == 0)
						? Sources.range(first * 5, Math.min(first * 5 + 2, last)) : Sources.range(first * 5 + 2, last));
			});
		}

	}

	private static final class ClosingIterator implements Iterator<Integer>, Closeable {

		private final Iterator<Integer> items = IntStream.range(0, 2).iterator();

		private final String name;

		private final List<String> closed;

		ClosingIterator(String name, List<String> closed) {
			this.name = name;
			this.closed = closed;
		}

		@Override
		public boolean hasNext() {
			return this.items.hasNext();
		}

		@Override
		public Integer next() {
			return this.items.next();
		}

		@Override
		public void close() {
			this.closed.add(this.name);
		}

	}

}
