package dev.backgroundjobs.adapter.cloudrun;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same with a process for every task, as a container has it: the signal, the exit
 * code and the environment are real. Cloud Run is a {@link TestCloudRun double}.
 */
@Timeout(300)
class CloudRunProcessIT {

	private static final String TEXT = "$(HOME) ${HOME} \"quoted\" 'single' `back` \\ \n\t é 你好 😀";

	private final TestCloudRun cloud = new TestCloudRun();

	private final List<Process> processes = new ArrayList<>();

	@TempDir
	Path temp;

	@AfterEach
	void end() {
		this.processes.forEach(Process::destroyForcibly);
		this.cloud.close();
	}

	@Test
	void aPayloadArrivesByteForByteAndTheProcessEndsWith0() throws IOException {
		enqueue((jobs) -> jobs.enqueue(Diary::write, TEXT));
		this.cloud.runAll((variables) -> exitCode(start(variables)));
		assertThat(this.cloud.last().exitCodes(0)).containsExactly(0);
		assertThat(Files.readString(this.temp.resolve("text"))).isEqualTo(TEXT);
	}

	@Test
	void aTaskThatIsToldToStopHandsTheRestOfItsPartToAnExecutionOfItsOwn() throws IOException {
		enqueue((jobs) -> jobs.enqueue(Diary::walk));
		this.cloud.runOnce((variables) -> exitCode(start(variables)));
		TestExecution parts = this.cloud.last();
		assertThat(parts.tasks()).hasSize(2);
		Files.createFile(this.temp.resolve("hold"));
		this.cloud.runOnce((variables) -> terminated(variables, parts));
		assertThat(parts.exitCodes(0)).as("told to stop by SIGTERM").containsExactly(0);
		assertThat(this.cloud.executions()).hasSize(3);
		this.cloud.runAll((variables) -> exitCode(start(variables)));
		assertThat(lines()).containsExactlyInAnyOrderElementsOf(
				IntStream.range(0, 10).mapToObj((item) -> item + ((item < 5) ? " in 0 of 2" : " in 1 of 2")).toList());
		assertThat(this.cloud.executions()).hasSize(3);
	}

	// The first task waits at its second item until it is told to stop.
	private int terminated(Map<String, String> variables, TestExecution execution) {
		boolean isFirst = execution.shortName().equals(variables.get("CLOUD_RUN_EXECUTION"))
				&& "0".equals(variables.get("CLOUD_RUN_TASK_INDEX"));
		Process process = start(variables);
		if (isFirst) {
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(this.temp.resolve("held")));
			process.destroy();
		}
		return exitCode(process);
	}

	private void enqueue(Consumer<JobDispatcher> call) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, CloudRunJobAutoConfiguration.class))
			.withBean("diary", Diary.class, () -> new Diary(this.temp))
			.withPropertyValues(this.cloud.properties("default"))
			.run((context) -> call.accept(context.getBean(JobDispatcher.class)));
	}

	private Process start(Map<String, String> variables) {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
				"-Dfile.encoding=UTF-8", "-cp", System.getProperty("java.class.path"), Application.class.getName(),
				"--app.directory=" + this.temp, "--spring.config.location=optional:classpath:/none/"));
		for (String property : this.cloud.properties("default")) {
			command.add("--" + property);
		}
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.temp.resolve("process" + this.processes.size() + ".log").toFile());
		builder.environment().putAll(variables);
		builder.environment().put("LC_ALL", "C.UTF-8");
		try {
			Process process = builder.start();
			this.processes.add(process);
			return process;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int exitCode(Process process) {
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
			return process.exitValue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<String> lines() throws IOException {
		return Files.readAllLines(this.temp.resolve("walk"));
	}

	static class Diary {

		private final Path directory;

		Diary(@Value("${app.directory}") Path directory) {
			this.directory = directory;
		}

		@BackgroundJob
		void write(String text) throws IOException {
			Files.writeString(this.directory.resolve("text"), text);
		}

		@BackgroundJob
		Iteration<Long> walk() {
			return Iteration.over(Sources.range(0, 10)).each(this::visit).parallel(2);
		}

		private void visit(Long item) throws IOException {
			ParallelPart part = JobContext.current().parallel();
			String index = (part != null) ? part.index() + " of " + part.count() : "alone";
			Files.writeString(this.directory.resolve("walk"), item + " in " + index + "\n", StandardCharsets.UTF_8,
					StandardOpenOption.CREATE, StandardOpenOption.APPEND);
			if (item == 1 && Files.deleteIfExists(this.directory.resolve("hold"))) {
				Files.createFile(this.directory.resolve("held"));
				JobContext context = JobContext.current();
				Awaitility.await().atMost(Duration.ofSeconds(60)).until(context::stopRequested);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Diary.class)
	static class Application {

		public static void main(String[] args) {
			new SpringApplicationBuilder(Application.class).run(args);
		}

	}

}
