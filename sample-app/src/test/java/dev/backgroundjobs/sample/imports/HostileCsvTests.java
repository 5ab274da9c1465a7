package dev.backgroundjobs.sample.imports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;

import dev.backgroundjobs.sample.document.PaperworkProperties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link ImportFiles}: what is counted, and what is refused before anything of
 * it is kept.
 */
class HostileCsvTests {

	private static final String HEADER = "id,name,state\n";

	@TempDir
	Path storage;

	private ImportFiles files;

	@BeforeEach
	void openTheDirectory() throws IOException {
		this.files = new ImportFiles(new PaperworkProperties(this.storage, false));
	}

	@Test
	void countsRowsAndNotLines() throws Exception {
		assertThat(store(HEADER + "1,\"One\nof\r\nthree\",open\r\n\n2,\"\"\"Two\"\"\",open\nmalformed")).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "id,name,state", "\uFEFFid,name,state\r\n", "\"id\",\"name\",\"state\"\n\n" })
	void countsNoRowsWhereThereIsTheHeaderOnly(String content) throws Exception {
		assertThat(store(content)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "1,One,open\n", "id;name;state\n1;One;open\n", "id\tname\tstate\n", "id,name\n",
			"name,id,state\n", "ID,NAME,STATE\n", "id,name,state,more\n", "PK\u0003\u0004\u0000\u0000\n" })
	void refusesAnotherHeader(String content) {
		assertThat(refuse(content.getBytes(StandardCharsets.UTF_8))).isEqualTo(
				"'hostile.csv' does not begin with the header id,name,state: it must be CSV in UTF-8, separated by commas.");
	}

	@Test
	void refusesBytesThatAreNoText() {
		byte[] random = new byte[100_000];
		new Random(1).nextBytes(random);
		assertThat(refuse(random)).startsWith("'hostile.csv' ");
	}

	@Test
	void refusesAnotherEncodingWhereverItShows() {
		assertThat(refuse((HEADER + "1,Ünal,open\n").getBytes(StandardCharsets.ISO_8859_1)))
			.startsWith("'hostile.csv' has bytes in the record at byte 14 that are no characters in UTF-8");
		assertThat(refuse((HEADER + "1,One,open\n").getBytes(StandardCharsets.UTF_16))).startsWith("'hostile.csv' ");
	}

	@Test
	void refusesAQuoteThatIsNotClosed() {
		assertThat(refuse((HEADER + "1,\"One,open\n2,Two,open\n").getBytes(StandardCharsets.UTF_8)))
			.isEqualTo("'hostile.csv' has a quote in the row at byte 14 that is not closed until the file ends.");
	}

	@Test
	void refusesALineOfMoreThanAMebibyte() {
		assertThat(refuse((HEADER + "1," + "x".repeat(1_100_000) + ",open\n").getBytes(StandardCharsets.UTF_8)))
			.startsWith("'hostile.csv' has a record at byte 14 that is longer than 1048576 bytes");
	}

	private long store(String content) throws Exception {
		return this.files.store(UUID.randomUUID(), "hostile.csv",
				new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
	}

	private String refuse(byte[] content) {
		InvalidCsvException refused = catchThrowableOfType(InvalidCsvException.class,
				() -> this.files.store(UUID.randomUUID(), "hostile.csv", new ByteArrayInputStream(content)));
		assertThat(this.storage.resolve("imports")).isEmptyDirectory();
		return String.valueOf(refused.getMessage());
	}

}
