package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class KeysetSourceTests extends SourceContract<KeysetSourceTests.Product, KeysetSourceTests.Key> {

	// Equal first parts, so that a page or part ends between them.
	@Override
	CursorSource<Product, Key> source(int items) {
		NavigableMap<Key, Product> table = new TreeMap<>();
		for (int i = 0; i < items; i++) {
			Key key = new Key("shop " + i / 5, i);
			table.put(key, new Product(key));
		}
		return Sources.keyset(Key.class,
				(after) -> ((after != null) ? table.tailMap(after, false) : table).values().stream().limit(3).toList(),
				Product::key);
	}

	@Test
	void takesKeysBeforeItemsAreChanged() throws Exception {
		List<int[]> rows = new ArrayList<>(List.of(new int[] { 1 }, new int[] { 2 }, new int[] { 3 }));
		List<Integer> asked = new ArrayList<>();
		CursorSource<int[], Integer> source = Sources.keyset(Integer.class, (after) -> {
			asked.add(after);
			return rows.stream().filter((row) -> after == null || row[0] > after).limit(2).toList();
		}, (row) -> row[0]);
		try (CursorIterator<int[], Integer> items = source.iterate(null)) {
			assertThat(items.hasNext()).isTrue();
			int[] first = items.next();
			first[0] = 100;
			rows.get(1)[0] = 101;
			assertThat(items.cursor()).isEqualTo(1);
			items.hasNext();
			items.next();
			assertThat(items.cursor()).isEqualTo(2);
			items.hasNext();
		}
		assertThat(asked).containsExactly(null, 2);
	}

	@Test
	void refusesAPageThatBeginsWithTheSameKey() throws Exception {
		List<Integer> rows = List.of(1, 2, 3);
		CursorSource<Integer, Integer> source = Sources.keyset(Integer.class,
				(after) -> rows.stream().filter((row) -> after == null || row >= after).limit(2).toList(),
				(row) -> row);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageStartingWith("The page after key 2 has that key again");
	}

	@Test
	void refusesPagesThatAreAlwaysTheSame() {
		CursorSource<Integer, Integer> source = Sources.keyset(Integer.class, (after) -> List.of(1, 2, 3),
				(row) -> row);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageStartingWith("The page after key 3 has that key again");
		assertThatIllegalStateException().isThrownBy(() -> Walks.after(source, 1))
			.withMessageStartingWith("The page after key 1 has that key again");
	}

	@Test
	void refusesKeysThatAreNotUnique() {
		CursorSource<String, Integer> source = Sources.keyset(Integer.class, (after) -> List.of("a", "b"),
				String::length);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageStartingWith("Key 1 belongs to more than one item");
	}

	@Test
	void refusesNullKeysAndNullPages() {
		assertThatIllegalStateException().isThrownBy(
				() -> Walks.all(Sources.<Integer, String>keyset(Integer.class, (after) -> List.of("a"), (row) -> null)))
			.withMessageContaining("key null");
		assertThatIllegalStateException()
			.isThrownBy(
					() -> Walks.all(Sources.<Integer, String>keyset(Integer.class, (after) -> null, String::length)))
			.withMessage("The page after key null is null: return an empty list at the end");
	}

	@Test
	void refusesNullArguments() {
		assertThatNullPointerException().isThrownBy(() -> Sources.keyset(Integer.class, null, (row) -> 1))
			.withMessage("The function that loads a page is null");
	}

	record Key(String shop, int number) implements Comparable<Key> {

		@Override
		public int compareTo(Key other) {
			return Comparator.comparing(Key::shop).thenComparing(Key::number).compare(this, other);
		}

	}

	record Product(Key key) {

	}

}
