package dev.backgroundjobs.crash;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import dev.backgroundjobs.history.HistoryLog;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * The sample as {@code mvn package} made it, taken apart as Spring Boot recommends for
 * containers, and on its class path besides the classes of the packages
 * {@code crash.application}, {@code history} and {@code kubelet.application}. Its main
 * class and its configuration are the sample's own.
 */
public final class PackagedSample {

	private static final String MAIN = "dev.backgroundjobs.sample.PaperworkApplication";

	private static final String ADDED = "dev.backgroundjobs.crash.application.CrashConfiguration";

	// One of each process: integration tests run in several.
	private static final Path DIRECTORY = Path.of("target", "crash", "sample-" + ProcessHandle.current().pid())
		.toAbsolutePath();

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private static @Nullable PackagedSample instance;

	private final String classPath;

	private final Path archive;

	private PackagedSample(String classPath, Path archive) {
		this.classPath = classPath;
		this.archive = archive;
	}

	/**
	 * Return the sample, taken apart when it is first asked for.
	 * @return the sample
	 * @throws IOException when it cannot be written
	 * @throws InterruptedException when the caller is to stop
	 */
	public static synchronized PackagedSample get() throws IOException, InterruptedException {
		if (instance == null) {
			FileSystemUtils.deleteRecursively(DIRECTORY);
			Files.createDirectories(DIRECTORY.resolve("tmp"));
			instance = unpack();
		}
		return instance;
	}

	private static PackagedSample unpack() throws IOException, InterruptedException {
		Path unpacked = DIRECTORY.resolve("unpacked");
		Path packaged = packaged();
		run("unpack", List.of(JAVA, "-Djarmode=tools", "-jar", packaged.toString(), "extract", "--destination",
				unpacked.toString()));
		Path added = DIRECTORY.resolve("added.jar");
		jar(added, "dev/backgroundjobs/crash/application", "dev/backgroundjobs/history",
				"dev/backgroundjobs/kubelet/application");
		PackagedSample sample = new PackagedSample(
				String.join(File.pathSeparator, unpacked.resolve(packaged.getFileName()).toString(), added.toString()),
				DIRECTORY.resolve("sample.jsa"));
		// The JVM writes down the classes it has loaded, so that every start is faster.
		List<String> training = new ArrayList<>(
				List.of(JAVA, "-XX:ArchiveClassesAtExit=" + sample.archive, "-Dspring.context.exit=onRefresh"));
		training.addAll(sample.jvm());
		training.addAll(List.of(MAIN, "--server.port=0", "--paperwork.storage=" + DIRECTORY.resolve("documents")));
		run("training", training);
		return sample;
	}

	/**
	 * Return the command that starts the application with what crash tests add.
	 * @param arguments its arguments
	 */
	List<String> command(List<String> arguments) {
		return command(ADDED, arguments);
	}

	/**
	 * Return the command that starts the application.
	 * @param added the configuration that is added to its own
	 * @param arguments its arguments
	 * @return the command
	 */
	public List<String> command(String added, List<String> arguments) {
		List<String> command = new ArrayList<>(List.of(JAVA, "-XX:SharedArchiveFile=" + this.archive));
		command.addAll(jvm());
		command.add(MAIN);
		command.add("--spring.main.sources=" + added);
		command.addAll(arguments);
		return command;
	}

	private List<String> jvm() {
		// Who is killed does not tidy up.
		return List.of("-Djava.io.tmpdir=" + DIRECTORY.resolve("tmp"), "-XX:TieredStopAtLevel=1", "-Xshare:auto",
				"-XX:+UseSerialGC", "-Xlog:disable", "-Xlog:all=error:stderr", "-cp", this.classPath);
	}

	private static Path packaged() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files
				.filter((file) -> file.getFileName().toString().matches("sample-app-[0-9][^-]*(-SNAPSHOT)?\\.jar"))
				.findFirst()
				.orElseThrow(() -> new IllegalStateException(
						"No target/sample-app-*.jar: these tests run the packaged sample, 'mvn -pl sample-app -am package' makes it"));
		}
	}

	private static void jar(Path jar, String... packages) throws IOException {
		Path classes = location(HistoryLog.class);
		try (OutputStream file = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(file)) {
			for (String name : packages) {
				try (Stream<Path> files = Files.list(classes.resolve(name))) {
					for (Path compiled : files.sorted().toList()) {
						entries.putNextEntry(new JarEntry(name + "/" + compiled.getFileName()));
						Files.copy(compiled, entries);
					}
				}
			}
		}
	}

	private static Path location(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void run(String name, List<String> command) throws IOException, InterruptedException {
		Path log = DIRECTORY.resolve(name + ".log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
			process.destroyForcibly();
			throw new IllegalStateException(command + " failed: " + Files.readString(log));
		}
	}

}
