package dev.backgroundjobs.docs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The backend of docs/own-backend.md in several processes, of which one is killed.
 */
@Timeout(300)
class DirectoryJobCrashIT {

	private static final int JOBS = 300;

	private static final int THREADS = 4;

	@TempDir
	Path temp;

	private final List<Process> processes = new ArrayList<>();

	@AfterEach
	void end() {
		this.processes.forEach(Process::destroyForcibly);
	}

	@Test
	void losesNothingWhenAProcessIsKilled() throws IOException {
		Path runs = Files.createFile(this.temp.resolve("runs.txt"));
		JobDirectory directory = new JobDirectory(this.temp.resolve("jobs"));
		send(directory);
		Process killed = start();
		start();
		await(() -> lines(runs).count() > 20);
		killed.destroyForcibly();
		await(() -> lines(runs).distinct().count() == JOBS && directory.list("waiting").isEmpty()
				&& directory.list("running").isEmpty());
		Map<String, Long> twice = new TreeMap<>(
				lines(runs).collect(Collectors.groupingBy((line) -> line, Collectors.counting())));
		twice.values().removeIf((count) -> count == 1);
		assertThat(twice).as("delivered twice, since a process died with them").hasSizeLessThanOrEqualTo(THREADS);
		assertThat(this.temp.resolve("jobs/refused")).doesNotExist();
	}

	private static void send(JobDirectory directory) {
		JobMessageCodec codec = new JobMessageCodec(new SigningKeys(null, Map.of(), null, Duration.ofDays(1)),
				Clock.systemUTC());
		DirectoryJobBackend backend = new DirectoryJobBackend(directory, codec);
		IntStream.range(0, JOBS)
			.mapToObj((i) -> JobMessage
				.builder(UUID.randomUUID().toString(), "marks.leave", "default", "[" + i + "]",
						Clock.systemUTC().instant())
				.build())
			.forEach(backend::enqueue);
	}

	private Process start() throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Application.class.getName(),
				"--app.jobs-directory=" + this.temp.resolve("jobs"), "--app.runs=" + this.temp.resolve("runs.txt"))
			.redirectErrorStream(true)
			.redirectOutput(new File(this.temp.toFile(), "process" + this.processes.size() + ".log"))
			.start();
		this.processes.add(process);
		return process;
	}

	private static Stream<String> lines(Path file) {
		try {
			return Files.readAllLines(file).stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void await(java.util.concurrent.Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(50)).until(condition);
	}

	static class Marks {

		private final Path file;

		Marks(@Value("${app.runs}") Path file) {
			this.file = file;
		}

		@BackgroundJob
		void leave(int number) throws IOException, InterruptedException {
			// One short write at the end of a file is not torn by others.
			Files.writeString(this.file, number + "\n", StandardOpenOption.APPEND);
			TimeUnit.MILLISECONDS.sleep(30);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Marks.class, DirectoryJobConfiguration.class })
	static class Application {

		public static void main(String[] args) {
			new SpringApplicationBuilder(Application.class)
				.properties("spring.main.web-application-type=none", "jobs.backend=directory", "app.jobs-lease=4s")
				.run(args);
		}

	}

}
