package dev.backgroundjobs.autoconfigure;

import java.io.IOException;

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

	static final String OPTIONAL = "spring-tx|spring-jdbc|spring-web|spring-boot-(actuator|web|servlet|tomcat|security|jdbc|sql|"
			+ "trans|health|micro|opentele|http|reactor|netty|starter|jackson|test)|spring-security|spring-test|tomcat|"
			+ "jakarta.servlet|nimbus|reactor|micrometer-(core|jakarta|registry|tracing)|opentelemetry|prometheus|h2|junit|"
			+ "spring-cloud-gcp|google-|gax|grpc|proto|api-common|"
			+ "assertj|mockito|awaitility|opentest4j|apiguardian";

	@Test
	void runsAJobWithoutAnyOptionalLibrary() throws Exception {
		String output = linesOf(application().without(OPTIONAL));
		assertThat(output).contains("ran march").contains("Jobs on backend 'inline'");
	}

	@Test
	void loadsNothingThatIsForTests() throws Exception {
		String output = linesOf(application().with("-Xlog:class+load:stdout"));
		assertThat(output).contains("ran march")
			.doesNotContain("dev.backgroundjobs.test.", "org.assertj.", "org.springframework.test.");
	}

	@Test
	void needsNoKeyForATrainingRun() throws Exception {
		String output = linesOf(application().with("-Dspring.context.exit=onRefresh", "-Djobs.signing.key-id=k1",
				"-Djobs.signing.required=true", "-Djobs.encryption.key-id=e1",
				"-Djobs.encryption.keys.e1=${JOBS_KEY_E1}"));
		assertThat(output).isBlank();
	}

	@Test
	void needsNoKeyToEndATrainingRunWithoutSigning() throws Exception {
		String output = linesOf(application().with("-Dspring.context.exit=onRefresh", "-Djobs.signing.required=true"));
		assertThat(output).isBlank();
	}

	private static JavaProcess application() {
		return new JavaProcess(Application.class.getName());
	}

	private static String linesOf(JavaProcess process) throws IOException, InterruptedException {
		return process.run()
			.linesWith("ran ", "Jobs on", "Exception", "FAILED", "jobs.signing", "jobs.encryption",
					"dev.backgroundjobs.test.", "org.assertj.", "org.springframework.test.");
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
