package dev.backgroundjobs.adapter.sqs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.adapter.sqs.SqsTestApplication.Letters;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that ends before its work does, and another one that goes on with it.
 */
@Timeout(180)
class SqsCrashIT {

	private static final int JOBS = 400;

	private static final int CONCURRENCY = 4;

	private final SqsServer cloud = new SqsServer();

	private @Nullable Process process;

	private @Nullable ConfigurableApplicationContext second;

	@TempDir
	Path temp;

	private Path runs;

	@BeforeEach
	void enqueue() throws IOException {
		this.runs = Files.createFile(this.temp.resolve("runs.txt"));
		this.cloud.createQueue("letters");
		try (ConfigurableApplicationContext sender = SqsTestApplication.start(endpoint(), "sqs.enabled=false")) {
			sender.getBean(JobDispatcher.class)
				.enqueueAll(IntStream.range(0, JOBS).mapToObj((i) -> JobCall.of(Letters::send, "n" + i)));
		}
	}

	@AfterEach
	void end() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
		if (this.second != null) {
			this.second.close();
		}
		this.cloud.close();
	}

	@Test
	void losesNothingWhenAProcessIsKilled() throws IOException {
		Process killed = start();
		await(() -> lines().count() > 30);
		killed.destroyForcibly();
		await(() -> !killed.isAlive());
		assertThat(lines().count()).as("killed before the end").isLessThan(JOBS);
		finish();
		assertThat(lines().distinct()).hasSize(JOBS);
		// What ran, what was in hand and had not begun, and what was done and waited for
		// its delete, in a batch or on its way.
		assertThat(ranTwice()).hasSizeLessThanOrEqualTo(CONCURRENCY + 3 * SqsInbox.MAX_BATCH);
	}

	@Test
	void losesNothingAndRunsNothingTwiceWhenAProcessIsStopped() throws IOException {
		Process stopped = start();
		await(() -> lines().count() > 30);
		stopped.destroy();
		await(() -> !stopped.isAlive());
		int done = (int) lines().count();
		assertThat(done).as("stopped before the end").isLessThan(JOBS);
		assertThat(this.cloud.visible("letters")).as("nobody waits for what it had in hand").isEqualTo(JOBS - done);
		finish();
		assertThat(lines().distinct()).hasSize(JOBS);
		assertThat(ranTwice()).isEmpty();
	}

	private void finish() {
		this.second = SqsTestApplication.start(endpoint(), "letters.file=" + this.runs);
		await(this::isEmpty);
	}

	private Map<String, Long> ranTwice() {
		Map<String, Long> counts = new TreeMap<>(
				lines().collect(Collectors.groupingBy((line) -> line, Collectors.counting())));
		counts.values().removeIf((count) -> count == 1);
		return counts;
	}

	private boolean isEmpty() {
		return this.cloud.isEmpty("letters");
	}

	private String endpoint() {
		return "sqs.endpoint=" + this.cloud.endpoint();
	}

	private Process start() throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				SqsTestApplication.class.getName(), "--" + endpoint(), "--sqs.concurrency=" + CONCURRENCY,
				"--sqs.visibility-timeout=3s", "--spring.main.keep-alive=true", "--letters.file=" + this.runs)
			.redirectErrorStream(true)
			.redirectOutput(this.temp.resolve("process.log").toFile())
			.start();
		this.process = process;
		return process;
	}

	private Stream<String> lines() {
		try {
			return Files.readAllLines(this.runs).stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
	}

}
