package dev.backgroundjobs.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * One life of the application.
 */
final class ApplicationProcess {

	// The same for every process of a test: what one has signed the next one runs.
	private static final String KEY = randomKey();

	private final String name;

	private final Process process;

	private final Path log;

	private ApplicationProcess(String name, Process process, Path log) {
		this.name = name;
		this.process = process;
		this.log = log;
	}

	/**
	 * Start the application with the platform as its backend.
	 */
	static ApplicationProcess start(PackagedSample sample, Path directory, String name, PushPlatform platform)
			throws IOException {
		return start(sample, directory, name, platform,
				List.of("--jobs.backend=driver", "--jobs.queues.crash.dead-letter=crash-dead",
						"--jobs.queues.documents.dead-letter=documents-dead",
						"--jobs.queues.imports.dead-letter=imports-dead"));
	}

	/**
	 * Start the application with its own backend, which keeps jobs in memory.
	 */
	static ApplicationProcess startWithoutQueue(PackagedSample sample, Path directory, String name,
			PushPlatform platform) throws IOException {
		return start(sample, directory, name, platform, List.of());
	}

	private static ApplicationProcess start(PackagedSample sample, Path directory, String name, PushPlatform platform,
			List<String> backend) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--spring.main.banner-mode=off",
				"--paperwork.storage=" + directory.resolve("documents"), "--crash.platform=" + platform.uri(),
				"--crash.history=" + directory.resolve("history"), "--crash.process=" + name,
				"--jobs.signing.key-id=test", "--jobs.signing.keys.test=" + KEY,
				// What PushPlatform gives a delivery.
				"--jobs.endpoint.request-timeout=20s",
				// Delays of a second or two are worth looking at.
				"--jobs.early-tolerance=100ms",
				// Long jobs are interrupted after half of it.
				"--spring.lifecycle.timeout-per-shutdown-phase=4s"));
		arguments.addAll(backend);
		Path log = Files.createDirectories(directory.resolve("logs")).resolve(name + ".log");
		Process process = new ProcessBuilder(sample.command(arguments)).redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		return new ApplicationProcess(name, process, log);
	}

	String name() {
		return this.name;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * {@code kill -9}.
	 */
	void kill() {
		this.process.destroyForcibly();
	}

	/**
	 * {@code kill}, a SIGTERM.
	 */
	void stop() {
		this.process.destroy();
	}

	/**
	 * Wait until the process is gone.
	 * @param longest how long
	 * @return its exit code; empty when it is still there
	 */
	OptionalInt awaitExit(Duration longest) throws InterruptedException {
		return this.process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)
				? OptionalInt.of(this.process.exitValue()) : OptionalInt.empty();
	}

	@Override
	public String toString() {
		return this.name + ", see " + this.log;
	}

	private static String randomKey() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

}
