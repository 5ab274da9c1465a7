package dev.backgroundjobs.iteration;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BatchSourceTests extends SourceContract<List<Integer>, PageCursor> {

	@Override
	CursorSource<List<Integer>, PageCursor> source(int batches) {
		// The last batch has one item only.
		List<Integer> items = IntStream.range(0, Math.max(0, batches * 4 - 3)).boxed().toList();
		return Sources.<Integer>pages((token) -> new TokenPage<>(items, null)).withTotal(items::size).batches(4);
	}

	@Test
	void theLastBatchIsShorter() throws Exception {
		assertThat(Walks.all(Sources.range(0, 5).batches(2))).containsExactly(List.of(0L, 1L), List.of(2L, 3L),
				List.of(4L));
	}

	@Test
	void theTotalIsThatOfBatches() throws Exception {
		assertThat(Sources.range(0, 5).batches(2).total()).isEqualTo(3);
		assertThat(Sources.range(0, 4).batches(2).total()).isEqualTo(2);
		assertThat(Sources.range(0, 0).batches(2).total()).isZero();
		assertThat(Sources.range(0, Long.MAX_VALUE).batches(2).total()).isEqualTo(1L << 62);
	}

	@Test
	void batchesCannotBeChanged() throws Exception {
		assertThat(Walks.all(Sources.range(0, 3).batches(Integer.MAX_VALUE))).singleElement()
			.satisfies((batch) -> assertThat(batch).containsExactly(0L, 1L, 2L).isUnmodifiable());
	}

	@Test
	void rangesAreCutBetweenItems() throws Exception {
		SplittableSource<List<Long>, Long> batches = Sources.range(0, 10).batches(4);
		assertThat(batches.split(2)).containsExactly(4L);
		assertThat(Walks.all(batches.range(null, 4L))).containsExactly(List.of(0L, 1L, 2L, 3L), List.of(4L));
		assertThat(Walks.all(batches.range(4L, null))).containsExactly(List.of(5L, 6L, 7L, 8L), List.of(9L));
	}

	@Test
	void refusesBatchesOfNothing() {
		CursorSource<Long, Long> unsplittable = Sources.range(0, 3).withTotal(() -> 3);
		assertThatIllegalArgumentException().isThrownBy(() -> unsplittable.batches(0))
			.withMessage("A batch has 1 or more items, not 0");
		assertThatIllegalArgumentException().isThrownBy(() -> Sources.range(0, 3).batches(0));
	}

	/**
	 * The same of a source that can be split, in batches of one so that ranges are alike.
	 */
	static class SplittableTests extends SplittableSourceContract<List<Long>, Long> {

		@Override
		SplittableSource<List<Long>, Long> source(int items) {
			return Sources.range(0, items).batches(1);
		}

	}

}
