package dev.backgroundjobs.adapter.runonce;

import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a person types: {@code --jobs.run} and {@code --jobs.manifest}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RunOnceByHandTests {

	private final Probe probe = new Probe();

	private final OnceStart start = new OnceStart(Application.class).bean("probe", this.probe);

	// Spring Boot keeps what a start has set for the log as properties of the process.
	@AfterEach
	void forgetThresholdOfTheLog() {
		System.clearProperty("CONSOLE_LOG_THRESHOLD");
	}

	@Test
	void runsAJobThatTakesNothingWithoutArguments() {
		assertThat(this.start.with("--jobs.run=probe.discard").run()).isZero();
	}

	@Test
	void runsAJobOfAQueueInMemory() {
		this.start.with("--jobs.backend=local", "--jobs.run=probe.say", "--jobs.args=[\"a\"]");
		assertThat(this.start.run()).isZero();
		assertThat(this.probe.said).containsExactly("a");
	}

	@Test
	void whatIsTypedGoesBeforeWhatAPlatformHasSet() {
		this.start.message(Probe.message("probe.say", "[\"from the platform\"]"))
			.with("--jobs.run=probe.say", "--jobs.args=[\"typed\"]");
		assertThat(this.start.run()).isZero();
		assertThat(this.probe.said).containsExactly("typed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "JOBS_RUN", "JOBS_MANIFEST" })
	void aMessageGoesBeforeAVariableThatIsLeftOfSomethingElse(String variable) {
		this.start.message(Probe.message("probe.say", "[\"sent\"]"))
			.variable(variable, "probe.say")
			.variable("JOBS_ARGS", "[\"left\"]");
		assertThat(this.start.run()).isZero();
		assertThat(this.probe.said).containsExactly("sent");
	}

	@ParameterizedTest
	@ValueSource(strings = { "JOBS_RUN", "JOBS_MANIFEST" })
	void aVariableWithoutAValueIsNotSet(String variable) {
		try (ConfigurableApplicationContext server = this.start.variable(variable, " ").start()) {
			assertThat(server.isRunning()).isTrue();
			assertThat(server.getEnvironment().matchesProfiles(RunOnce.PROFILE)).isFalse();
		}
	}

	@Test
	void aFailedAttemptIsFollowedByThatOfAWorker() {
		assertThat(this.start.with("--jobs.run=probe.fail").run()).isZero();
		assertThat(this.start.keeper.sent.get(0).message().attempt()).isEqualTo(2);
	}

	@Test
	void saysWhatToDoWhereNothingRunsAFailedAttemptAgain(CapturedOutput output) {
		long start = System.nanoTime();
		this.start.with("--jobs.backend=local", "--jobs.run=probe.fail");
		assertThat(this.start.run()).isEqualTo(RunOnce.EXIT_RELEASED);
		assertThat(output)
			.contains("Job 'probe.fail' is not done, and nothing runs it again: backend 'local' of queue "
					+ "'probes' has not taken what would. Run it again when the cause is mended, or set "
					+ "'jobs.queues.probes.backend' to a backend that keeps messages")
			.doesNotContain("could not be sent");
		assertThat(System.nanoTime() - start).isLessThan(60_000_000_000L);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			probe.sey       | ["a"]   | did you mean 'probe.say'?
			probe.say       | []      | fewer
			probe.say       | ["a",1] | more
			probe.say       | "a"     | are no JSON array
			probe.say       | ["a"    | JSON
			${nobody}       | ["a"]   | ${nobody}
			""")
	void whatCannotBeRunIsOneLine(String job, String args, String said, CapturedOutput output) {
		assertThat(this.start.with("--jobs.run=" + job, "--jobs.args=" + args).run()).isEqualTo(RunOnce.EXIT_NEVER);
		assertThat(output.getAll().lines().filter((line) -> line.contains("ERROR"))).singleElement()
			.asString()
			.contains("Nothing was run: ", said);
		assertThat(output).doesNotContain("\tat ");
		assertThat(this.probe.said).isEmpty();
	}

	@Test
	void argumentsThatAreNotGivenAreFewer(CapturedOutput output) {
		assertThat(this.start.with("--jobs.run=probe.say").run()).isEqualTo(RunOnce.EXIT_NEVER);
		assertThat(output).contains("Nothing was run: ").contains("fewer");
	}

	@Test
	void printsTheManifestOfWhatWouldBeSent() {
		this.start.bean("printer", new KeeperPrinter()).with("--jobs.manifest=probe.say", "--jobs.args=[\"${a} ü\"]");
		assertThat(this.start.run()).isZero();
		assertThat(this.start.process.printed()).isEqualTo("kind: Job # [\"${a} ü\"]\n");
		assertThat(this.probe.said).isEmpty();
		assertThat(this.start.keeper.sent).isEmpty();
	}

	@Test
	void saysWhichBackendsHaveManifests(CapturedOutput output) {
		this.start.bean("printer", new KeeperPrinter())
			.with("--jobs.manifest=probe.say", "--jobs.args=[\"a\"]", "--jobs.queues.probes.backend=local");
		assertThat(this.start.run()).isEqualTo(RunOnce.EXIT_NEVER);
		assertThat(output).contains("No manifest: Queue 'probes' of job 'probe.say' is on backend 'local', which sends "
				+ "no manifests: those of 'keeper' can be shown");
		assertThat(this.start.process.printed()).isEmpty();
	}

	@Test
	void anUnknownManifestIsOneLine(CapturedOutput output) {
		assertThat(this.start.with("--jobs.manifest=probe.sey").run()).isEqualTo(RunOnce.EXIT_NEVER);
		assertThat(output).contains("No manifest: ", "did you mean 'probe.say'?").doesNotContain("\tat ");
	}

	private static final class KeeperPrinter implements ManifestPrinter {

		@Override
		public String backend() {
			return "keeper";
		}

		@Override
		public String manifest(JobMessage message) {
			return "kind: Job # " + message.args() + "\n";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
