package dev.backgroundjobs.iteration;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

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
	void refusesKeysInNoOrderWhichWouldLeaveItemsOut() {
		Comparator<Long> mixed = Comparator.comparing((id) -> id * 7919 % 1009);
		CursorSource<Long, Long> source = Sources.keyset(Long.class,
				(after) -> LongStream.rangeClosed(1, 1000)
					.filter((id) -> after == null || id > after)
					.boxed()
					.sorted(mixed)
					.limit(100)
					.toList(),
				(id) -> id);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessage("Key 211 comes after key 976, but keys rise here. Without an order items are left out: "
					+ "order the query by the key alone, and return only what comes after the given key; where the "
					+ "query is ordered by more, make the key a record of all of that");
	}

	@Test
	void refusesAPageThatTurnsRoundAfterTheOneBefore() {
		CursorSource<LocalDate, LocalDate> source = Sources.keyset(LocalDate.class, (after) -> {
			LocalDate day = LocalDate.of(2027, 1, 10);
			return (after == null) ? List.of(day, day.plusDays(5)) : List.of(day.minusDays(3));
		}, (day) -> day);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageStartingWith("Key 2027-01-07 comes after key 2027-01-15, but keys rise here");
	}

	@Test
	void knowsTheDirectionFromTheCursorAndTheFirstKey() {
		CursorSource<Integer, Integer> source = Sources.keyset(Integer.class, (after) -> List.of(1, 2, 3),
				(item) -> item);
		assertThatIllegalStateException().isThrownBy(() -> Walks.after(source, 7))
			.withMessageStartingWith("Key 2 comes after key 1, but keys fall here");
	}

	@Test
	void goesDownwards() throws Exception {
		CursorSource<Integer, Integer> source = Sources.keyset(Integer.class,
				(after) -> IntStream.iterate((after != null) ? after - 1 : 9, (i) -> i >= 0, (i) -> i - 1)
					.limit(2)
					.boxed()
					.toList(),
				(item) -> item);
		assertThat(Walks.all(source)).hasSize(10);
		assertThat(Walks.after(source, 4)).containsExactly(3, 2, 1, 0);
	}

	@Test
	void takesStringsAsTheyAreOrderedSinceDatabasesOrderThemOtherwise() throws Exception {
		List<String> rows = List.of("a", "B", "c", "\u00c4");
		CursorSource<String, String> source = Sources.keyset(String.class,
				(after) -> rows.subList((after != null) ? rows.indexOf(after) + 1 : 0, rows.size()), (item) -> item);
		assertThat(Walks.all(source)).isEqualTo(rows);
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
