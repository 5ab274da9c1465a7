package dev.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged jar as a process, on a port of its own choice.
 */
final class PackagedPaperwork implements AutoCloseable {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private final Process process;

	private final Path log;

	private PackagedPaperwork(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	/**
	 * Start it.
	 * @param directory where its log goes, and its data
	 * @param arguments of the application
	 */
	static PackagedPaperwork start(Path directory, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
						"-XX:TieredStopAtLevel=1", "-jar", jar().toString(), "--server.port=0",
						"--paperwork.storage=" + directory.resolve("data")));
		command.addAll(List.of(arguments));
		Path log = directory.resolve("application.log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		return new PackagedPaperwork(process, log);
	}

	private static Path jar() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files
				.filter((file) -> file.getFileName().toString().matches("sample-app-[0-9][^-]*(-SNAPSHOT)?\\.jar"))
				.findFirst()
				.orElseThrow();
		}
	}

	/**
	 * Wait until it listens.
	 */
	int port() {
		return await().atMost(Duration.ofSeconds(120)).until(() -> {
			assertThat(this.process.isAlive()).as(log()).isTrue();
			Matcher port = PORT.matcher(log());
			return port.find() ? Integer.parseInt(port.group(1)) : 0;
		}, (port) -> port > 0);
	}

	String log() throws IOException {
		return Files.readString(this.log);
	}

	/**
	 * Ask it to stop.
	 * @return whether it has within a minute
	 */
	boolean stop() {
		this.process.destroy();
		try {
			return this.process.waitFor(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	// Killed at once it would leave processes of its own behind.
	@Override
	public void close() {
		if (!stop()) {
			this.process.destroyForcibly();
		}
	}

}
