package dev.backgroundjobs.docs;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the compiler says in docs/troubleshooting.md, of the code there.
 */
class TroubleshootingCompileTests {

	private static final String APPLICATION = """
			package com.example;

			import dev.backgroundjobs.BackgroundJob;
			import dev.backgroundjobs.JobDispatcher;

			record ReportRequest(String month) {
			}

			class Reports {

				@BackgroundJob
				void generate(ReportRequest request) {
				}

				@BackgroundJob
				void byId(long id) {
				}

				@BackgroundJob
				void send(ReportRequest request) {
				}

				void send(String address) {
				}

				@BackgroundJob
				void sendTo(String address, ReportRequest request, int copies, boolean urgent) {
				}

				@BackgroundJob
				static void clean() {
				}

				@BackgroundJob
				void removeOld() {
				}

			}

			class Orders {

				JobDispatcher jobs;

				ReportRequest request;

				void generate(ReportRequest request) {
				}

				void place() {
					%s
				}

			}
			""";

	@TempDir
	Path classes;

	@Test
	void anObjectBeforeTheColons() {
		shows("`this::generate`", """
				this.jobs.enqueue(this::generate, this.request);
				""", """
				this.jobs.enqueue(Reports::generate, this.request);
				""");
	}

	@Test
	void aLambda() {
		shows("A lambda", """
				this.jobs.enqueue(() -> generate(this.request));
				""", """
				this.jobs.enqueue(Reports::generate, this.request);
				""");
	}

	@Test
	void anIntForALong() {
		shows("`5` for a `long`", """
				this.jobs.enqueue(Reports::byId, 5);
				""", """
				this.jobs.enqueue(Reports::byId, 5L);
				""");
	}

	@Test
	void noArgument() {
		shows("An argument too few", """
				this.jobs.enqueue(Reports::generate);
				""", """
				this.jobs.enqueue(Reports::generate, this.request);
				""");
	}

	@Test
	void fourArguments() {
		shows("Four arguments", """
				this.jobs.enqueue(Reports::sendTo, "a@example.com", this.request, 2, true);
				""", """
				this.jobs.enqueue("reports.sendTo", "a@example.com", this.request, 2, true);
				""");
	}

	@Test
	void aStaticMethod() {
		shows("A static method", """
				this.jobs.enqueue(Reports::clean);
				""", """
				this.jobs.enqueue(Reports::removeOld);
				""");
	}

	@Test
	void anOverloadedMethod() {
		shows("An overloaded method", """
				this.jobs.enqueue(Reports::send, this.request);
				""", """
				this.jobs.enqueue(Reports::generate, this.request);
				""");
	}

	private void shows(String section, String wrong, String right) {
		assertThat(TroubleshootingPage.blocks(section, "java")).containsExactly(wrong.strip(), right.strip());
		TroubleshootingPage.assertShown(section, compile(wrong));
		assertThat(compile(right)).isEmpty();
	}

	private String compile(String statement) {
		StringWriter output = new StringWriter();
		JavaFileObject source = new SimpleJavaFileObject(URI.create("string:///com/example/Orders.java"),
				JavaFileObject.Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return APPLICATION.formatted(statement.strip());
			}

		};
		List<String> options = List.of("-proc:none", "-d", this.classes.toString(), "-classpath",
				System.getProperty("java.class.path"));
		CompilationTask task = ToolProvider.getSystemJavaCompiler()
			.getTask(output, null, null, options, null, List.of(source));
		task.setLocale(Locale.ENGLISH);
		task.call();
		return output.toString();
	}

}
