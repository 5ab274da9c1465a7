package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class IteratorSourceTests extends SourceContract<String, Integer> {

	@Override
	CursorSource<String, Integer> source(int items) {
		return Sources.of(Integer.class,
				(cursor) -> IntStream.range((cursor != null) ? cursor + 1 : 0, items)
					.mapToObj(Integer::toString)
					.iterator(),
				Integer::valueOf);
	}

	@Test
	void saysWhatItsIteratorFailsWithWhenClosed() throws Exception {
		CursorIterator<String, String> items = Sources
			.of(String.class, (cursor) -> new FailingIterator(), (item) -> item)
			.iterate(null);
		assertThatExceptionOfType(IOException.class).isThrownBy(items::close).havingCause().withMessage("still in use");
	}

	@Test
	void refusesAFunctionThatIgnoresTheCursor() throws Exception {
		CursorSource<Integer, Integer> source = Sources.of(Integer.class, (cursor) -> List.of(1, 2, 3, 4).iterator(),
				(item) -> item);
		for (int cursor : List.of(1, 4)) {
			assertThatIllegalStateException().isThrownBy(() -> Walks.after(source, cursor))
				.withMessage(
						"The items after cursor " + cursor + " have that cursor again, so that they would be walked "
								+ "for ever: open only what comes after the given cursor");
		}
	}

	@Test
	void takesCursorsInAnyOrder() throws Exception {
		List<Integer> rows = List.of(7, 3, 9, 1);
		CursorSource<Integer, Integer> source = Sources.of(Integer.class,
				(cursor) -> rows.listIterator(rows.indexOf(cursor) + 1), (item) -> item);
		assertThat(Walks.after(source, 3)).containsExactly(9, 1);
	}

	@Test
	void namesTheFunctionThatReturnsNoCursor() {
		CursorSource<String, String> source = Sources.of(String.class, (cursor) -> List.of("a").iterator(),
				(item) -> null);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageStartingWith(
					"The function that takes an item's cursor, the last argument of 'Sources.of' or 'Sources.stream', "
							+ "returned null: return what says where the item is");
	}

	@Test
	void refusesNulls() {
		assertThatNullPointerException().isThrownBy(() -> Sources.of(Integer.class, null, (item) -> 1));
		assertThatIllegalStateException()
			.isThrownBy(() -> Sources.of(Integer.class, (cursor) -> null, (item) -> 1).iterate(7))
			.withMessage("There is no iterator after cursor 7: return an empty one at the end");
	}

	private static final class FailingIterator implements Iterator<String>, AutoCloseable {

		@Override
		public boolean hasNext() {
			return false;
		}

		@Override
		public String next() {
			return "";
		}

		@Override
		public void close() throws CloneNotSupportedException {
			throw new CloneNotSupportedException("still in use");
		}

	}

}
