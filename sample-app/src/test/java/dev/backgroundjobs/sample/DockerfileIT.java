package dev.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The steps of the {@code Dockerfile}, of the stage that suits this JDK: the training run
 * has neither keys nor, where the system lets us take it away, a network.
 */
class DockerfileIT {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final boolean HAS_AOT_CACHE = Runtime.version().feature() >= 25;

	private static final String KEY = randomKey();

	@TempDir
	Path root;

	@Test
	void startsFromTheArchiveOfItsTrainingRunAndConverts() throws Exception {
		Path jdk = Path.of(System.getProperty("java.home"));
		String stage = HAS_AOT_CACHE ? "aot" : "cds";
		String strict = HAS_AOT_CACHE ? "-XX:AOTMode=on" : "-Xshare:on";
		Dockerfile dockerfile = new Dockerfile(Path.of(""), this.root, jdk, withoutNetwork(), Map.of("JDK_JAVA_OPTIONS",
				"-Xmx1g", "JOBS_SIGNING_KEYID", "k1", "JOBS_SIGNING_KEYS_K1", "${JOBS_KEY_1}"));
		dockerfile.build(stage);
		assertThat(this.root.resolve("application/data")).as("what the image's root would own").isEmptyDirectory();

		Path log = this.root.resolve("application.log");
		Path classes = this.root.resolve("classes.log");
		Process application = dockerfile.start(log,
				Map.of("JDK_JAVA_OPTIONS", "-Xmx1g " + strict + " -Xlog:class+load:file=" + classes, "SERVER_PORT", "0",
						"JOBS_SIGNING_KEYID", "k1", "JOBS_SIGNING_KEYS_K1", KEY));
		try {
			JsonNode document = new PaperworkClient(port(application, log)).convert("welcome.docx",
					Files.readAllBytes(Path.of("samples/welcome.docx")));
			assertThat(document.get("state").asString()).isEqualTo("done");
			assertThat(Files.readString(classes)).containsPattern(
					"dev\\.backgroundjobs\\.autoconfigure\\.JobsAutoConfiguration source: shared objects file");
			assertThat(Files.readString(classes)).as("what only profile gcp-local needs")
				.doesNotContainPattern("\\] (io\\.grpc|com\\.google\\.(api|cloud|protobuf))\\.");
			application.destroy();
			assertThat(application.waitFor(30, TimeUnit.SECONDS)).as("stops when it is told to").isTrue();
			assertThat(application.exitValue()).isEqualTo(128 + 15);
		}
		finally {
			application.destroyForcibly().waitFor();
		}
	}

	private static int port(Process application, Path log) {
		return await().atMost(Duration.ofSeconds(90)).until(() -> {
			assertThat(application.isAlive()).as(Files.readString(log)).isTrue();
			Matcher port = PORT.matcher(Files.readString(log));
			return port.find() ? Integer.parseInt(port.group(1)) : 0;
		}, (port) -> port > 0);
	}

	private static String randomKey() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

	// In a network of its own, which leads nowhere, if this user may have one.
	private static List<String> withoutNetwork() throws InterruptedException {
		try {
			boolean permitted = new ProcessBuilder("unshare", "-rn", "true").start().waitFor() == 0;
			return permitted ? List.of("unshare", "-rn") : List.of();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

}
