package dev.backgroundjobs.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts of {@link StartUpApplication} in processes of their own, until it is ready.
 */
final class TimedStarts {

	static final boolean HAS_AOT_CACHE = Runtime.version().feature() >= 25;

	private final List<String> command;

	private final Map<String, String> variables;

	final List<Long> wall = new ArrayList<>();

	final List<Long> cpu = new ArrayList<>();

	TimedStarts(List<String> command, Map<String, String> variables) {
		this.command = command;
		this.variables = variables;
	}

	static Path jar(String directory) throws IOException {
		try (var jars = Files.newDirectoryStream(Path.of(directory), "*.jar")) {
			return jars.iterator().next();
		}
	}

	/**
	 * Return the command that starts the application of a jar.
	 */
	static List<String> command(Path jar, String... options) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(options));
		command.addAll(List.of("-cp", jar.toString(), StartUpApplication.class.getName(), "--server.port=0",
				"--spring.main.banner-mode=off"));
		return command;
	}

	/**
	 * Write an archive of the application's classes, and return the command with it.
	 */
	static List<String> archived(Path jar) throws IOException, InterruptedException {
		Path archive = jar.resolveSibling("application." + (HAS_AOT_CACHE ? "aot" : "jsa"));
		String write = HAS_AOT_CACHE ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=";
		int exit = new ProcessBuilder(command(jar, write + archive, "-Dspring.context.exit=onRefresh"))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
		if (exit != 0 || !Files.exists(archive)) {
			throw new IllegalStateException("No archive was written of " + jar);
		}
		return HAS_AOT_CACHE ? command(jar, "-XX:AOTCache=" + archive, "-XX:AOTMode=on")
				: command(jar, "-XX:SharedArchiveFile=" + archive, "-Xshare:on");
	}

	void run(boolean measured) throws IOException, InterruptedException {
		long start = System.nanoTime();
		ProcessBuilder builder = new ProcessBuilder(this.command).redirectErrorStream(true);
		builder.environment().putAll(this.variables);
		Process process = builder.start();
		try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
			String line = output.readLine();
			while (line != null && !line.startsWith(StartUpApplication.READY)) {
				line = output.readLine();
			}
			if (line == null) {
				throw new IllegalStateException("Did not start: " + this.command);
			}
			if (measured) {
				this.wall.add((System.nanoTime() - start) / 1_000_000);
				this.cpu.add(Long.valueOf(line.substring(StartUpApplication.READY.length())));
			}
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

}
