package dev.backgroundjobs.adapter.runonce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of the message, and which exit code says so.
 */
@ExtendWith(OutputCaptureExtension.class)
class RunOnceOutcomesTests {

	private final OnceStart start = new OnceStart(Application.class);

	@TempDir
	Path directory;

	@Test
	void aJobThatIsDoneEndsWithZero() {
		assertThat(run("probe.say", "[\"hello\"]")).isZero();
		assertThat(this.start.keeper.sent).isEmpty();
	}

	@Test
	void theProcessEndsOnceAndItsContextIsClosed() {
		assertThat(this.start.message(Probe.message("probe.say", "[\"a\"]")).start().isActive()).isFalse();
		assertThat(this.start.process.exits()).isOne();
	}

	@Test
	void aDiscardedJobEndsWithZero() {
		assertThat(run("probe.discard", "[]")).isZero();
	}

	@Test
	void aFailedAttemptEndsWithZeroOnceItsSuccessorIsSent() {
		assertThat(run("probe.fail", "[]")).isZero();
		JobMessage successor = this.start.keeper.sent.get(0).message();
		assertThat(successor.deliveryKey()).isEqualTo(Probe.ID + ":1");
		assertThat(successor.attempt()).isEqualTo(2);
	}

	@Test
	void aFailedAttemptIsReleasedWhereItsSuccessorCannotBeSent() {
		this.start.keeper.before = (message) -> {
			throw new IllegalStateException("unreachable");
		};
		assertThat(run("probe.fail", "[]")).isEqualTo(RunOnce.EXIT_RELEASED);
	}

	@Test
	void aFailedAttemptIsReleasedWhereItsQueueWouldForgetItsSuccessor() {
		this.start.with("--jobs.queues.probes.backend=local");
		assertThat(run("probe.fail", "[]")).isEqualTo(RunOnce.EXIT_RELEASED);
	}

	@Test
	void aDeadJobThatIsKeptNowhereIsNeverRunAgain() {
		assertThat(run("probe.die", "[]")).isEqualTo(RunOnce.EXIT_NEVER);
	}

	@Test
	void aDeadJobThatIsKeptEndsWithZero() {
		this.start.with("--jobs.queues.probes.dead-letter=graves");
		assertThat(run("probe.die", "[]")).isZero();
		assertThat(this.start.keeper.sent.get(0).message().destination()).isEqualTo("graves");
	}

	@Test
	void whatIsNoMessageIsNeverRunAgain() {
		assertThat(this.start.message("nonsense").run()).isEqualTo(RunOnce.EXIT_NEVER);
	}

	@Test
	void anEmptyVariableIsNoMessageAndStartsNoServer() {
		assertThat(this.start.message("").run()).isEqualTo(RunOnce.EXIT_NEVER);
	}

	@Test
	void anUntrustedMessageIsNeverRunAgain() {
		this.start.with("--jobs.signing.required=true", "--jobs.signing.key-id=k1",
				"--jobs.signing.keys.k1=" + TestKeys.secret("k1"));
		assertThat(run("probe.say", "[\"a\"]")).isEqualTo(RunOnce.EXIT_NEVER);
	}

	@Test
	void aMessageOfAnUnknownJobIsPutOff() {
		assertThat(run("probe.nobody", "[]")).isZero();
		assertThat(this.start.keeper.sent.get(0).message().unknown()).isOne();
	}

	@Test
	void aMessageOfAnUnknownJobIsReleasedWhereItsQueueCannotDelay() {
		this.start.with("--jobs.queues.probes.backend=inline");
		String young = Probe.message("probe.nobody", "[]")
			.replaceFirst("2026-01-02T03:04:05.678Z", Instant.now().toString());
		assertThat(this.start.message(young).run()).isEqualTo(RunOnce.EXIT_RELEASED);
	}

	@Test
	void readsTheMessageOfAFile() throws IOException {
		Path file = Files.writeString(this.directory.resolve("message"), Probe.message("probe.fail", "[]"));
		assertThat(this.start.variable(RunOnce.MESSAGE_FILE, file.toString()).run()).isZero();
		assertThat(this.start.keeper.sent).hasSize(1);
	}

	@Test
	void aFileThatIsMissingReleasesWithALine(CapturedOutput output) {
		assertThat(this.start.variable(RunOnce.MESSAGE_FILE, "/nowhere/message").run())
			.isEqualTo(RunOnce.EXIT_RELEASED);
		assertThat(output)
			.contains("The message is released: the file that variable 'JOBS_MESSAGE_FILE' names cannot "
					+ "be read: java.nio.file.NoSuchFileException: /nowhere/message")
			.doesNotContain("\tat ");
	}

	@Test
	void aRunnerThatFailsEndsWithOneAndNothingIsRun() {
		this.start.bean("failing", (ApplicationRunner) (args) -> {
			throw new IllegalStateException("on purpose");
		});
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> run("probe.fail", "[]"));
		assertThat(this.start.process.code()).isOne();
		assertThat(this.start.keeper.sent).isEmpty();
	}

	@Test
	void anErrorOfThePipeReleases() {
		this.start.keeper.before = (message) -> {
			throw new NoClassDefFoundError("on purpose");
		};
		assertThat(run("probe.fail", "[]")).isEqualTo(RunOnce.EXIT_RELEASED);
		assertThat(this.start.process.exits()).isOne();
	}

	private int run(String job, String args) {
		return this.start.message(Probe.message(job, args)).run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Probe probe() {
			return new Probe();
		}

	}

}
