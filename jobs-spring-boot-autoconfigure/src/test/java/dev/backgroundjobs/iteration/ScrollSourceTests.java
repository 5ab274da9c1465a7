package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.OffsetScrollPosition;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.Window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * With windows as Spring Data's repositories make them.
 */
class ScrollSourceTests extends SourceContract<Integer, ScrollCursor> {

	@Override
	CursorSource<Integer, ScrollCursor> source(int items) {
		List<Integer> table = IntStream.range(0, items).boxed().toList();
		return Sources.scroll((position) -> byKey(table, position));
	}

	private static Window<Integer> byKey(List<Integer> table, ScrollPosition position) {
		Object after = ((KeysetScrollPosition) position).getKeys().get("id");
		List<Integer> found = table.stream().filter((item) -> after == null || item > (Integer) after).toList();
		List<Integer> page = found.subList(0, Math.min(3, found.size()));
		return Window.from(page, (index) -> ScrollPosition.forward(Map.of("id", page.get(index))), found.size() > 3);
	}

	private static Window<Integer> byOffset(List<Integer> table, ScrollPosition position) {
		OffsetScrollPosition offset = (OffsetScrollPosition) position;
		int from = offset.isInitial() ? 0 : (int) offset.getOffset() + 1;
		List<Integer> page = table.subList(Math.min(from, table.size()), Math.min(from + 3, table.size()));
		return Window.from(page, OffsetScrollPosition.positionFunction(from), from + 3 < table.size());
	}

	@Test
	void aGoneItemMovesNothingByKey() throws Exception {
		List<Integer> table = new ArrayList<>(List.of(1, 2, 3, 4, 5));
		CursorSource<Integer, ScrollCursor> source = Sources.scroll((position) -> byKey(table, position));
		ScrollCursor cursor = Walks.cursor(source, 2);
		table.remove(0);
		assertThat(Walks.after(source, cursor)).containsExactly(3, 4, 5);
	}

	@Test
	void refusesToBeginInTheMiddleOrBackwards() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Sources.scroll(ScrollPosition.offset(3), (position) -> byOffset(List.of(), position)));
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> Sources.scroll(ScrollPosition.keyset().backward(), (position) -> byKey(List.of(), position)))
			.withMessageContaining("begin with ScrollPosition.keyset()");
	}

	@Test
	void refusesKeysThatCannotTravel() {
		CursorSource<String, ScrollCursor> source = Sources.scroll((position) -> Window.from(List.of("a"),
				(index) -> ScrollPosition.forward(Map.of("changed", new java.util.Date()))));
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageStartingWith("Key 'changed' is a java.util.Date");
	}

	@Test
	void refusesARepositoryThatTakesNoNoticeOfThePosition() {
		CursorSource<Integer, ScrollCursor> source = Sources
			.scroll((position) -> byKey(List.of(1, 2, 3, 4), ScrollPosition.keyset()));
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageContaining("has that key again");
	}

	/**
	 * The same by offset.
	 */
	static class ByOffsetTests extends SourceContract<Integer, ScrollCursor> {

		@Override
		CursorSource<Integer, ScrollCursor> source(int items) {
			List<Integer> table = IntStream.range(0, items).boxed().toList();
			return Sources.scroll(ScrollPosition.offset(), (position) -> byOffset(table, position));
		}

	}

}
