package dev.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.backgroundjobs.cloudtasks.emulator.GoogleTokenIssuer;
import dev.backgroundjobs.sample.conversion.DocxFile;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged sample with the profile of Cloud Run, started as docs/sample.md says: a
 * bucket tells of a document, and its PDF is there. Nothing of Google's client is loaded
 * for that.
 */
class GoogleCloudIT {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final String URL = "https://paperwork.example.com";

	private static final String INVOKER = "paperwork-invoker@paperwork-12345.iam.gserviceaccount.com";

	@TempDir
	Path directory;

	@Test
	void convertsTheDocumentThatABucketTellsOf() throws Exception {
		Path log = this.directory.resolve("application.log");
		Path classes = this.directory.resolve("classes.log");
		Path inbox = Files.createDirectories(this.directory.resolve("buckets/inbox/in"));
		Files.write(inbox.resolve("a b.docx"), DocxFile.withText("Grüße").bytes());
		try (GoogleTokenIssuer google = new GoogleTokenIssuer()) {
			Process application = new ProcessBuilder(java(), "-Xlog:class+load:file=" + classes, "-jar",
					packaged().toString(), "--spring.profiles.active=gcp", "--server.port=0", "--jobs.backend=local",
					"--paperwork.storage=" + this.directory.resolve("data"),
					"--paperwork.object-root=file:" + this.directory.resolve("buckets") + "/",
					"--paperwork.output=file:" + this.directory.resolve("out") + "/",
					"--jobs.google-oidc.audience=" + URL, "--jobs.google-oidc.emails=" + INVOKER,
					"--jobs.google-oidc.jwk-set-uri=" + google.jwkSetUri())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			try {
				byte[] body = BucketNotification.finalized("1", "in/a b.docx", "1763633730123456").body();
				assertThat(
						new PaperworkClient(port(application, log)).push(body, google.token(URL, INVOKER)).statusCode())
					.as(Files.readString(log))
					.isEqualTo(204);
				assertThat(text(this.directory.resolve("out/in/a b.pdf"))).contains("Grüße");
				assertThat(Files.readString(classes)).contains("com.google.cloud.spring.storage")
					.doesNotContain("com.google.cloud.storage.StorageOptions ", "com.google.auth.", "io.grpc.",
							"software.amazon.", "org.elasticmq.");
				application.destroy();
				assertThat(application.waitFor(30, TimeUnit.SECONDS)).as("stops when it is told to").isTrue();
			}
			finally {
				application.destroyForcibly().waitFor();
			}
		}
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	private static Path packaged() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files
				.filter((file) -> file.getFileName().toString().matches("sample-app-[0-9][^-]*(-SNAPSHOT)?\\.jar"))
				.findFirst()
				.orElseThrow();
		}
	}

	private static int port(Process application, Path log) {
		return await().atMost(Duration.ofSeconds(120)).until(() -> {
			assertThat(application.isAlive()).as(Files.readString(log)).isTrue();
			Matcher port = PORT.matcher(Files.readString(log));
			return port.find() ? Integer.parseInt(port.group(1)) : 0;
		}, (port) -> port > 0);
	}

	private static String text(Path file) throws IOException {
		try (PDDocument pdf = Loader.loadPDF(file.toFile())) {
			return new PDFTextStripper().getText(pdf);
		}
	}

}
