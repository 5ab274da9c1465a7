package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.util.Iterator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

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
