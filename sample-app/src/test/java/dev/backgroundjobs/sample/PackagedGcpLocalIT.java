package dev.backgroundjobs.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged jar under profile {@code gcp-local}, and what its user can follow in the
 * log.
 */
class PackagedGcpLocalIT {

	@TempDir
	Path directory;

	@Test
	void logsTheWayOfATask() throws Exception {
		try (PackagedPaperwork application = PackagedPaperwork.start(this.directory,
				"--spring.profiles.active=gcp-local", "--paperwork.pubsub-emulator-port=0")) {
			int port = application.port();
			JsonNode document = new PaperworkClient(port).convert("welcome.docx",
					Files.readAllBytes(Path.of("samples/welcome.docx")));
			assertThat(document.get("state").asString()).isEqualTo("done");
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(application.log())
					.containsPattern("Task [0-9a-f]{64} created in queue 'documents'")
					.containsPattern("Task [0-9a-f]{64} of queue 'documents' pushed to http://localhost:" + port
							+ "/_jobs with a token of invoker@paperwork.iam.gserviceaccount.com: 204, done"));
		}
	}

}
