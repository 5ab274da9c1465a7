package dev.backgroundjobs.iteration;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LineSourceTests extends SplittableSourceContract<String, Long> {

	@TempDir
	Path directory;

	@Override
	LineSource source(int items) throws IOException {
		return Sources.lines(file(lines(items)));
	}

	// Of different lengths, and not only of ASCII.
	private static String lines(int items) {
		return IntStream.range(0, items)
			.mapToObj((i) -> "Zeile " + i + " \u00e4\u00f6\u00fc\uD83D\uDE00".repeat(i % 4)
					+ ((i % 3 == 0) ? "\r\n" : "\n"))
			.collect(Collectors.joining());
	}

	private FileSystemResource file(String text) throws IOException {
		return new FileSystemResource(Files.writeString(this.directory.resolve("file.txt"), text));
	}

	private static LineSource of(String text) {
		return Sources.lines(new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void knowsBothLineEndsAndNeedsNoneAtTheEnd() throws Exception {
		assertThat(Walks.all(of("a\r\nb\n\n\rc\rd\r\n\r\ne"))).containsExactly("a", "b", "", "\rc\rd", "", "e");
	}

	@Test
	void skipsAByteOrderMark() throws Exception {
		assertThat(Walks.all(of("\uFEFFa\nb"))).containsExactly("a", "b");
		assertThat(Walks.all(of("\uFEFF"))).isEmpty();
		assertThat(Walks.after(of("\uFEFFa\nb"), 5L)).containsExactly("b");
	}

	@Test
	void linesMayCrossTheEndOfTheBuffer() throws Exception {
		List<String> lines = new ArrayList<>();
		for (int length : List.of(65_535, 0, 65_536, 1, 131_070, 200_000, 3, 65_534, 70_000)) {
			lines.add("\u00e4".repeat(length / 2) + "x".repeat(length % 2));
		}
		LineSource source = of(String.join("\r\n", lines));
		assertThat(Walks.all(source)).isEqualTo(lines);
		for (int i = 1; i <= lines.size(); i++) {
			assertThat(Walks.after(source, Walks.cursor(source, i))).isEqualTo(lines.subList(i, lines.size()));
		}
	}

	@Test
	void splitsAFileWithVeryLongLines() throws Exception {
		String text = "a\n" + "b".repeat(1_000) + "\nc\nd";
		LineSource source = of(text);
		assertThat(source.split(4)).containsExactly(1_003L);
		assertThat(Walks.all(source.range(null, 1_003L))).hasSize(2);
		assertThat(Walks.all(source.range(1_003L, null))).containsExactly("c", "d");
	}

	@Test
	void refusesALineThatIsLongerThanTheLimit() {
		assertThatIllegalStateException()
			.isThrownBy(() -> Walks.all(of("ab\nabcdef\n").maxLineSize(DataSize.ofBytes(5))))
			.withMessageEndingWith(
					"has a record at byte 3 that is longer than 5 bytes: set a greater 'maxLineSize', or see "
							+ "whether its lines end with LF");
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(of("a\n" + "b".repeat(2_000_000))))
			.withMessageContaining("has a record at byte 2 that is longer than 1048576 bytes");
	}

	@Test
	void refusesAFileThatHasBecomeShorterThanTheCursor() throws Exception {
		Long cursor = Walks.cursor(Sources.lines(file("a\nb\nc\n")), 3);
		assertThatIllegalStateException().isThrownBy(() -> Walks.after(Sources.lines(file("a\nb\n")), cursor))
			.withMessageContaining("is shorter than the cursor's 6 bytes: was it replaced meanwhile?");
		assertThatIllegalStateException().isThrownBy(() -> Walks.after(of("a\n"), 6L))
			.withMessageContaining("is shorter than the cursor's 6 bytes");
	}

	@Test
	void refusesAFileInWhichNoLineBeginsAtTheCursor() {
		assertThatIllegalStateException().isThrownBy(() -> Walks.after(of("abc\ndef"), 2L))
			.withMessageContaining("has no line that begins at the cursor's byte 2: was it replaced");
	}

	@Test
	void seesLinesAddedAtTheEnd() throws Exception {
		Long cursor = Walks.cursor(Sources.lines(file("a\n")), 1);
		assertThat(Walks.after(Sources.lines(file("a\n")), cursor)).isEmpty();
		assertThat(Walks.after(Sources.lines(file("a\nb\n")), cursor)).containsExactly("b");
	}

	@Test
	void readsOtherCharsets() throws Exception {
		Charset charset = Charset.forName("windows-1252");
		ByteArrayResource euros = new ByteArrayResource("5 \u20ac\n6 \u20ac".getBytes(charset));
		assertThat(Walks.all(Sources.lines(euros).charset(charset))).containsExactly("5 \u20ac", "6 \u20ac");
	}

	@Test
	void refusesBytesThatAreNoCharacters() {
		ByteArrayResource latin = new ByteArrayResource("ok\n\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(Sources.lines(latin)))
			.withMessageContaining("has bytes in the record at byte 3 that are no characters in UTF-8");
	}

	@Test
	void refusesCharsetsWhoseBytesDoNotSayWhereLinesEnd() {
		for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-32", "ISO-2022-JP", "GB18030", "Shift_JIS",
				"IBM037")) {
			assertThatIllegalArgumentException().as(charset)
				.isThrownBy(() -> of("").charset(Charset.forName(charset)))
				.withMessageContaining("Convert it to UTF-8 first");
		}
		of("").charset(StandardCharsets.US_ASCII).charset(Charset.forName("ISO-8859-15"));
	}

	@Test
	void refusesAResourceThatCanBeReadOnlyOnce() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Sources.lines(new InputStreamResource(InputStream.nullInputStream())))
			.withMessageContaining("can be read only once, but every slice reads it");
	}

	@Test
	void cannotBeSplitWithoutALength() {
		assertThatIllegalStateException()
			.isThrownBy(() -> Sources.lines((offset) -> InputStream.nullInputStream()).split(2))
			.withMessage("The file cannot be cut into ranges, because its length is unknown: set 'length'");
	}

	/**
	 * The same of a store that is read by range, which refuses ranges after its end.
	 */
	static class ByOffsetTests extends SplittableSourceContract<String, Long> {

		@Override
		LineSource source(int items) {
			byte[] bytes = lines(items).getBytes(StandardCharsets.UTF_8);
			return Sources.lines((offset) -> open(bytes, offset)).length(() -> bytes.length);
		}

		private static InputStream open(byte[] bytes, long offset) throws IOException {
			if (offset > 0 && offset >= bytes.length) {
				throw new IOException("416 Range Not Satisfiable");
			}
			return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
		}

	}

}
