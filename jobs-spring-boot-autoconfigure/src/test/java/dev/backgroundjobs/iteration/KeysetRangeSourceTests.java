package dev.backgroundjobs.iteration;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

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

	@Test
	void refusesMoreRangesThanAreWanted() {
		SplittableSource<Long, Long> source = Sources.keyset(Long.class, (after, last) -> List.of(), (item) -> item,
				(count) -> List.of(1L, 2L));
		assertThatIllegalStateException().isThrownBy(() -> source.split(2))
			.withMessage("2 boundaries make 3 ranges, but 2 are wanted: return at most 1 boundaries");
	}

}
