package dev.backgroundjobs.adapter.lambda;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Lambda's real runtime client in a process of its own, with the handler and the class
 * path of these tests: what a function's container runs.
 */
final class RuntimeClient implements AutoCloseable {

	private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

	private final List<String> output = new CopyOnWriteArrayList<>();

	private final Process process;

	RuntimeClient(Path directory, TestRuntime runtime, String mainClass, String... options) throws IOException {
		List<String> command = Stream
			.of(Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
					Stream.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")),
					Stream.of(options), Stream.of(MAIN, JobsLambdaHandler.class.getName() + "::handleRequest"))
			.flatMap((part) -> part)
			.toList();
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
		builder.environment()
			.putAll(Map.of("AWS_LAMBDA_RUNTIME_API", runtime.address(), "AWS_LAMBDA_FUNCTION_NAME", "paperwork-jobs",
					"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
					"AWS_LAMBDA_LOG_GROUP_NAME", "jobs", "AWS_LAMBDA_LOG_STREAM_NAME", "jobs", "AWS_REGION",
					TestLambda.REGION, "AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "not-a-secret", "MAIN_CLASS",
					mainClass));
		this.process = builder.start();
		Thread reader = new Thread(this::read, "runtime-client-output");
		reader.setDaemon(true);
		reader.start();
	}

	private void read() {
		try (BufferedReader lines = this.process.inputReader(StandardCharsets.UTF_8)) {
			lines.lines().forEach(this.output::add);
		}
		catch (IOException ex) {
			this.output.add(ex.toString());
		}
	}

	/**
	 * Return what the application has told, without the marks.
	 */
	List<String> told() {
		return this.output.stream()
			.filter((line) -> line.startsWith("## "))
			.map((line) -> line.substring("## ".length()))
			.toList();
	}

	String output() {
		return String.join("\n", this.output);
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * End it without notice, as Lambda does.
	 */
	@Override
	public void close() {
		this.process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
