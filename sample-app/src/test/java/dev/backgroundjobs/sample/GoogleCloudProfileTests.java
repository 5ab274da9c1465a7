package dev.backgroundjobs.sample;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.cloudtasks.emulator.GoogleTokenIssuer;
import dev.backgroundjobs.sample.conversion.DocxFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the profile of Cloud Run, with directories for buckets, and neither
 * credentials nor a network.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "jobs.backend=local")
@ActiveProfiles("gcp")
@ExtendWith(OutputCaptureExtension.class)
class GoogleCloudProfileTests {

	private static final String URL = "https://paperwork.example.com";

	private static final String INVOKER = "paperwork-invoker@paperwork-12345.iam.gserviceaccount.com";

	private static final GoogleTokenIssuer google = new GoogleTokenIssuer();

	@TempDir
	static Path directory;

	private PaperworkClient client;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", () -> directory.resolve("data"));
		registry.add("paperwork.object-root", () -> "file:" + directory.resolve("buckets") + "/");
		registry.add("paperwork.output", () -> "file:" + directory.resolve("out") + "/");
		registry.add("jobs.google-oidc.audience", () -> URL);
		registry.add("jobs.google-oidc.emails", () -> INVOKER);
		registry.add("jobs.google-oidc.jwk-set-uri", google::jwkSetUri);
	}

	@AfterAll
	static void stop() {
		google.close();
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = new PaperworkClient(port);
	}

	@Test
	void convertsAStoredDocument(@Autowired JobDispatcher jobs) throws Exception {
		store("by name.docx");
		jobs.enqueue("documents.convertStored", new StorageObject(StorageObject.GOOGLE, "inbox", "by name.docx", "1",
				-1, null, Clock.systemUTC().instant()));
		await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(pdf("by name.pdf")));
	}

	@Test
	void convertsUploadsAsEver() throws Exception {
		JsonNode done = this.client.convert("uploaded.docx", DocxFile.withText("text").bytes());
		assertThat(done.get("state").asString()).isEqualTo("done");
	}

	@Test
	void looksForNoCredentialsBeforeItNeedsThem(@Autowired ConfigurableApplicationContext context) {
		assertThat(context.containsBeanDefinition("googleStorage")).isTrue();
		assertThat(context.getBeanFactory().containsSingleton("googleStorage")).isFalse();
	}

	@Test
	void saysWhatIsMissingWhenItStartsWithoutAnOutput(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> SpringApplication
					.run(PaperworkApplication.class, "--spring.profiles.active=gcp", "--server.port=0",
							"--jobs.backend=local", "--paperwork.storage=" + directory.resolve("other"),
							"--jobs.google-oidc.audience=" + URL, "--jobs.google-oidc.emails=" + INVOKER)
					.close());
		assertThat(output).contains("paperwork.output", "give a location such as 'gs://bucket/folder'");
	}

	@Test
	void knowsNothingOfBucketsWithoutTheProfile() {
		try (ConfigurableApplicationContext context = SpringApplication.run(PaperworkApplication.class,
				"--server.port=0", "--paperwork.storage=" + directory.resolve("default"))) {
			assertThat(List.of("googleStorage", "amazonStorage", "storedDocuments", "storedDocumentJobs"))
				.noneMatch(context::containsBean);
		}
	}

	@Test
	void convertsTheDocumentThatABucketTellsOfOnce(CapturedOutput output) throws Exception {
		store("in/a b#1%.docx");
		BucketNotification notification = BucketNotification.finalized("101", "in/a b#1%.docx", "1763633730123456");
		assertThat(push(notification).statusCode()).isEqualTo(204);
		assertThat(pdf("in/a b#1%.pdf")).isNotEmptyFile();
		assertThat(push(notification).statusCode()).isEqualTo(204);
		assertThat(output.getAll().split("Converted 'in/a b#1%.docx'", -1)).hasSize(2);
	}

	@ParameterizedTest
	@CsvSource({ "OBJECT_FINALIZE, notes.txt", "OBJECT_FINALIZE, a.docx.bak", "OBJECT_DELETE, left.docx",
			"OBJECT_METADATA_UPDATE, left.docx" })
	void acknowledgesOtherEventsAndConvertsNothing(String event, String name) throws Exception {
		store(name);
		assertThat(push(new BucketNotification("102", event, "inbox", name, "7")).statusCode()).isEqualTo(204);
		assertThat(pdf("notes.pdf")).doesNotExist();
		assertThat(pdf("left.pdf")).doesNotExist();
	}

	@Test
	void discardsTheEventOfADocumentThatIsGone(CapturedOutput output) throws Exception {
		assertThat(push(BucketNotification.finalized("103", "gone.docx", "8")).statusCode()).isEqualTo(204);
		assertThat(output).contains("Object 'gone.docx' is gone");
	}

	@Test
	void letsNoOtherAccountIn() throws Exception {
		store("forbidden.docx");
		byte[] body = BucketNotification.finalized("104", "forbidden.docx", "9").body();
		assertThat(push(body, google.token(URL, "other@example.com")).statusCode()).isEqualTo(403);
		assertThat(push(body, "no token").statusCode()).isEqualTo(401);
		assertThat(pdf("forbidden.pdf")).doesNotExist();
	}

	private HttpResponse<byte[]> push(BucketNotification notification) throws Exception {
		return push(notification.body(), google.token(URL, INVOKER));
	}

	private HttpResponse<byte[]> push(byte[] body, String token) throws Exception {
		return this.client.push(body, token);
	}

	private static void store(String name) throws Exception {
		Path file = directory.resolve("buckets/inbox").resolve(name);
		Files.createDirectories(file.getParent());
		Files.write(file, DocxFile.withText("text").bytes());
	}

	private static Path pdf(String name) {
		return directory.resolve("out").resolve(name);
	}

}
