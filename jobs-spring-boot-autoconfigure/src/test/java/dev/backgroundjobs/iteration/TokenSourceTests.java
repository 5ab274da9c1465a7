package dev.backgroundjobs.iteration;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class TokenSourceTests extends SourceContract<Integer, PageCursor> {

	// Pages of three, and an empty one after each.
	@Override
	CursorSource<Integer, PageCursor> source(int items) {
		return Sources.pages((token) -> {
			int page = (token != null) ? Integer.parseInt(token) : 0;
			int from = page / 2 * 3;
			String next = (from < items) ? Integer.toString(page + 1) : null;
			int to = (page % 2 == 0) ? Math.min(from + 3, items) : from;
			return new TokenPage<>(IntStream.range(from, to).boxed().toList(), next);
		});
	}

	@Test
	void goesOnWithTheNextPageWhenThePageHasBecomeShorter() throws Exception {
		CursorSource<String, PageCursor> source = Sources.pages(
				(token) -> (token == null) ? new TokenPage<>(List.of("a"), "2") : new TokenPage<>(List.of("b"), null));
		assertThat(Walks.after(source, new PageCursor(null, 5))).containsExactly("b");
	}

	@Test
	void refusesAPageThatNamesItself() {
		CursorSource<String, PageCursor> source = Sources.pages((token) -> new TokenPage<>(List.of("a"), "again"));
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessageStartingWith("The page of token 'again' names itself as the next page");
	}

	@Test
	void refusesPagesThatComeRoundToATokenAgain() {
		for (int length : List.of(2, 3, 7, 50)) {
			CursorSource<String, PageCursor> source = Sources.pages((token) -> {
				int page = (token != null) ? Integer.parseInt(token) : -5;
				return new TokenPage<>(List.of("a"), Integer.toString((page + 1 < length) ? page + 1 : 0));
			});
			assertThatIllegalStateException().as("cycle of %d", length)
				.isThrownBy(() -> Walks.all(source))
				.withMessageStartingWith("The pages come round to token '")
				.withMessageEndingWith("return null as the next token of the last page");
		}
	}

	@Test
	void refusesAPageThatIsNull() {
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(Sources.<String>pages((token) -> null)))
			.withMessage(
					"The page of token 'null' is null: return a TokenPage, at the end one without items and without "
							+ "a next token");
	}

	@Test
	void loadsNoPageBeforeItIsNeeded() throws Exception {
		CursorSource<String, PageCursor> source = Sources.pages((token) -> {
			assertThat(token).isNull();
			return new TokenPage<>(List.of("a", "b"), "2");
		});
		try (CursorIterator<String, PageCursor> items = source.iterate(null)) {
			assertThat(items.hasNext()).isTrue();
			assertThat(items.next()).isEqualTo("a");
			assertThat(items.hasNext()).isTrue();
			assertThat(items.next()).isEqualTo("b");
		}
	}

	@Test
	void refusesNulls() {
		assertThatNullPointerException().isThrownBy(() -> Sources.pages(null))
			.withMessage("The function that loads a page is null");
		assertThatNullPointerException().isThrownBy(() -> new TokenPage<>(null, null))
			.withMessage("A page needs a list of items, if only an empty one");
	}

}
