package dev.backgroundjobs.iteration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RangeSourceTests extends SplittableSourceContract<Long, Long> {

	@Override
	SplittableSource<Long, Long> source(int items) {
		return Sources.range(-5, -5 + items);
	}

	@Test
	void doesNotOverflowAtTheGreatestNumber() throws Exception {
		SplittableSource<Long, Long> range = Sources.range(Long.MAX_VALUE - 2, Long.MAX_VALUE);
		assertThat(Walks.all(range)).containsExactly(Long.MAX_VALUE - 2, Long.MAX_VALUE - 1);
		assertThat(Walks.after(range, Long.MAX_VALUE - 1)).isEmpty();
		assertThat(Walks.after(range, Long.MAX_VALUE)).isEmpty();
		assertThat(Walks.all(range.range(null, Long.MAX_VALUE))).hasSize(2);
	}

	@Test
	void cutsAllNumbersThereAre() throws Exception {
		SplittableSource<Long, Long> all = Sources.range(Long.MIN_VALUE, Long.MAX_VALUE);
		assertThat(all.total()).isNull();
		assertThat(all.split(2)).containsExactly(-2L);
		assertThat(all.split(4)).hasSize(3).isSorted();
	}

	@Test
	void isEmptyWhenItEndsBeforeItBegins() throws Exception {
		assertThat(Walks.all(Sources.range(3, 1))).isEmpty();
		assertThat(Sources.range(3, 1).total()).isZero();
		assertThat(Sources.range(3, 1).split(2)).isEmpty();
	}

	@Test
	void isCutIntoRangesWithATotalFromElsewhere() throws Exception {
		SplittableSource<Long, Long> source = Sources.range(0, 10).withTotal(() -> 77);
		assertThat(source.total()).isEqualTo(77);
		assertThat(source.split(2)).containsExactly(4L);
		assertThat(source.range(4L, null).total()).as("ranges count their own").isEqualTo(5);
	}

}
