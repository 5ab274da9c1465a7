package dev.backgroundjobs.sample;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what imports promise over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ImportHttpTests {

	private static final String HEADER = "id,name,state\n";

	@TempDir
	static Path storage;

	private PaperworkClient client;

	@DynamicPropertySource
	static void storage(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", () -> storage);
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = new PaperworkClient(port);
	}

	@Test
	void acceptsAFileAndSaysWhereToLook() throws Exception {
		HttpResponse<byte[]> accepted = upload("rows.csv", HEADER + "1,One,open\n");
		assertThat(accepted.statusCode()).isEqualTo(202);
		JsonNode queued = this.client.json(accepted);
		assertThat(queued.propertyNames()).containsExactly("id", "name", "state", "processed", "total", "rate",
				"slices", "interruptions", "failedRows");
		assertThat(queued.get("state").asString()).isEqualTo("queued");
		assertThat(accepted.headers().firstValue("Location")).hasValue("/imports/" + queued.get("id").asString());
	}

	@Test
	void insertsEveryRow() throws Exception {
		JsonNode done = this.client.importRows("rows.csv", rows(1, 2_345));
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("processed").asLong()).isEqualTo(2_345);
		assertThat(done.get("total").asLong()).isEqualTo(2_345);
		assertThat(done.get("slices").asInt()).isEqualTo(1);
		assertThat(done.get("interruptions").asInt()).isZero();
		assertThat(done.get("failedRows").asLong()).isZero();
		assertThat(done.get("error")).isNull();
		assertThat(this.client.rows(path(done))).hasSize(2_345)
			.first()
			.satisfies((row) -> assertThat(row).hasToString("{\"id\":1,\"name\":\"Name 1\",\"state\":\"open\"}"));
	}

	@Test
	void readsWhatSpreadsheetsWrite() throws Exception {
		JsonNode done = this.client.importRows("odd.csv",
				"\uFEFFid,name,state\r\n3,\"Meyer, \"\"Bob\"\"\",\"two\nlines\"\r\n\r\n-1,Ünal 🦖,\r\n2,last,open");
		JsonNode rows = this.client.json(this.client.get(path(done) + "/rows"));
		assertThat(rows).extracting(
				(row) -> row.get("id").asInt() + "|" + row.get("name").asString() + "|" + row.get("state").asString())
			.containsExactly("-1|Ünal 🦖|", "2|last|open", "3|Meyer, \"Bob\"|two\nlines");
	}

	@Test
	void takesInAFileWithoutRows() throws Exception {
		JsonNode done = this.client.importRows("header.csv", "id,name,state");
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("total").asLong()).isZero();
		assertThat(this.client.rows(path(done))).isEmpty();
	}

	@Test
	void keepsTheFirstOfRepeatedRows() throws Exception {
		JsonNode done = this.client.importRows("twice.csv", HEADER + "1,first,open\n2,other,open\n1,second,closed\n");
		assertThat(done.get("processed").asLong()).isEqualTo(3);
		assertThat(done.get("failedRows").asLong()).isZero();
		assertThat(this.client.rows(path(done))).extracting((row) -> row.get("name").asString())
			.containsExactly("first", "other");
	}

	@Test
	void skipsAndCountsMalformedRows() throws Exception {
		JsonNode done = this.client.importRows("some.csv", HEADER
				+ "1,good,open\nx,no number,open\n2,no state\n3,too,many,fields\n99999999999999999999,big,open\n4,"
				+ "long,".concat("s".repeat(41)) + "\n5," + "n".repeat(1_001) + ",open\n 6,space,open\n7,good,"
				+ "s".repeat(40) + "\n");
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("processed").asLong()).isEqualTo(9);
		assertThat(done.get("failedRows").asLong()).isEqualTo(7);
		assertThat(this.client.rows(path(done))).extracting((row) -> row.get("id").asLong()).containsExactly(1L, 7L);
	}

	@Test
	void givesUpWhenTooManyRowsAreMalformedAndSaysWhy() throws Exception {
		String malformed = IntStream.range(0, 1_001).mapToObj((i) -> "x" + i + ",n,s\n").collect(Collectors.joining());
		JsonNode failed = this.client.importRows("bad.csv", HEADER + "1,good,open\n" + malformed + "2,good,open\n");
		assertThat(failed.get("state").asString()).isEqualTo("failed");
		assertThat(failed.get("failedRows").asLong()).isEqualTo(1_000);
		assertThat(failed.get("processed").asLong()).isEqualTo(1_001);
		assertThat(failed.get("error").asString()).startsWith("More than 1,000 rows are malformed. The row at byte ")
			.endsWith(" has an id that is no whole number of 64 bits.");
		assertThat(this.client.rows(path(failed))).hasSize(1);
	}

	@Test
	void resumesWhatFailedWhereItFailedAndCountsOn() throws Exception {
		String malformed = IntStream.range(0, 1_500).mapToObj((i) -> "x" + i + ",n,s\n").collect(Collectors.joining());
		JsonNode failed = this.client.importRows("worse.csv", HEADER + "1,good,open\n" + malformed + "2,good,open\n");
		HttpResponse<byte[]> resumed = this.client.post(path(failed) + "/resume", "application/json", new byte[0]);
		assertThat(resumed.statusCode()).isEqualTo(202);
		assertThat(resumed.headers().firstValue("Location")).hasValue(path(failed));
		JsonNode done = this.client.awaitFinal(path(failed));
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("processed").asLong()).isEqualTo(1_502);
		assertThat(done.get("failedRows").asLong()).isEqualTo(1_500);
		assertThat(done.get("slices").asInt()).isEqualTo(2);
		assertThat(this.client.rows(path(done))).extracting((row) -> row.get("id").asLong()).containsExactly(1L, 2L);
	}

	@Test
	void doesNotResumeWhatIsDone() throws Exception {
		JsonNode done = this.client.importRows("done.csv", rows(1, 3));
		assertProblem(this.client.post(path(done) + "/resume", "application/json", new byte[0]), 409,
				"'done.csv' cannot be resumed: it is done, and only what is interrupted or failed can.");
	}

	@Test
	void listsImportsNewestFirst() throws Exception {
		this.client.importRows("older.csv", rows(1, 1));
		this.client.importRows("newer.csv", rows(1, 1));
		JsonNode list = this.client.json(this.client.get("/imports"));
		assertThat(list.get(0).get("name").asString()).isEqualTo("newer.csv");
		assertThat(list.get(1).get("name").asString()).isEqualTo("older.csv");
	}

	@Test
	void givesOutRowsInPages() throws Exception {
		JsonNode done = this.client.importRows("pages.csv", rows(1, 250));
		assertThat(this.client.json(this.client.get(path(done) + "/rows"))).hasSize(100);
		assertThat(this.client.json(this.client.get(path(done) + "/rows?after=240&limit=1000")))
			.extracting((row) -> row.get("id").asInt())
			.containsExactly(241, 242, 243, 244, 245, 246, 247, 248, 249, 250);
		assertThat(this.client.json(this.client.get(path(done) + "/rows?after=" + Long.MAX_VALUE))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "limit=0 | The limit of 0 rows is out of range: give 1 to 1000.",
					"limit=1001 | The limit of 1001 rows is out of range: give 1 to 1000.",
					"limit=many | Failed to convert 'limit' with value: 'many'",
					"after=first | Failed to convert 'after' with value: 'first'" })
	void refusesPagesThatMakeNoSense(String query, String detail) throws Exception {
		JsonNode done = this.client.importRows("few.csv", rows(1, 3));
		assertProblem(this.client.get(path(done) + "/rows?" + query), 400, detail);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/imports/0b5c2a1e-6c51-4b6e-9d4e-0f6f0f4b3a11", "/imports/nonsense",
			"/imports/0b5c2a1e-6c51-4b6e-9d4e-0f6f0f4b3a11/rows", "/imports/nonsense/rows" })
	void knowsNoOtherImports(String path) throws Exception {
		assertProblem(this.client.get(path), 404, "There is no such import.");
		if (!path.endsWith("rows")) {
			assertProblem(this.client.post(path + "/resume", "application/json", new byte[0]), 404,
					"There is no such import.");
		}
	}

	@Test
	void refusesAFileWithAnotherHeaderAndKeepsNothing() throws Exception {
		assertProblem(upload("semicolons.csv", "id;name;state\n1;One;open\n"), 400,
				"'semicolons.csv' does not begin with the header id,name,state: it must be CSV in UTF-8, separated by commas.");
		assertThat(new String(this.client.get("/imports").body(), StandardCharsets.UTF_8))
			.doesNotContain("semicolons.csv");
	}

	@Test
	void refusesAnEmptyFile() throws Exception {
		assertProblem(upload("empty.csv", ""), 400, "'empty.csv' is empty.");
	}

	@Test
	void takesInMoreThanADocumentMayHave() throws Exception {
		StringBuilder csv = new StringBuilder(HEADER);
		for (int i = 1; csv.length() < 22 * 1024 * 1024; i++) {
			csv.append(i).append(',').append("n".repeat(1_000)).append(",open\n");
		}
		assertThat(this.client.importRows("large.csv", csv.toString()).get("state").asString()).isEqualTo("done");
	}

	@Test
	void pushesEveryChange() throws Exception {
		HttpResponse<Stream<String>> stream = this.client.events();
		List<String> states = new ArrayList<>();
		upload("pushed.csv", rows(1, 5));
		try (Stream<String> lines = stream.body()) {
			lines.filter((line) -> line.startsWith("data:"))
				.map((line) -> this.client.json(line.substring("data:".length())))
				.filter((event) -> event.get("name").asString().equals("pushed.csv"))
				.peek((event) -> states.add(event.get("state").asString()))
				.anyMatch((event) -> event.get("state").asString().equals("done"));
		}
		assertThat(states).containsSubsequence("queued", "running", "done");
	}

	private HttpResponse<byte[]> upload(String name, String csv) throws Exception {
		return this.client.uploadTo("/imports", "file", name, csv.getBytes(StandardCharsets.UTF_8));
	}

	private void assertProblem(HttpResponse<byte[]> response, int status, String detail) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(this.client.json(response).get("detail").asString()).isEqualTo(detail);
	}

	private static String path(JsonNode shown) {
		return "/imports/" + shown.get("id").asString();
	}

	private static String rows(int from, int to) {
		return HEADER + IntStream.rangeClosed(from, to)
			.mapToObj((id) -> id + ",Name " + id + ",open\n")
			.collect(Collectors.joining());
	}

}
