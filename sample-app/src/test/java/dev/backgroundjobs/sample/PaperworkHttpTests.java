package dev.backgroundjobs.sample;

import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.backgroundjobs.sample.conversion.DocxFile;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what Paperwork promises over HTTP, with real conversions.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class PaperworkHttpTests {

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
	void servesThePageWithoutAnythingFromElsewhere() throws Exception {
		String page = text(this.client.get("/"));
		assertThat(page).contains("<title>Paperwork</title>").doesNotContain("http://", "https://");
		assertThat(text(this.client.get("/paperwork.js"))).doesNotContain("innerHTML", "http://", "https://");
		assertThat(this.client.get("/paperwork.css").statusCode()).isEqualTo(200);
	}

	@Test
	void convertsTheShippedDocument() throws Exception {
		HttpResponse<byte[]> accepted = this.client.upload("file", "welcome.docx",
				Files.readAllBytes(Path.of("samples/welcome.docx")));
		assertThat(accepted.statusCode()).isEqualTo(202);
		JsonNode document = this.client.json(accepted);
		assertThat(document.propertyNames()).containsExactlyInAnyOrder("id", "name", "state", "attempt", "error",
				"warnings");
		String location = accepted.headers().firstValue("Location").orElseThrow();
		assertThat(location).isEqualTo("/documents/" + document.get("id").asString());
		JsonNode done = this.client.awaitFinal(location);
		assertThat(done.propertyNames()).containsExactlyInAnyOrder("id", "name", "state", "attempt", "error",
				"warnings");
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("attempt").asInt()).isEqualTo(1);
		assertThat(done.get("error").isNull()).isTrue();
		assertThat(done.get("warnings").isArray()).isTrue();
		HttpResponse<byte[]> pdf = this.client.get(location + "/pdf");
		assertThat(pdf.headers().firstValue("Content-Type")).hasValue("application/pdf");
		try (PDDocument read = Loader.loadPDF(pdf.body())) {
			assertThat(new PDFTextStripper().getText(read)).contains("Welcome to Paperwork", "Καλημέρα", "Добрый день");
		}
	}

	@Test
	void listsDocumentsNewestFirst() throws Exception {
		this.client.convert("older.docx", DocxFile.withText("older").bytes());
		this.client.convert("newer.docx", DocxFile.withText("newer").bytes());
		JsonNode list = this.client.json(this.client.get("/documents"));
		assertThat(list.get(0).get("name").asString()).isEqualTo("newer.docx");
		assertThat(list.get(1).get("name").asString()).isEqualTo("older.docx");
	}

	@Test
	void namesThePdfAfterTheDocument() throws Exception {
		JsonNode done = this.client.convert("C:\\Users\\Ünal\\Αναφορά; 2.DOCX", DocxFile.withText("text").bytes());
		assertThat(done.get("name").asString()).isEqualTo("Αναφορά; 2.DOCX");
		String disposition = this.client.get("/documents/" + done.get("id").asString() + "/pdf")
			.headers()
			.firstValue("Content-Disposition")
			.orElseThrow();
		assertThat(disposition).startsWith("inline;");
		assertThat(URLDecoder.decode(disposition, StandardCharsets.UTF_8)).endsWith("filename*=UTF-8''Αναφορά; 2.pdf");
	}

	@Test
	void warnsOfCharactersThatCannotBeDrawn() throws Exception {
		JsonNode done = this.client.convert("han.docx", DocxFile.withText("漢字").bytes());
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("warnings").get(0).asString())
			.isEqualTo("2 Han characters cannot be drawn with the bundled fonts and appear as #");
	}

	@Test
	void failsAtOnceWhatIsNoWordDocumentInside() throws Exception {
		JsonNode failed = this.client.convert("fake.docx", "Just text".getBytes(StandardCharsets.UTF_8));
		assertThat(failed.get("state").asString()).isEqualTo("failed");
		assertThat(failed.get("attempt").asInt()).isEqualTo(1);
		assertThat(failed.get("error").asString()).startsWith("This file is named .docx but is not a Word document");
		HttpResponse<byte[]> pdf = this.client.get("/documents/" + failed.get("id").asString() + "/pdf");
		assertProblem(pdf, 409, "'fake.docx' has no PDF: it is failed.");
	}

	@Test
	void showsItsJobToOperators() throws Exception {
		JsonNode jobs = this.client.json(this.client.get("/actuator/jobs"));
		assertThat(jobs.get("backend").asString()).isEqualTo("local");
		assertThat(jobs.get("jobs").get(0).get("name").asString()).isEqualTo("documents.convert");
		assertThat(jobs.get("jobs").get(0).get("queue").asString()).isEqualTo("documents");
	}

	@Test
	void refusesAnotherKindOfFile() throws Exception {
		assertRefused(this.client.upload("file", "photo.png", new byte[10]), 415,
				"'photo.png' is not a Word document: its name does not end with .docx.");
	}

	@Test
	void refusesAnEmptyFile() throws Exception {
		assertRefused(this.client.upload("file", "empty.docx", new byte[0]), 400, "'empty.docx' is empty.");
	}

	@Test
	void refusesAFileOfMoreThan20Megabytes() throws Exception {
		assertRefused(this.client.upload("file", "big.docx", new byte[20 * 1024 * 1024 + 1]), 413,
				"The file is larger than 20 MB.");
	}

	@Test
	void letsTheSenderOfAFarTooLargeFileReadTheReason() throws Exception {
		assertRefused(this.client.upload("file", "huge.docx", new byte[80 * 1024 * 1024]), 413,
				"The file is larger than 20 MB.");
	}

	@Test
	void takesInAFileOfExactly20Megabytes() throws Exception {
		JsonNode failed = this.client.convert("exact.docx", new byte[20 * 1024 * 1024]);
		assertThat(failed.get("error").asString()).contains("not a Word document");
	}

	@Test
	void refusesAnUploadWithoutTheFile() throws Exception {
		assertRefused(this.client.upload("document", "a.docx", new byte[10]), 400,
				"The upload has no part named 'file' with a file in it.");
	}

	@Test
	void refusesABodyThatIsNoUpload() throws Exception {
		assertRefused(this.client.post("application/json", new byte[] { '{', '}' }), 415,
				"Content-Type 'application/json' is not supported.");
		assertRefused(this.client.post("multipart/form-data", new byte[] { 'x' }), 400,
				"The upload is not well-formed multipart/form-data.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/documents/0b5c2a1e-6c51-4b6e-9d4e-0f6f0f4b3a11", "/documents/nonsense",
			"/documents/%2e%2e", "/documents/0b5c2a1e-6c51-4b6e-9d4e-0f6f0f4b3a11/pdf", "/documents/nonsense/pdf" })
	void knowsNoOtherDocuments(String path) throws Exception {
		HttpResponse<byte[]> response = this.client.get(path);
		assertThat(response.statusCode()).isIn(400, 404);
		if (!path.contains("%")) {
			assertProblem(response, 404, "There is no such document.");
		}
	}

	@Test
	void pushesEveryChange() throws Exception {
		List<JsonNode> events = new ArrayList<>();
		HttpResponse<Stream<String>> stream = this.client.events();
		assertThat(stream.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
		CompletableFuture<JsonNode> converted = CompletableFuture.supplyAsync(() -> {
			try {
				return this.client.convert("pushed.docx", DocxFile.withText("text").bytes());
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		try (Stream<String> lines = stream.body()) {
			lines.filter((line) -> line.startsWith("data:"))
				.map((line) -> this.client.json(line.substring("data:".length())))
				.filter((event) -> event.get("name").asString().equals("pushed.docx"))
				.peek(events::add)
				.anyMatch((event) -> event.get("state").asString().equals("done"));
		}
		assertThat(events).extracting((event) -> event.get("state").asString() + " " + event.get("attempt").asInt())
			.containsSubsequence("queued 0", "running 1", "done 1");
		assertThat(events).extracting((event) -> event.get("percent").asInt(0)).contains(25, 50, 75);
		assertThat(converted.join().get("state").asString()).isEqualTo("done");
	}

	private void assertRefused(HttpResponse<byte[]> response, int status, String detail) throws Exception {
		assertProblem(response, status, detail);
		String name = detail.startsWith("'") ? detail.substring(1, detail.indexOf('\'', 1)) : "none";
		assertThat(text(this.client.get("/documents"))).doesNotContain("\"name\":\"" + name + "\"");
	}

	private void assertProblem(HttpResponse<byte[]> response, int status, String detail) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(this.client.json(response).get("detail").asString()).isEqualTo(detail);
	}

	private static String text(HttpResponse<byte[]> response) {
		return new String(response.body(), StandardCharsets.UTF_8);
	}

}
