package dev.backgroundjobs.sample;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged jar under profile {@code aws-local}, with an SQS of its own.
 */
class PackagedAwsLocalIT {

	@TempDir
	Path directory;

	@Test
	void convertsWhatIsUploadedAndWhatABucketHas() throws Exception {
		try (PackagedPaperwork application = PackagedPaperwork.start(this.directory,
				"--spring.profiles.active=aws-local", "--paperwork.sqs-port=0")) {
			PaperworkClient client = new PaperworkClient(application.port());
			byte[] docx = Files.readAllBytes(Path.of("samples/welcome.docx"));
			JsonNode document = client.convert("welcome.docx", docx);
			assertThat(document.get("state").asString()).isEqualTo("done");
			Path inbox = Files.createDirectories(this.directory.resolve("data/buckets/inbox"));
			Files.write(inbox.resolve("welcome.docx"), docx);
			Path pdf = this.directory.resolve("data/pdf/welcome.pdf");
			await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(pdf));
			assertThat(Files.readAllBytes(pdf)).startsWith("%PDF-".getBytes(StandardCharsets.US_ASCII));
			assertThat(application.stop()).as("stops when it is told to").isTrue();
			assertThat(application.log()).doesNotContain("ERROR", "Exception");
		}
	}

}
