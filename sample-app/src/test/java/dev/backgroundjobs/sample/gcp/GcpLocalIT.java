package dev.backgroundjobs.sample.gcp;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import dev.backgroundjobs.cloudtasks.emulator.Push;
import dev.backgroundjobs.sample.PaperworkClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Profile {@code gcp-local}: jobs go through Cloud Tasks and come back over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("gcp-local")
class GcpLocalIT {

	private static final String INVOKER = "invoker@paperwork.iam.gserviceaccount.com";

	@TempDir
	static Path storage;

	@Autowired
	private CloudTasksEmulator cloudTasks;

	@Autowired
	private LocalPubSub pubSub;

	@LocalServerPort
	private int port;

	private PaperworkClient client;

	@DynamicPropertySource
	static void storage(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", storage::toString);
		registry.add("paperwork.pubsub-emulator-port", () -> 0);
	}

	@BeforeEach
	void connect() {
		this.client = new PaperworkClient(this.port);
	}

	@Test
	void convertsADocumentThatIsPushedWithAToken() throws Exception {
		JsonNode document = this.client.convert("welcome.docx", Files.readAllBytes(Path.of("samples/welcome.docx")));
		assertThat(document.get("state").asString()).isEqualTo("done");
		byte[] pdf = this.client.get("/documents/" + document.get("id").asString() + "/pdf").body();
		assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
		Push push = await().atMost(Duration.ofSeconds(30))
			.until(() -> this.cloudTasks.pushes()
				.stream()
				.filter((one) -> one.task().contains("/documents/"))
				.findAny(), (one) -> one.isPresent())
			.orElseThrow();
		assertThat(push.status()).isEqualTo(204);
		assertThat(push.url()).isEqualTo("http://localhost:" + this.port + "/_jobs");
		assertThat(push.serviceAccount()).isEqualTo(INVOKER);
		assertThat(this.cloudTasks.tasks()).isEmpty();
	}

	@Test
	void importsRowsByTheSamePushes() throws Exception {
		JsonNode imported = this.client.importRows("rows.csv", "id,name,state\n1,Ada,new\n2,Alan,new\n");
		assertThat(imported.get("state").asString()).isEqualTo("done");
		assertThat(imported.get("processed").asInt()).isEqualTo(2);
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.cloudTasks.pushes())
				.anyMatch((push) -> push.task().contains("/imports/") && push.status() == 204));
	}

	@Test
	void computesPiWhereNoPodDoes() throws Exception {
		assertThat(this.client.computePi(50).get("state").asString()).isEqualTo("done");
	}

	@Test
	void convertsADocumentThatABucketHas() throws Exception {
		if (PubSubEmulator.find() == null) {
			assertThat(System.getenv("JOBS_REQUIRE_COUNTERPARTIES")).as("no Pub/Sub emulator").isNotEqualTo("true");
			abort("SKIPPED: there is no Pub/Sub emulator, which comes with Google's Cloud SDK");
		}
		Path document = storage.resolve("buckets/inbox/in/wel come.docx");
		Files.createDirectories(document.getParent());
		Files.copy(Path.of("samples/welcome.docx"), document);
		await().atMost(Duration.ofMinutes(2)).until(() -> this.pubSub.address() != null);
		String notification = """
				{"messages":[{"attributes":{"eventType":"OBJECT_FINALIZE","bucketId":"inbox",\
				"objectId":"in/wel come.docx","objectGeneration":"1","payloadFormat":"NONE"}}]}""";
		HttpRequest publish = HttpRequest
			.newBuilder(this.pubSub.address().resolve("/v1/projects/paperwork/topics/paperwork-objects:publish"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(notification))
			.build();
		HttpResponse<String> answer = HttpClient.newHttpClient().send(publish, HttpResponse.BodyHandlers.ofString());
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		Path pdf = storage.resolve("pdf/in/wel come.pdf");
		await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(pdf));
		assertThat(Files.readAllBytes(pdf)).startsWith("%PDF-".getBytes(StandardCharsets.US_ASCII));
	}

	@Test
	void refusesWhoHasNoToken() throws Exception {
		byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
		assertThat(this.client.post("/_jobs", "application/json", body).statusCode()).isEqualTo(401);
	}

}
