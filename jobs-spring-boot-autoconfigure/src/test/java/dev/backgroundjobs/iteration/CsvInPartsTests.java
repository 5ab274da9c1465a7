package dev.backgroundjobs.iteration;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * CSV of chance, which arrives in pieces and is walked in parts.
 */
class CsvInPartsTests {

	@Test
	void readsWhatWasWrittenHoweverTheBytesArrive() throws Exception {
		for (long seed = 1; seed <= 10; seed++) {
			Random random = new Random(seed);
			List<List<String>> written = new ArrayList<>();
			StringBuilder text = new StringBuilder();
			while (text.length() < 300_000) {
				List<String> row = IntStream.rangeClosed(0, random.nextInt(5)).mapToObj((i) -> field(random)).toList();
				written.add(row);
				text.append(row.stream()
					.map((field) -> '"' + field.replace("\"", "\"\"") + '"')
					.collect(Collectors.joining(",", "", random.nextBoolean() ? "\n" : "\r\n")));
			}
			byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
			int most = 1 + random.nextInt(5_000);
			CsvSource source = Sources
				.csv((offset) -> new Trickle(new ByteArrayInputStream(bytes, (int) offset, bytes.length), most))
				.withoutHeader();
			assertThat(Walks.all(source).stream().map(CsvRow::fields).toList()).as("seed %d", seed).isEqualTo(written);
			int half = written.size() / 2;
			assertThat(Walks.after(source, Walks.cursor(source, half)).stream().map(CsvRow::fields).toList())
				.as("seed %d", seed)
				.isEqualTo(written.subList(half, written.size()));
		}
	}

	@Test
	void anyTextIsReadTheSameInPartsAndByteByByte() throws Exception {
		Random random = new Random(1);
		for (int i = 0; i < 5_000; i++) {
			byte[] bytes = random.ints(random.nextInt(14), 0, 5)
				.mapToObj((c) -> String.valueOf("a\",\r\n".charAt(c)))
				.collect(Collectors.joining())
				.getBytes(StandardCharsets.UTF_8);
			CsvSource source = Sources.csv(new ByteArrayResource(bytes)).withoutHeader();
			CsvSource trickling = Sources
				.csv((offset) -> new Trickle(new ByteArrayInputStream(bytes, (int) offset, bytes.length), 1))
				.withoutHeader();
			List<Object> expected = untilFailure(source, false);
			assertThat(untilFailure(trickling, false)).as(() -> new String(bytes, StandardCharsets.UTF_8))
				.isEqualTo(expected);
			assertThat(untilFailure(source, true)).as(() -> new String(bytes, StandardCharsets.UTF_8))
				.isEqualTo(expected);
		}
	}

	private static List<Object> untilFailure(CsvSource source, boolean interrupted) throws Exception {
		List<Object> found = new ArrayList<>();
		CursorIterator<CsvRow, Long> rows = source.iterate(null);
		try {
			while (rows.hasNext()) {
				found.add(rows.next().fields());
				if (interrupted) {
					Long cursor = rows.cursor();
					rows.close();
					rows = source.iterate(cursor);
				}
			}
		}
		catch (IllegalStateException ex) {
			found.add(ex.getMessage().replaceFirst(".* has", "has"));
		}
		rows.close();
		return found;
	}

	private static String field(Random random) {
		int length = (random.nextInt(200) == 0) ? random.nextInt(70_000) : random.nextInt(20);
		String characters = "ab,\"\n\r\u00e4\u20ac";
		return random.ints(length, 0, characters.length())
			.mapToObj((i) -> String.valueOf(characters.charAt(i)))
			.collect(Collectors.joining());
	}

	/**
	 * Gives a few bytes at once.
	 */
	private static final class Trickle extends FilterInputStream {

		private final int most;

		Trickle(InputStream in, int most) {
			super(in);
			this.most = most;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			return super.read(target, offset, Math.min(length, this.most));
		}

	}

}
