package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class ListSourceTests extends SplittableSourceContract<String, Integer> {

	@Override
	SplittableSource<String, Integer> source(int items) {
		return Sources.list(IntStream.range(0, items).mapToObj((i) -> "item " + i).toList());
	}

	@Test
	void endsWhenTheListHasBecomeShorterThanTheCursor() throws Exception {
		List<String> list = new ArrayList<>(List.of("a", "b", "c"));
		Integer cursor = Walks.cursor(Sources.list(list), 3);
		list.subList(1, 3).clear();
		assertThat(Walks.after(Sources.list(list), cursor)).isEmpty();
		assertThat(Sources.list(list).range(2, null).total()).isZero();
	}

	@Test
	void leavesOutAsManyItemsAsHaveGoneBeforeTheCursor() throws Exception {
		List<String> open = new ArrayList<>(List.of("a", "b", "c", "d"));
		Integer cursor = Walks.cursor(Sources.list(open), 2);
		open.removeAll(List.of("a", "b"));
		assertThat(Walks.after(Sources.list(open), cursor)).isEmpty();
	}

	@Test
	void seesItemsAddedAtTheEnd() throws Exception {
		List<String> list = new ArrayList<>(List.of("a", "b"));
		Integer cursor = Walks.cursor(Sources.list(list), 2);
		list.add("c");
		assertThat(Walks.after(Sources.list(list), cursor)).containsExactly("c");
	}

	@Test
	void hasNullsToo() throws Exception {
		assertThat(Walks.all(Sources.list(Arrays.asList("a", null)))).containsExactly("a", null);
	}

	@Test
	void aRangeHasItsOwnTotal() throws Exception {
		assertThat(Sources.list(List.of(1, 2, 3, 4, 5)).range(0, 2).total()).isEqualTo(2);
	}

	@Test
	void refusesANullListAndASingleRange() {
		assertThatNullPointerException().isThrownBy(() -> Sources.list(null)).withMessage("The list to walk is null");
		assertThatIllegalArgumentException().isThrownBy(() -> Sources.list(List.of(1)).split(1))
			.withMessage("A source is cut into 2 or more ranges, not 1");
	}

}
