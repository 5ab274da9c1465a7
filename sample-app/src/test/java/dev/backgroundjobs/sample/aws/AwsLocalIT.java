package dev.backgroundjobs.sample.aws;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.backgroundjobs.sample.PaperworkClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Profile {@code aws-local}: jobs go to SQS and are received from there, and so are
 * events of buckets.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("aws-local")
@ExtendWith(OutputCaptureExtension.class)
class AwsLocalIT {

	@TempDir
	static Path storage;

	@Autowired
	private LocalSqs sqs;

	private PaperworkClient client;

	@DynamicPropertySource
	static void storage(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", storage::toString);
		registry.add("paperwork.sqs-port", () -> 0);
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = new PaperworkClient(port);
	}

	@Test
	void convertsADocumentWhoseJobWentThroughSqs() throws Exception {
		JsonNode document = this.client.convert("welcome.docx", Files.readAllBytes(Path.of("samples/welcome.docx")));
		assertThat(document.get("state").asString()).isEqualTo("done");
	}

	@Test
	void importsRowsBySlicesThatWentThroughSqs() throws Exception {
		JsonNode imported = this.client.importRows("rows.csv", "id,name,state\n1,Ada,new\n2,Alan,new\n");
		assertThat(imported.get("state").asString()).isEqualTo("done");
		assertThat(imported.get("processed").asInt()).isEqualTo(2);
	}

	@Test
	void computesPiWhereNoPodDoes() throws Exception {
		assertThat(this.client.computePi(50).get("state").asString()).isEqualTo("done");
	}

	@Test
	void convertsADocumentThatABucketHas() throws Exception {
		Path document = storage.resolve("buckets/inbox/in/wel come+1.docx");
		Files.createDirectories(document.getParent());
		Files.copy(Path.of("samples/welcome.docx"), document);
		Path pdf = storage.resolve("pdf/in/wel come+1.pdf");
		await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(pdf));
		assertThat(Files.readAllBytes(pdf)).startsWith("%PDF-".getBytes(StandardCharsets.US_ASCII));
	}

	@Test
	void convertsADocumentOnceHoweverOftenS3TellsOfIt(CapturedOutput output) throws Exception {
		Path document = storage.resolve("buckets/other/twice.docx");
		Files.createDirectories(document.getParent());
		// Told of by hand, as S3 repeats itself under another request.
		String notification = """
				{"Records":[{"eventSource":"aws:s3","awsRegion":"eu-central-1","eventName":"ObjectCreated:Put",\
				"responseElements":{"x-amz-request-id":"%s"},\
				"s3":{"bucket":{"name":"other"},"object":{"key":"twice.docx","sequencer":"0055AED6DCD90281E5"}}}]}""";
		this.sqs.send("documents", notification.formatted("C3D13FE58DE4C810"));
		this.sqs.send("documents", notification.formatted("E5F13FE58DE4C812"));
		this.sqs.send("documents", notification.replace("twice", "last").formatted("C3D13FE58DE4C811"));
		await().atMost(Duration.ofMinutes(1)).until(() -> output.getAll().contains("Object 'last.docx' is gone"));
		assertThat(output.getAll().split("Object 'twice.docx' is gone", -1)).hasSize(2);
	}

}
