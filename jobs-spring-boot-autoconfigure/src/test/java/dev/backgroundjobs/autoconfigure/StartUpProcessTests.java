package dev.backgroundjobs.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications in a process of their own: with a class path that lacks what is optional,
 * and ended when the context is refreshed, as in the build of an image.
 */
class StartUpProcessTests {

	@Test
	void runsAJobWithoutAnyOptionalLibrary() throws Exception {
		String output = run((jar) -> !jar.matches(
				"(spring-tx|spring-jdbc|spring-web|spring-boot-(actuator|web|servlet|tomcat|security|jdbc|sql|trans|health|micro|opentele|"
						+ "http|reactor|netty|starter|jackson)|spring-security|tomcat|jakarta.servlet|nimbus|reactor|micrometer-(core|jakarta|registry|tracing)|opentelemetry|prometheus|h2|"
						+ "spring-test|spring-boot-test|junit|assertj|mockito|awaitility|opentest4j|apiguardian).*"),
				List.of());
		assertThat(output).contains("ran march").contains("Jobs on backend 'inline'");
	}

	@Test
	void loadsNothingThatIsForTests() throws Exception {
		String output = run((jar) -> true, List.of("-Xlog:class+load:stdout"));
		assertThat(output).contains("ran march")
			.doesNotContain("dev.backgroundjobs.test.", "org.assertj.", "org.springframework.test.");
	}

	@Test
	void needsNoKeyForATrainingRun() throws Exception {
		String output = run((jar) -> true,
				List.of("-Dspring.context.exit=onRefresh", "-Djobs.signing.key-id=k1", "-Djobs.signing.required=true",
						"-Djobs.encryption.key-id=e1", "-Djobs.encryption.keys.e1=${JOBS_KEY_E1}"));
		assertThat(output).doesNotContain("APPLICATION FAILED TO START").doesNotContain("Exception").isBlank();
	}

	@Test
	void needsNoKeyToEndATrainingRunWithoutSigning() throws Exception {
		String output = run((jar) -> true, List.of("-Dspring.context.exit=onRefresh", "-Djobs.signing.required=true"));
		assertThat(output).isBlank();
	}

	private static String run(Predicate<String> jars, List<String> options) throws IOException, InterruptedException {
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> jars.test(Path.of(entry).getFileName().toString()))
			.collect(Collectors.joining(File.pathSeparator));
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", classPath));
		command.addAll(options);
		command.add(Application.class.getName());
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		return output.lines()
			.filter((line) -> line.contains("ran ") || line.contains("Jobs on") || line.contains("Exception")
					|| line.contains("FAILED") || line.contains("jobs.signing") || line.contains("jobs.encryption")
					|| isForTests(line))
			.collect(Collectors.joining("\n"));
	}

	private static boolean isForTests(String line) {
		return line.contains("dev.backgroundjobs.test.") || line.contains("org.assertj.")
				|| line.contains("org.springframework.test.");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		public static void main(String[] args) {
			try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
				.web(WebApplicationType.NONE)
				.bannerMode(Banner.Mode.OFF)
				.properties("jobs.backend=inline")
				.run(args)) {
				context.getBean(JobDispatcher.class).enqueue(Reports::generate, new Request("march"));
			}
		}

		@Bean
		Reports reports() {
			return new Reports();
		}

	}

	record Request(String month) {
	}

	static class Reports {

		@BackgroundJob
		void generate(Request request) {
			System.out.println("ran " + request.month());
		}

	}

}
