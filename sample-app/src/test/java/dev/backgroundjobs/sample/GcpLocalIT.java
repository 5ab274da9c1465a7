package dev.backgroundjobs.sample;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import dev.backgroundjobs.cloudtasks.emulator.Push;
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

	@LocalServerPort
	private int port;

	private PaperworkClient client;

	@DynamicPropertySource
	static void storage(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", () -> storage);
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
	void refusesWhoHasNoToken() throws Exception {
		byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
		assertThat(this.client.post("/_jobs", "application/json", body).statusCode()).isEqualTo(401);
	}

}
