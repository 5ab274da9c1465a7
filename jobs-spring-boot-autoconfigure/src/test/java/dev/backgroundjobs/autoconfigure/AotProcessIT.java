package dev.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import dev.backgroundjobs.autoconfigure.JavaProcess.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application processed ahead of time as the goal {@code process-aot} does it, and
 * started with what that made.
 */
class AotProcessIT {

	@TempDir
	static Path directory;

	// Security and reactive libraries only take time here.
	private static final String NEEDLESS = "spring-security|spring-boot-security|spring-webflux|spring-boot-webflux|"
			+ "spring-boot-reactor|reactor|netty";

	private static Path classes;

	@BeforeAll
	static void process() throws Exception {
		Path sources = directory.resolve("sources");
		Path resources = directory.resolve("resources");
		classes = directory.resolve("classes");
		JavaProcess processor = new JavaProcess("org.springframework.boot.SpringApplicationAotProcessor")
			.without(NEEDLESS)
			.with("-Djobs.backend=inline");
		Result result = processor.run(AotApplication.class.getName(), sources.toString(), resources.toString(),
				classes.toString(), "", "reports", "--server.port=0");
		assertThat(result.exit()).as(result.output()).isZero();
		compile(processor.classPath(), sources);
	}

	@Test
	void runsItsJobsOnTheBackendItWasProcessedFor() throws Exception {
		Result result = start("--jobs.backend=inline", "--by-reference");
		assertThat(result.linesWith("ran ", "Jobs on", "FAILED", "Exception", "Starting AOT-processed"))
			.containsSubsequence("Starting AOT-processed", "Jobs on backend 'inline': 3 jobs",
					"ran march a 1 Circle[radius=2] 3", "ran march a 1 Circle[radius=2] 3",
					"ran book 12 in a transaction: true", "ran load Row[key=r1]");
		assertThat(result.exit()).as(result.output()).isZero();
	}

	@Test
	void refusesAnotherBackendThanItWasProcessedFor() throws Exception {
		Result result = start("--jobs.backend=local");
		assertThat(result.exit()).isEqualTo(1);
		assertThat(result.output()).contains("APPLICATION FAILED TO START")
			.contains("processed ahead of time for backend 'inline' and is started with 'local'")
			.contains("property 'jobs.backend' is 'local'")
			.contains("Process the application again with these properties");
	}

	@Test
	void refusesAnotherBackendOfAQueueThanItWasProcessedFor() throws Exception {
		Result result = start("--jobs.backend=inline", "--jobs.queues.bulk-mail.delay-backend=cloud-tasks");
		assertThat(result.output())
			.contains("processed ahead of time for backend 'inline' and is started with 'cloud-tasks', 'inline'")
			.contains("property 'jobs.queues.bulk-mail.delay-backend' is 'cloud-tasks'");
	}

	@Test
	void refusesTheDefaultBackendWhereTheOneItWasProcessedForIsNotNamedAnyMore() throws Exception {
		assertThat(start().output())
			.contains("processed ahead of time for backend 'inline' and is started with 'local'");
	}

	@Test
	void choosesItsBackendAtTheStartWithoutWhatWasGenerated() throws Exception {
		Result result = application().run("--jobs.backend=test");
		assertThat(result.linesWith("Jobs on", "FAILED")).contains("Jobs on backend 'test'").doesNotContain("FAILED");
	}

	private static Result start(String... arguments) throws IOException, InterruptedException {
		return application("-Dspring.aot.enabled=true").run(arguments);
	}

	private static JavaProcess application(String... options) {
		return new JavaProcess(AotApplication.class.getName()).without(NEEDLESS)
			.withClasses(classes)
			.with("-Dserver.port=0")
			.with(options);
	}

	private static void compile(String classPath, Path sources) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (Stream<Path> files = Files.walk(sources);
				StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
			List<Path> java = files.filter((file) -> file.toString().endsWith(".java")).toList();
			assertThat(compiler
				.getTask(null, manager, null,
						List.of("-nowarn", "-proc:none", "-cp", classPath, "-d", classes.toString()), null,
						manager.getJavaFileObjectsFromPaths(java))
				.call()).isTrue();
		}
	}

}
