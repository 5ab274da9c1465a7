package dev.backgroundjobs.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Starts an application without the library and the same with it, in turns, each with and
 * without an archive of its classes: an AOT cache where the JDK has one, CDS elsewhere.
 * {@code benchmarks/start-up.sh} makes the two directories.
 */
final class StartUpComparison {

	private static final boolean HAS_AOT_CACHE = Runtime.version().feature() >= 25;

	private static final int WARM_UP = 2;

	private StartUpComparison() {
	}

	/**
	 * Compare.
	 * @param args directory of the bare application, directory of that with the starter,
	 * number of rounds
	 * @throws Exception when an application does not start
	 */
	public static void main(String[] args) throws Exception {
		Path bare = jar(args[0]);
		Path starter = jar(args[1]);
		int rounds = Integer.parseInt(args[2]);
		Comparison plain = new Comparison("plain", start(bare), start(starter));
		Comparison archived = new Comparison(HAS_AOT_CACHE ? "AOT cache" : "CDS", archive(bare), archive(starter));
		for (int i = -WARM_UP; i < rounds; i++) {
			plain.run(i >= 0);
			archived.run(i >= 0);
		}
		System.out.printf("JDK %s, %d rounds: median (quartiles), difference within a round%n", Runtime.version(),
				rounds);
		plain.print();
		archived.print();
	}

	private static Path jar(String directory) throws IOException {
		try (var jars = Files.newDirectoryStream(Path.of(directory), "*.jar")) {
			return jars.iterator().next();
		}
	}

	private static List<String> start(Path jar, String... options) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(options));
		command.addAll(List.of("-cp", jar.toString(), StartUpApplication.class.getName(), "--server.port=0",
				"--spring.main.banner-mode=off"));
		return command;
	}

	private static List<String> archive(Path jar) throws IOException, InterruptedException {
		Path archive = jar.resolveSibling("application." + (HAS_AOT_CACHE ? "aot" : "jsa"));
		String write = HAS_AOT_CACHE ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=";
		int exit = new ProcessBuilder(start(jar, write + archive, "-Dspring.context.exit=onRefresh"))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
		if (exit != 0 || !Files.exists(archive)) {
			throw new IllegalStateException("No archive was written of " + jar);
		}
		return HAS_AOT_CACHE ? start(jar, "-XX:AOTCache=" + archive, "-XX:AOTMode=on")
				: start(jar, "-XX:SharedArchiveFile=" + archive, "-Xshare:on");
	}

	private static final class Comparison {

		private final String name;

		private final Starts bare;

		private final Starts starter;

		Comparison(String name, List<String> bare, List<String> starter) {
			this.name = name;
			this.bare = new Starts(bare);
			this.starter = new Starts(starter);
		}

		// The first of a pair has the colder caches.
		void run(boolean measured) throws IOException, InterruptedException {
			boolean bareFirst = this.bare.wall.size() % 2 == 0;
			(bareFirst ? this.bare : this.starter).run(measured);
			(bareFirst ? this.starter : this.bare).run(measured);
		}

		void print() {
			print("wall", this.bare.wall, this.starter.wall);
			print("CPU", this.bare.cpu, this.starter.cpu);
		}

		private void print(String what, List<Long> bare, List<Long> starter) {
			List<Long> more = new ArrayList<>();
			for (int i = 0; i < bare.size(); i++) {
				more.add(starter.get(i) - bare.get(i));
			}
			System.out.printf("%-10s%-5s bare %s ms, with the starter %s ms, more %s ms%n", this.name, what,
					describe(bare), describe(starter), describe(more));
		}

		private static String describe(List<Long> values) {
			List<Long> sorted = new ArrayList<>(values);
			Collections.sort(sorted);
			int n = sorted.size();
			return sorted.get(n / 2) + " (" + sorted.get(n / 4) + " to " + sorted.get(3 * n / 4) + ")";
		}

	}

	private static final class Starts {

		private final List<String> command;

		private final List<Long> wall = new ArrayList<>();

		private final List<Long> cpu = new ArrayList<>();

		Starts(List<String> command) {
			this.command = command;
		}

		void run(boolean measured) throws IOException, InterruptedException {
			long start = System.nanoTime();
			Process process = new ProcessBuilder(this.command).redirectErrorStream(true).start();
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

}
