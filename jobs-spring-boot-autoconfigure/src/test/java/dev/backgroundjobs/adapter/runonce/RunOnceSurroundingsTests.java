package dev.backgroundjobs.adapter.runonce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.delivery.JobWorker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is there of an application in a process for one message.
 */
class RunOnceSurroundingsTests {

	private final Probe probe = new Probe();

	private final OnceStart start = new OnceStart(Application.class).bean("probe", this.probe)
		.message(Probe.message("probe.say", "[\"a\"]"));

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource
	void thereIsNoWebServerWhateverTheApplicationAsksFor(WebApplicationType type) {
		this.start.with((application) -> application.setWebApplicationType(type))
			.with("--spring.main.web-application-type=" + type, "--server.port=1", "--management.server.port=2");
		ConfigurableApplicationContext context = this.start.start();
		assertThat(context).isNotInstanceOf(WebApplicationContext.class)
			.isNotInstanceOf(ReactiveWebApplicationContext.class);
		assertThat(this.probe.said).containsExactly("a");
	}

	@Test
	void beansAreCreatedWhenTheyAreNeeded() {
		this.start.run();
		assertThat(this.probe.said).containsExactly("a");
	}

	@Test
	void anApplicationCanHaveAllItsBeansCreated() {
		this.start.with("--spring.main.lazy-initialization=false").run();
		assertThat(this.probe.said).containsExactly("costly bean", "a");
	}

	@Test
	void noOtherWorkerIsStarted() {
		AtomicInteger started = new AtomicInteger();
		this.start.bean("other", new JobWorker() {

			@Override
			public void start() {
				started.incrementAndGet();
			}

			@Override
			public void stop(Duration grace) {
			}

		}).run();
		assertThat(started).hasValue(0);
		assertThat(this.probe.said).containsExactly("a");
	}

	@Test
	void theProfileIsActiveBesidesThoseOfArguments() {
		this.start.with("--spring.profiles.active=prod,eu");
		assertThat(profiles()).containsExactly("prod", "eu", RunOnce.PROFILE);
	}

	@Test
	void theProfileIsActiveBesidesThoseOfVariables() {
		this.start.variable("SPRING_PROFILES_ACTIVE", "prod");
		assertThat(profiles()).containsExactly("prod", RunOnce.PROFILE);
	}

	@Test
	void theProfileIsActiveBesidesThoseOfCode() {
		this.start.with((application) -> application.setAdditionalProfiles("more"));
		assertThat(profiles()).containsExactly("more", RunOnce.PROFILE);
	}

	@Test
	void theFilesOfTheProfileWin() throws IOException {
		write("application.yaml", "color: red\nshape: round");
		write("application-prod.yaml", "color: green\nsize: big");
		write("application-jobs-run-once.yaml", "color: blue");
		this.start.with("--spring.config.location=" + this.directory + "/", "--spring.profiles.active=prod");
		Environment environment = this.start.start().getEnvironment();
		assertThat(environment.getActiveProfiles()).containsExactly("prod", RunOnce.PROFILE);
		assertThat(environment.getProperty("color")).isEqualTo("blue");
		assertThat(environment.getProperty("size")).isEqualTo("big");
		assertThat(environment.getProperty("shape")).isEqualTo("round");
	}

	@Test
	void anApplicationHoldsBackWhatIsNotForTheProfile() {
		OnceStart scheduling = new OnceStart(Application.class, Schedules.class).bean("probe", this.probe)
			.message(Probe.message("probe.say", "[\"a\"]"));
		assertThat(scheduling.run()).isZero();
		assertThat(this.probe.said).contains("scheduled", "a").doesNotContain("held back");
	}

	@Test
	void theFirstContextWithJobsRunsTheMessage() {
		SpringApplicationBuilder parent = new SpringApplicationBuilder(Parent.class)
			.environment(this.start.environment());
		SpringApplicationBuilder child = parent.child(Application.class);
		this.start.prepare(parent.application());
		this.start.prepare(child.application());
		child.run(this.start.arguments());
		assertThat(this.probe.said).containsExactly("a");
		assertThat(this.start.process.code()).isZero();
		assertThat(this.start.process.exits()).isOne();
	}

	@Test
	void trustInThePlatformIsNoProblemWhereNobodyCanCall() {
		this.start.with("--jobs.endpoint.trust=platform");
		assertThat(this.start.run()).isZero();
	}

	@Test
	void aBackendThatPushesNeedsNoCallersHere() {
		this.start.with("--jobs.queues.other.backend=cloud-tasks", "--jobs.cloud-tasks.project=p",
				"--jobs.cloud-tasks.location=l", "--jobs.cloud-tasks.url=https://paperwork.example.com/_jobs");
		assertThat(this.start.run()).isZero();
	}

	@Test
	void theProfileIsActiveBesidesThoseOfFiles() throws IOException {
		write("application.yaml", "spring.profiles.active: prod");
		write("application-jobs-run-once.yaml", "color: blue");
		this.start.with("--spring.config.location=" + this.directory + "/");
		Environment environment = this.start.start().getEnvironment();
		assertThat(environment.getActiveProfiles()).containsExactlyInAnyOrder("prod", RunOnce.PROFILE);
		assertThat(environment.getProperty("color")).isEqualTo("blue");
	}

	@Test
	void aProfileThatFilesNameStaysForThem() throws IOException {
		write("application.yaml", "stage: prod");
		this.start.with("--spring.config.location=" + this.directory + "/", "--spring.profiles.active=${stage:dev}");
		assertThat(profiles()).contains(RunOnce.PROFILE).hasSize(2);
	}

	private String[] profiles() {
		return this.start.start().getEnvironment().getActiveProfiles();
	}

	private void write(String name, String text) throws IOException {
		Files.writeString(this.directory.resolve(name), text);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Object costly(Probe probe) {
			return probe.said.add("costly bean");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Parent {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Schedules {

		@Bean
		Every every(Probe probe) {
			return new Every(probe, "scheduled");
		}

		@Bean
		@Profile("!" + RunOnce.PROFILE)
		Every otherwise(Probe probe) {
			return new Every(probe, "held back");
		}

	}

	static class Every {

		private final Probe probe;

		private final String word;

		Every(Probe probe, String word) {
			this.probe = probe;
			this.word = word;
		}

		@Scheduled(fixedRate = 1)
		void run() {
			this.probe.said.add(this.word);
		}

	}

}
