package dev.backgroundjobs.docs;

import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.BackgroundJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications print at their start in docs/troubleshooting.md.
 */
@ExtendWith(OutputCaptureExtension.class)
class TroubleshootingStartTests {

	private static final String KEY = TestKeys.secret("k1");

	@Test
	void methodsThatCannotBeJobs(CapturedOutput output) {
		start(List.of(Mails.class));
		TroubleshootingPage.assertShown("Private, static, overloaded and `@Async` methods", output.toString());
	}

	@Test
	void twoBeansOfOneClass(CapturedOutput output) {
		start(List.of(Printing.class));
		TroubleshootingPage.assertShown("Two beans of one class", output.toString());
	}

	@Test
	void aMisspeltBackend(CapturedOutput output) {
		start(List.of(Reports.class), "jobs.backend=lokal");
		TroubleshootingPage.assertShown("A misspelt backend", output.toString());
	}

	@Test
	void aMisspeltQueue(CapturedOutput output) {
		start(List.of(Reports.class), "jobs.queues.report.backend=local");
		TroubleshootingPage.assertShown("A misspelt queue", output.toString());
	}

	@Test
	void theLineThatSaysWhatIsConfigured(CapturedOutput output) {
		start(List.of(Reports.class), "jobs.backend=test");
		TroubleshootingPage.assertShown("The line at the start", output.toString());
	}

	@Test
	void aKeyIdWithoutAKey(CapturedOutput output) {
		start(List.of(Reports.class), "jobs.signing.key-id=k2", "jobs.signing.keys.k1=" + KEY);
		TroubleshootingPage.assertShown("A `key-id` that names no key", output.toString());
	}

	@Test
	void aKeyWithoutAKeyId(CapturedOutput output) {
		start(List.of(Reports.class), "jobs.signing.keys.k1=" + KEY);
		TroubleshootingPage.assertShown("No `key-id`", output.toString());
	}

	@Test
	void aClassThatIsCompiledWithoutTheNamesOfParameters(CapturedOutput output, @TempDir Path classes)
			throws Exception {
		List<String> code = TroubleshootingPage.blocks("A constructor without names", "java");
		assertThat(code.get(0)).isEqualTo("""
				public class Letter {

					private final String address;

					private final int copies;

					public Letter(String address, int copies) {
						this.address = address;
						this.copies = copies;
					}

					public String getAddress() {
						return this.address;
					}

					public int getCopies() {
						return this.copies;
					}

				}
				""".strip());
		compile(classes, "Letter", "package com.example;\n" + code.get(0));
		compile(classes, "Letters", """
				package com.example;

				public class Letters {

					@dev.backgroundjobs.BackgroundJob
					void send(Letter letter) {
					}

				}
				""");
		try (URLClassLoader loader = new URLClassLoader(new URL[] { classes.toUri().toURL() })) {
			start(List.of(loader.loadClass("com.example.Letters")));
		}
		TroubleshootingPage.assertShown("A constructor without names", output.toString());
	}

	private static void start(List<Class<?>> beans, String... properties) {
		SpringApplication application = new SpringApplication(
				Stream.concat(Stream.of(Application.class), beans.stream()).toArray(Class<?>[]::new));
		String[] arguments = Stream
			.concat(Stream.of("spring.main.web-application-type=none"), Arrays.stream(properties))
			.map((property) -> "--" + property)
			.toArray(String[]::new);
		try {
			application.run(arguments).close();
		}
		catch (RuntimeException ex) {
			// The output says it.
		}
	}

	private static void compile(Path classes, String name, String code) {
		JavaFileObject source = new SimpleJavaFileObject(URI.create("string:///com/example/" + name + ".java"),
				JavaFileObject.Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return code;
			}

		};
		StringWriter output = new StringWriter();
		ToolProvider.getSystemJavaCompiler()
			.getTask(output, null, null,
					List.of("-proc:none", "-d", classes.toString(), "-classpath",
							classes + File.pathSeparator + System.getProperty("java.class.path")),
					null, List.of(source))
			.call();
		assertThat(output.toString()).isEmpty();
	}

	record Mail(String address) {
	}

	record Letter(String address, int copies) {
	}

	@Component
	static class Mails {

		@BackgroundJob
		private void send(Mail mail) {
		}

		@BackgroundJob
		static void clean() {
		}

		@BackgroundJob
		void remind(Mail mail) {
		}

		void remind(String address) {
		}

		@Async
		@BackgroundJob
		void count() {
		}

	}

	static class Printer {

		@BackgroundJob
		void print(Letter letter) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Printing {

		@Bean
		Printer upstairs() {
			return new Printer();
		}

		@Bean
		Printer downstairs() {
			return new Printer();
		}

	}

	@Component
	static class Reports {

		@BackgroundJob(queue = "reports")
		void generate() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
