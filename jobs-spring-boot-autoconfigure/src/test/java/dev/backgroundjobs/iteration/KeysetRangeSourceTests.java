package dev.backgroundjobs.iteration;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class KeysetRangeSourceTests extends SplittableSourceContract<Long, Long> {

	// Keys have gaps, and no item has a boundary's key.
	@Override
	SplittableSource<Long, Long> source(int items) {
		return Sources.keyset(Long.class,
				(after, last) -> LongStream.range(0, items)
					.map((i) -> i * 10)
					.filter((key) -> (after == null || key > after) && (last == null || key <= last))
					.limit(3)
					.boxed()
					.toList(),
				(item) -> item, (count) -> IntStream.range(1, count).mapToObj((i) -> i * 55L).toList());
	}

	private static SplittableSource<Long, Long> tenThousand(List<Long> boundaries) {
		return Sources.keyset(Long.class, (after, last) -> upTo(10_000, after, last), (item) -> item,
				(count) -> boundaries);
	}

	private static List<Long> upTo(long greatest, @Nullable Long after, @Nullable Long last) {
		return LongStream.rangeClosed((after != null) ? after + 1 : 1, (last != null) ? last : greatest)
			.limit(100)
			.boxed()
			.toList();
	}

	@Test
	void refusesBoundariesThatRiseAndFall() {
		assertThatIllegalStateException().isThrownBy(() -> tenThousand(List.of(2500L, 7500L, 5000L)).split(4))
			.withMessage(
					"The boundaries [2500, 7500, 5000] rise and fall, so that ranges would overlap: return them in "
							+ "the order of the keys");
		assertThatIllegalStateException().isThrownBy(() -> tenThousand(List.of(2500L, 7500L, 2500L)).split(4));
	}

	@Test
	void refusesBoundariesInTheOppositeDirectionOfTheKeys() {
		assertThatIllegalStateException().isThrownBy(() -> tenThousand(List.of(7500L, 5000L, 2500L)).split(4))
			.withMessage("The boundaries [7500, 5000, 2500] fall, but key 2501 comes after 2500, so that ranges would "
					+ "overlap: return them in the order of the keys");
	}

	@Test
	void takesBoundariesThatComeTwiceOrLieBeyondTheItems() throws Exception {
		assertThat(tenThousand(List.of(2500L, 2500L, 5000L)).split(4)).hasSize(3);
		assertThat(tenThousand(List.of(10_000L, 20_000L)).split(4)).hasSize(2);
	}

	@Test
	void refusesItemsBeyondTheEndOfTheRange() {
		SplittableSource<Long, Long> source = Sources.keyset(Long.class, (after, last) -> upTo(10_000, after, null),
				(item) -> item, (count) -> List.of(2500L, 5000L, 7500L));
		for (CursorSource<Long, Long> range : List.of(source.range(null, 250L), source.range(200L, 250L))) {
			assertThatIllegalStateException().isThrownBy(() -> Walks.all(range))
				.withMessage("Key 300 lies beyond key 250, at which the range ends, so that its item would be in two "
						+ "ranges: return no items whose keys come after 'last'");
		}
	}

	@Test
	void refusesItemsBeyondTheEndOfARangeThatGoesDownwards() {
		SplittableSource<Integer, Integer> source = Sources.keyset(Integer.class,
				(after, last) -> IntStream.iterate((after != null) ? after - 1 : 9, (i) -> i >= 0, (i) -> i - 1)
					.boxed()
					.toList(),
				(item) -> item, (count) -> List.of(5));
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source.range(null, 5)))
			.withMessageStartingWith("Key 0 lies beyond key 5");
	}

	@Test
	void refusesNullBoundaries() {
		assertThatIllegalStateException().isThrownBy(() -> tenThousand(null).split(2))
			.withMessage("The boundaries are null: return an empty list for a single range");
	}

	@Test
	void refusesMoreRangesThanAreWanted() {
		SplittableSource<Long, Long> source = Sources.keyset(Long.class, (after, last) -> List.of(), (item) -> item,
				(count) -> List.of(1L, 2L));
		assertThatIllegalStateException().isThrownBy(() -> source.split(2))
			.withMessage("2 boundaries make 3 ranges, but 2 are wanted: return at most 1 boundaries");
	}

}
