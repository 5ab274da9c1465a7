package dev.backgroundjobs.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The steps of a stage of the sample's {@code Dockerfile}, done in a directory instead of
 * an image. Knows the instructions that stand there and refuses others.
 */
class Dockerfile {

	private final Path context;

	private final Path root;

	private final Path java;

	private final Map<String, String> environment = new HashMap<>();

	private final List<String> wrapper;

	private final Map<String, String> buildEnvironment;

	private List<String> entryPoint = List.of();

	private Path directory;

	/**
	 * Create steps.
	 * @param context the directory of the {@code Dockerfile}
	 * @param root stands for the root of the file systems
	 * @param javaHome the JDK that commands find
	 * @param wrapper what commands of the build are run in, such as {@code unshare}
	 * @param buildEnvironment variables that the build sees besides those of the image
	 */
	Dockerfile(Path context, Path root, Path javaHome, List<String> wrapper, Map<String, String> buildEnvironment) {
		this.context = context;
		this.root = root;
		this.java = javaHome;
		this.wrapper = wrapper;
		this.buildEnvironment = buildEnvironment;
		this.directory = root;
	}

	/**
	 * Do the steps of a stage, after those of the stages it copies from.
	 */
	void build(String stage) throws IOException, InterruptedException {
		boolean wanted = false;
		String text = Files.readString(this.context.resolve("Dockerfile"));
		for (String line : text.replaceAll("\\\\\\R", " ").lines().filter((l) -> !l.matches("\\s*(#.*)?")).toList()) {
			String[] parts = line.split("\\s+", 2);
			if (parts[0].equals("FROM")) {
				String name = parts[1].replaceAll(".* AS ", "");
				wanted = name.equals(stage) || name.equals("layers");
				this.environment.clear();
			}
			else if (wanted) {
				step(parts[0], parts[1]);
			}
		}
		assertThat(this.entryPoint).as("ENTRYPOINT of stage " + stage).isNotEmpty();
	}

	private void step(String instruction, String arguments) throws IOException, InterruptedException {
		switch (instruction) {
			case "WORKDIR" -> {
				this.directory = absolute(arguments);
				Files.createDirectories(this.directory);
			}
			case "ENV" -> {
				String[] variable = arguments.split("=", 2);
				this.environment.put(variable[0], variable[1].replaceAll("^\"|\"$", ""));
			}
			case "COPY" -> copy(arguments.split("\\s+"));
			case "RUN" -> run(arguments);
			case "ENTRYPOINT" ->
				this.entryPoint = List.of(JsonMapper.builder().build().readValue(arguments, String[].class));
			case "USER" -> assertThat(arguments).as("no root").matches("[1-9]\\d*");
			case "STOPSIGNAL" -> assertThat(arguments).isEqualTo("SIGTERM");
			case "EXPOSE" -> assertThat(arguments).isEqualTo("8080");
			default -> throw new IllegalStateException("This test does not know " + instruction);
		}
	}

	private void copy(String... arguments) throws IOException {
		if (arguments[0].startsWith("--from=")) {
			FileSystemUtils.copyRecursively(absolute(arguments[1]), this.directory.resolve(arguments[2]));
			return;
		}
		Path pattern = this.context.resolve(arguments[0]);
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(pattern.getParent(),
				pattern.getFileName().toString())) {
			files.forEach(found::add);
		}
		assertThat(found).as(arguments[0]).hasSize(1);
		Files.copy(found.get(0), this.directory.resolve(arguments[1]));
	}

	private void run(String command) throws IOException, InterruptedException {
		Path log = Files.createTempFile(this.root, "run", ".log");
		List<String> words = new ArrayList<>(this.wrapper);
		words.addAll(List.of("sh", "-c", command));
		Process process = process(words, log, this.buildEnvironment);
		boolean ended = process.waitFor(5, TimeUnit.MINUTES);
		process.destroyForcibly();
		assertThat(ended && process.exitValue() == 0).as(command + "\n" + Files.readString(log)).isTrue();
	}

	/**
	 * Start the entry point.
	 * @param log takes what it prints
	 * @param variables more of the environment; JVM options are added to the image's own
	 */
	Process start(Path log, Map<String, String> variables) throws IOException {
		// Looks the command up in the path of the image, not in that of this process.
		List<String> command = new ArrayList<>(List.of("env"));
		command.addAll(this.entryPoint);
		return process(command, log, variables);
	}

	private Process process(List<String> command, Path log, Map<String, String> variables) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		builder.environment().keySet().removeIf((name) -> name.matches("JAVA_.*|JDK_.*|SPRING_.*|JOBS_.*"));
		builder.environment().put("PATH", this.java.resolve("bin") + ":" + System.getenv("PATH"));
		builder.environment().putAll(this.environment);
		variables.forEach((name, value) -> builder.environment().merge(name, value, (old, more) -> old + " " + more));
		return builder.start();
	}

	private Path absolute(String path) {
		return this.root.resolve(path.substring(1));
	}

}
