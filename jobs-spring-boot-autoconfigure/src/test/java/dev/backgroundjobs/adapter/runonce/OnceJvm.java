package dev.backgroundjobs.adapter.runonce;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that is started for one message, with the class path of the tests.
 */
final class OnceJvm implements AutoCloseable {

	// Only take time, but for the tests about them.
	private static final String NEEDLESS = "spring-security|spring-boot-security|spring-webflux|spring-boot-webflux|"
			+ "spring-boot-reactor|reactor|netty|spring-cloud-gcp|spring-boot-jdbc|spring-boot-sql|h2-";

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final String main;

	private final Map<String, String> variables = new LinkedHashMap<>();

	private final List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));

	private final StringBuffer output = new StringBuffer();

	private final StringBuffer standardOutput = new StringBuffer();

	private @Nullable File standardOutputTo;

	private String needless = NEEDLESS;

	private String prepended = "";

	private @Nullable Process process;

	private @Nullable Thread reader;

	private @Nullable Thread errorReader;

	OnceJvm(Class<?> main) {
		this(main.getName());
	}

	OnceJvm(String main) {
		this.main = main;
	}

	OnceJvm message(String message) {
		return variable(RunOnce.MESSAGE, message);
	}

	OnceJvm variable(String name, String value) {
		this.variables.put(name, value);
		return this;
	}

	OnceJvm with(String... options) {
		this.options.addAll(List.of(options));
		return this;
	}

	/**
	 * Leave only these jars out.
	 * @param jars a pattern that file names match from their start
	 */
	OnceJvm without(String jars) {
		this.needless = jars;
		return this;
	}

	/**
	 * Have it write its standard output to a file.
	 */
	OnceJvm writingTo(String file) {
		this.standardOutputTo = new File(file);
		return this;
	}

	String classPath() {
		return String.join(File.pathSeparator,
				Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
					.filter((entry) -> !Path.of(entry).getFileName().toString().matches("(" + this.needless + ").*"))
					.toList());
	}

	OnceJvm start(String... arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.options);
		command.addAll(List.of("-cp", this.prepended + classPath(), this.main));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().putAll(this.variables);
		if (this.standardOutputTo != null) {
			builder.redirectOutput(this.standardOutputTo);
		}
		this.process = builder.start();
		this.reader = read(this.process.getInputStream(), this.standardOutput);
		this.errorReader = read(this.process.getErrorStream(), new StringBuffer());
		return this;
	}

	OnceJvm withClasses(Path directory) {
		this.prepended = directory + File.pathSeparator;
		return this;
	}

	private Thread read(InputStream stream, StringBuffer own) {
		Thread thread = new Thread(() -> {
			try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
				String line = lines.readLine();
				while (line != null) {
					own.append(line).append('\n');
					this.output.append(line).append('\n');
					line = lines.readLine();
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		thread.start();
		return thread;
	}

	/**
	 * Wait until something was printed.
	 */
	OnceJvm await(String text) {
		Awaitility.await().atMost(PATIENCE).until(() -> this.output.indexOf(text) >= 0 || !started().isAlive());
		assertThat(output()).contains(text);
		return this;
	}

	OnceJvm terminate() {
		// Process.destroy would close what it prints as well.
		started().toHandle().destroy();
		return this;
	}

	OnceJvm kill() {
		started().toHandle().destroyForcibly();
		return this;
	}

	/**
	 * Wait for the end.
	 * @return the exit code
	 */
	int exit() throws InterruptedException {
		assertThat(started().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
		if (this.reader != null && this.errorReader != null) {
			this.reader.join();
			this.errorReader.join();
		}
		return started().exitValue();
	}

	long pid() {
		return started().pid();
	}

	String output() {
		return this.output.toString();
	}

	String standardOutput() {
		return this.standardOutput.toString();
	}

	private Process started() {
		if (this.process == null) {
			throw new IllegalStateException("Not started");
		}
		return this.process;
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

}
