package dev.backgroundjobs.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program of the tests' class path in a process of its own.
 */
final class JavaProcess {

	private final String main;

	private final List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));

	private List<String> classPath = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));

	JavaProcess(String main) {
		this.main = main;
	}

	/**
	 * Leave out jars.
	 * @param jars a pattern that file names match from their start
	 */
	JavaProcess without(String jars) {
		this.classPath = this.classPath.stream()
			.filter((entry) -> !Path.of(entry).getFileName().toString().matches("(" + jars + ").*"))
			.toList();
		return this;
	}

	JavaProcess withClasses(Path directory) {
		this.classPath = new ArrayList<>(this.classPath);
		this.classPath.add(0, directory.toString());
		return this;
	}

	JavaProcess with(String... options) {
		this.options.addAll(List.of(options));
		return this;
	}

	String classPath() {
		return String.join(File.pathSeparator, this.classPath);
	}

	Result run(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-cp", classPath()));
		command.addAll(this.options);
		command.add(this.main);
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new Result(process.waitFor(), output);
	}

	/**
	 * How a program ended.
	 *
	 * @param exit its exit value
	 * @param output what it printed
	 */
	record Result(int exit, String output) {

		String linesWith(String... texts) {
			return this.output.lines()
				.filter((line) -> Arrays.stream(texts).anyMatch(line::contains))
				.collect(Collectors.joining("\n"));
		}

	}

}
