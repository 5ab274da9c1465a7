package dev.backgroundjobs.iteration;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class CsvSourceTests extends SourceContract<CsvRow, Long> {

	@Override
	CsvSource source(int items) {
		return of("id,text\n" + IntStream.range(0, items)
			.mapToObj((i) -> i + ",\"a \"\"quoted\"\"\r\nline, \u00e4\uD83D\uDE00\"" + ((i % 2 == 0) ? "\n" : "\r\n\n"))
			.collect(Collectors.joining()));
	}

	@Override
	Object comparable(CsvRow row) {
		return row.fields();
	}

	private static CsvSource of(String text) {
		return Sources.csv(new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)));
	}

	private static List<List<String>> rows(String text) throws Exception {
		return Walks.all(of(text).withoutHeader()).stream().map(CsvRow::fields).toList();
	}

	@Test
	void readsFieldsAsTheStandardSays() throws Exception {
		assertThat(rows("a,b,c")).containsExactly(List.of("a", "b", "c"));
		assertThat(rows("a,\r\n,b\n,\n")).containsExactly(List.of("a", ""), List.of("", "b"), List.of("", ""));
		assertThat(rows("\"a,b\",\"c\"\"d\",\"\"\n\"\n\"\r\n\"\"\"\"")).containsExactly(List.of("a,b", "c\"d", ""),
				List.of("\n"), List.of("\""));
		assertThat(rows("\"\"")).containsExactly(List.of(""));
		assertThat(rows(" a , \"b\" ")).containsExactly(List.of(" a ", " \"b\" "));
		assertThat(rows("5\" pipe,x\ny\r,z\r\n")).containsExactly(List.of("5\" pipe", "x"), List.of("y\r", "z"));
		assertThat(rows("a\r")).containsExactly(List.of("a"));
		assertThat(rows("\"a\"\r")).containsExactly(List.of("a"));
	}

	@Test
	void skipsEmptyLines() throws Exception {
		assertThat(rows("\n\r\na\n\n\r\nb\n\n")).containsExactly(List.of("a"), List.of("b"));
		assertThat(rows("\n\n")).isEmpty();
	}

	@Test
	void findsFieldsByNameAndPlaceAlsoWhenResumed() throws Exception {
		CsvSource source = of("\uFEFF\"na\"\"me\";price\nPen;1\nInk;2").delimiter(';');
		CsvRow row = Walks.after(source, Walks.cursor(source, 1)).get(0);
		assertThat(row.get("na\"me")).isEqualTo("Ink");
		assertThat(row.get("price")).isEqualTo("2").isEqualTo(row.get(1));
		assertThat(row.offset()).isEqualTo(24);
		assertThat(row.fields()).isUnmodifiable();
		assertThat(row).hasToString("row at byte 24");
	}

	@Test
	void namesTheRowAndColumnThatAreNotThere() throws Exception {
		CsvRow row = Walks.all(of("id,name\n1")).get(0);
		assertThatIllegalStateException().isThrownBy(() -> row.get("name"))
			.withMessageEndingWith("has no column 'name' in the row at byte 8, which ends after 1 fields of 2");
		assertThatIllegalStateException().isThrownBy(() -> row.get(1))
			.withMessageEndingWith("has no column 1 in the row at byte 8, which has 1 fields (from 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> row.get("Name"))
			.withMessageEndingWith("has no column 'Name'; its columns are [id, name]");
		CsvRow nameless = Walks.all(of("1").withoutHeader()).get(0);
		assertThatIllegalStateException().isThrownBy(() -> nameless.get("id"))
			.withMessageContaining("is read without a header");
	}

	@Test
	void refusesTwoColumnsOfOneName() {
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(of("id,name,id\n")))
			.withMessageContaining("has two columns 'id', 0 and 2");
	}

	@Test
	void refusesAQuoteThatIsNotClosed() {
		assertThatIllegalStateException().isThrownBy(() -> rows("a\nb,\"c\nd\n"))
			.withMessageContaining("has a quote in the row at byte 2 that is not closed until the file ends");
		InputStream endless = new InputStream() {
			@Override
			public int read() {
				return 'x';
			}
		};
		CsvSource source = Sources
			.csv((offset) -> new java.io.SequenceInputStream(new ByteArrayInputStream(new byte[] { 'a', '\n', '"' }),
					endless))
			.withoutHeader();
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(source))
			.withMessage(
					"The file has a record at byte 2 that is longer than 1048576 bytes: a quote may not be closed, or "
							+ "set a greater 'maxRowSize'");
	}

	@Test
	void skipsTheHeaderAlsoWhenItStartsAtTheFirstByte() throws Exception {
		for (String file : List.of("id,name\n1,a\n2,b\n", "\uFEFF\nid,name\n1,a\n2,b\n")) {
			assertThat(Walks.after(of(file), 0L)).extracting((row) -> row.get("id")).containsExactly("1", "2");
		}
		assertThat(Walks.after(of("1\n2\n").withoutHeader(), 0L)).hasSize(2);
	}

	@Test
	void refusesACursorInTheHeader() {
		CsvSource source = of("\n\"id\nof it\",name\n1,a\n");
		for (long cursor : List.of(1L, 5L)) {
			assertThatIllegalStateException().isThrownBy(() -> Walks.after(source, cursor))
				.withMessageEndingWith("has no row at the cursor's byte " + cursor
						+ ", which is in its header: begin at the start, or with a cursor of a row");
		}
	}

	@Test
	void refusesTextAfterAClosingQuote() {
		assertThatIllegalStateException().isThrownBy(() -> rows("a\n\"b\"c\n"))
			.withMessageContaining("has text after a closing quote in the row at byte 2");
		assertThatIllegalStateException().isThrownBy(() -> rows("\"b\"\rc\n"));
	}

	@Test
	void refusesRowsThatAreTooLong() throws Exception {
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(of("a\n123456\n").maxRowSize(DataSize.ofBytes(6))))
			.withMessageContaining("at byte 2 that is longer than 6 bytes");
		assertThat(Walks.all(of("a\n" + "1".repeat(2_000_000)).maxRowSize(DataSize.ofMegabytes(2)))).hasSize(1);
	}

	@Test
	void refusesBytesThatAreNoCharacters() {
		ByteArrayResource latin = new ByteArrayResource("a\nok\n\"\u00e4\"\n".getBytes(StandardCharsets.ISO_8859_1));
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(Sources.csv(latin)))
			.withMessageContaining("has bytes in the record at byte 5 that are no characters in UTF-8");
	}

	@Test
	void refusesDelimitersThatAreNone() {
		for (char delimiter : new char[] { '"', '\n', '\r', '\u00a7', 0 }) {
			assertThatIllegalArgumentException().isThrownBy(() -> of("").delimiter(delimiter));
		}
	}

	@Test
	void closesEveryStreamItOpened() throws Exception {
		byte[] bytes = "id\n1\n2\n".getBytes(StandardCharsets.UTF_8);
		AtomicInteger open = new AtomicInteger();
		CsvSource source = Sources.csv((offset) -> {
			open.incrementAndGet();
			return new FilterInputStream(new ByteArrayInputStream(bytes, (int) offset, bytes.length)) {
				@Override
				public void close() {
					open.decrementAndGet();
				}
			};
		});
		try (CursorIterator<CsvRow, Long> rows = source.iterate(3L)) {
			assertThat(rows.hasNext()).isTrue();
			assertThat(open).hasValue(1);
		}
		assertThat(open).hasValue(0);
		assertThatIllegalStateException().isThrownBy(() -> source.iterate(4L));
		assertThatIllegalStateException().isThrownBy(() -> source.iterate(100L));
		assertThat(open).hasValue(0);
	}

}
