package dev.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged jar under profile {@code gcp-local}, on a port of its own choice, and what
 * its user can follow in the log.
 */
class PackagedGcpLocalIT {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	@TempDir
	Path directory;

	@Test
	void logsTheWayOfATask() throws Exception {
		Path log = this.directory.resolve("application.log");
		Process application = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx512m", "-XX:TieredStopAtLevel=1", "-jar", jar().toString(), "--spring.profiles.active=gcp-local",
				"--server.port=0", "--paperwork.pubsub-emulator-port=0",
				"--paperwork.storage=" + this.directory.resolve("data"))
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			int port = port(application, log);
			JsonNode document = new PaperworkClient(port).convert("welcome.docx",
					Files.readAllBytes(Path.of("samples/welcome.docx")));
			assertThat(document.get("state").asString()).isEqualTo("done");
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(Files.readString(log))
					.containsPattern("Task [0-9a-f]{64} created in queue 'documents'")
					.containsPattern("Task [0-9a-f]{64} of queue 'documents' pushed to http://localhost:" + port
							+ "/_jobs with a token of invoker@paperwork.iam.gserviceaccount.com: 204, done"));
		}
		finally {
			// Killed it would leave the Pub/Sub emulator behind.
			application.destroy();
			if (!application.waitFor(60, TimeUnit.SECONDS)) {
				application.destroyForcibly().waitFor();
			}
		}
	}

	private static Path jar() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files
				.filter((file) -> file.getFileName().toString().matches("sample-app-[0-9][^-]*(-SNAPSHOT)?\\.jar"))
				.findFirst()
				.orElseThrow();
		}
	}

	private static int port(Process process, Path log) {
		return await().atMost(Duration.ofSeconds(120)).until(() -> {
			assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
			Matcher port = PORT.matcher(Files.readString(log));
			return port.find() ? Integer.parseInt(port.group(1)) : 0;
		}, (port) -> port > 0);
	}

}
