package dev.backgroundjobs.adapter.runonce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that was processed ahead of time as the web application that it is,
 * started for one message.
 */
class RunOnceAotIT {

	@TempDir
	static Path directory;

	private static Path web;

	private static Path withoutWeb;

	@BeforeAll
	static void process() throws Exception {
		web = process("web");
		withoutWeb = process("without-web", "-Dspring.main.web-application-type=none");
	}

	@Test
	void runsTheMessageWithoutWhatWasGeneratedOfAWebApplication() throws Exception {
		try (OnceJvm process = run(web)) {
			assertThat(process.exit()).as(process.output()).isZero();
			assertThat(process.output()).contains("Starting OnceApplication", "no endpoint", "said 61")
				.doesNotContain("Tomcat");
		}
	}

	@Test
	void runsTheMessageWithWhatWasGeneratedWithoutAWebServer() throws Exception {
		try (OnceJvm process = run(withoutWeb, "-Dspring.main.web-application-type=none")) {
			assertThat(process.exit()).as(process.output()).isZero();
			assertThat(process.output()).contains("Starting AOT-processed OnceApplication", "no endpoint", "said 61");
		}
	}

	@Test
	void isTheWebApplicationThatItIsWithoutAMessage() throws Exception {
		try (OnceJvm process = application(web).start()) {
			process.await("Tomcat started").await("Started OnceApplication");
			assertThat(process.output()).contains("Starting AOT-processed", "endpoint POST /_jobs");
		}
	}

	private static OnceJvm run(Path classes, String... options) throws IOException {
		return application(classes).with(options).message(Probe.message("jobs.say", "[\"a\"]")).start();
	}

	private static OnceJvm application(Path classes) {
		return new OnceJvm(OnceApplication.class).withClasses(classes)
			.with("-Dspring.aot.enabled=true", "-Djobs.backend=printer", "-Dserver.port=0");
	}

	private static Path process(String name, String... options) throws Exception {
		Path sources = directory.resolve(name + "-sources");
		Path classes = directory.resolve(name);
		try (OnceJvm processor = new OnceJvm("org.springframework.boot.SpringApplicationAotProcessor")
			.with("-Djobs.backend=printer", "-Dserver.port=0")
			.with(options)) {
			processor.start(OnceApplication.class.getName(), sources.toString(),
					directory.resolve(name + "-resources").toString(), classes.toString(), "", "once");
			assertThat(processor.exit()).as(processor.output()).isZero();
			compile(processor.classPath(), sources, classes);
		}
		return classes;
	}

	private static void compile(String classPath, Path sources, Path classes) throws IOException {
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
