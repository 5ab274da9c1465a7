package dev.backgroundjobs.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged sample as an application that serves requests.
 */
final class PaperworkProcess implements AutoCloseable {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private final Process process;

	private final Path log;

	private final int port;

	/**
	 * Start it, and wait until it listens.
	 */
	PaperworkProcess(List<String> command, Map<String, String> variables, Path log) throws IOException {
		this.log = log;
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		builder.environment().putAll(variables);
		this.process = builder.start();
		try {
			this.port = awaitPort();
		}
		catch (RuntimeException | Error ex) {
			this.process.destroyForcibly();
			throw ex;
		}
	}

	private int awaitPort() {
		return await().atMost(Duration.ofSeconds(120)).until(() -> {
			String log = log();
			assertThat(this.process.isAlive()).as(log).isTrue();
			Matcher port = PORT.matcher(log);
			return port.find() ? Integer.parseInt(port.group(1)) : 0;
		}, (port) -> port > 0);
	}

	int port() {
		return this.port;
	}

	long pid() {
		return this.process.pid();
	}

	String log() throws IOException {
		return Files.readString(this.log);
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.process.destroyForcibly();
		}
	}

}
