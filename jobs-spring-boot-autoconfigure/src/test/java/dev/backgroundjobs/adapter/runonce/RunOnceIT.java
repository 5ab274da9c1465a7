package dev.backgroundjobs.adapter.runonce;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes, which end as the platform would see it.
 */
class RunOnceIT {

	private final OnceJvm process = new OnceJvm(OnceApplication.class).with("-Djobs.backend=printer",
			"-Dspring.lifecycle.timeout-per-shutdown-phase=6s", "-Dserver.port=0", "-Dspring.main.banner-mode=off");

	@TempDir
	Path directory;

	@AfterEach
	void end() {
		this.process.close();
	}

	@Test
	void endsWithZeroWhenTheJobIsDone() throws Exception {
		assertThat(run("jobs.say", "[\"a\"]").exit()).as(this.process.output()).isZero();
		assertThat(this.process.output())
			.containsSubsequence("ready", "said 61", "Settled as done: exit code 0", "closing", "backend closed")
			.doesNotContain("Tomcat");
	}

	@Test
	void readsWhatTheLocaleOfAnImageLoses() throws Exception {
		String text = "Zürich? 東京 \uD83D\uDE80 $(X) ${PATH} 'a' \\\"b\\\" \\\\n";
		this.process.variable("LC_ALL", "C");
		assertThat(run("jobs.say", "[\"" + text + "\"]").exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).contains("said " + hex("Zürich? 東京 \uD83D\uDE80 $(X) ${PATH} 'a' \"b\" \\n"));
	}

	@Test
	void readsTypedArgumentsThatTheLocaleOfAnImageLoses() throws Exception {
		this.process.variable("LC_ALL", "C").start("--jobs.run=jobs.say", "--jobs.args=[\"Zürich?\"]");
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).contains("said " + hex("Zürich?"));
	}

	@Test
	void endsWithTheCodeOfReleaseWhenTheSuccessorCannotBeSent() throws Exception {
		this.process.with("-Dtest.unreachable=true");
		assertThat(run("jobs.fail", "[]").exit()).isEqualTo(RunOnce.EXIT_RELEASED);
	}

	@Test
	void aThreadOfTheApplicationDoesNotKeepTheProcess() throws Exception {
		assertThat(run("jobs.leaveAThread", "[]").exit()).as(this.process.output()).isZero();
	}

	@Test
	void anApplicationThatDoesNotStartEndsWithOne() throws Exception {
		this.process.with("-Djobs.queues.probes.backend=nobody");
		assertThat(run("jobs.say", "[\"a\"]").exit()).isOne();
		assertThat(this.process.output()).contains("APPLICATION FAILED TO START").doesNotContain("This process ends");
	}

	@Test
	void aThreadDoesNotKeepAnApplicationThatDoesNotStart() throws Exception {
		this.process.with("-Djobs.queues.probes.backend=nobody", "-Dtest.leaves-a-thread=true");
		assertThat(run("jobs.say", "[\"a\"]").exit()).isOne();
		assertThat(this.process.output()).contains("APPLICATION FAILED TO START").doesNotContain("This process ends");
	}

	@Test
	void anApplicationWithoutJobsDoesNotSettleTheMessage() throws Exception {
		this.process.with("-Dspring.autoconfigure.exclude=" + RunOnceAutoConfiguration.class.getName());
		assertThat(run("jobs.say", "[\"a\"]").exit()).isEqualTo(RunOnce.EXIT_RELEASED);
		assertThat(this.process.output())
			.contains("This process ends before it has done what it was started for: exit code 75");
	}

	@Test
	void aJobThatEndsTheProcessIsReleased() throws Exception {
		assertThat(run("jobs.exit", "[]").exit()).isEqualTo(RunOnce.EXIT_RELEASED);
	}

	@Test
	void aJobThatIsToldToStopIsEnqueuedAgainAsItWas() throws Exception {
		run("jobs.sleep", "[]").await("sleeping").terminate();
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).containsSubsequence("is interrupted by the shutdown and enqueued again",
				"sent " + Probe.ID + ":1 attempt 1 interruptions 1", "Settled as replaced: exit code 0",
				"backend closed");
	}

	@Test
	void aJobIsToldToStopWhereTheApplicationWantsNoShutdownHook() throws Exception {
		this.process.with("-Dspring.main.register-shutdown-hook=false");
		run("jobs.sleep", "[]").await("sleeping").terminate();
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).contains("sent " + Probe.ID + ":1", "backend closed");
	}

	@Test
	void hooksOfOthersTakeTheTimeTheyNeed() throws Exception {
		assertThat(run("jobs.leaveAHook", "[]").exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).containsSubsequence("backend closed", "hook ended");
	}

	@Test
	void aJobThatIsToldToStopTwiceIsEnqueuedOnce() throws Exception {
		run("jobs.sleep", "[]").await("sleeping").terminate().await("closing").terminate();
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).containsOnlyOnce("sent ");
	}

	@Test
	void anIterationThatIsToldToStopGoesOnInTheNextProcess() throws Exception {
		run("jobs.walk", "[]").await("item 5").terminate();
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).contains("stops after", "sent " + Probe.ID + ":1 attempt 1 interruptions 0");
	}

	@Test
	void aJobThatDoesNotStopIsReleased() throws Exception {
		run("jobs.hang", "[]").await("hanging").terminate();
		assertThat(this.process.exit()).as(this.process.output()).isEqualTo(RunOnce.EXIT_RELEASED);
		assertThat(this.process.output())
			.contains("interrupted in vain",
					"The message was not settled within 5700 ms of the shutdown, and is released")
			.doesNotContain("sent ");
	}

	@Test
	void whatIsSettledStaysSettledWhenTheProcessIsToldToStop() throws Exception {
		this.process.with("-Dtest.closes-slowly=true");
		run("jobs.say", "[\"a\"]").await("closing").terminate();
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).containsOnlyOnce("closing");
	}

	@Test
	void nothingIsRunWhenTheProcessIsToldToStopBefore() throws Exception {
		this.process.with("-Dlogging.level.org.springframework.boot=debug");
		run("jobs.say", "[\"a\"]").await("Starting OnceApplication").terminate();
		assertThat(this.process.exit()).as(this.process.output()).isIn(1, RunOnce.EXIT_RELEASED);
		assertThat(this.process.output()).doesNotContain("said");
	}

	@Test
	void aKilledProcessSettlesNothing() throws Exception {
		run("jobs.sleep", "[]").await("sleeping").kill();
		assertThat(this.process.exit()).isEqualTo(128 + 9);
		assertThat(this.process.output()).doesNotContain("sent ", "Settled");
	}

	@Test
	void aManifestIsAllThatStandardOutputHas() throws Exception {
		Path logback = Files.writeString(this.directory.resolve("logback.xml"), """
				<configuration>
					<appender name="out" class="ch.qos.logback.core.ConsoleAppender">
						<encoder><pattern>own %msg%n</pattern></encoder>
					</appender>
					<root level="debug"><appender-ref ref="out"/></root>
				</configuration>
				""");
		this.process.with("-Dlogging.config=" + logback).start("--jobs.manifest=jobs.say", "--jobs.args=[\"ü\"]");
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.standardOutput()).isEqualTo("kind: Job # [\"ü\"]\n");
		assertThat(this.process.output()).contains("own ", "ready ");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void aManifestThatCannotBeWrittenIsNoSuccess() throws Exception {
		this.process.writingTo("/dev/full").start("--jobs.manifest=jobs.say", "--jobs.args=[\"ü\"]");
		assertThat(this.process.exit()).as(this.process.output()).isEqualTo(RunOnce.EXIT_RELEASED);
		assertThat(this.process.output()).contains("Standard output takes no more");
	}

	@Test
	void whatIsNoManifestLeavesStandardOutputEmpty() throws Exception {
		this.process.start("--jobs.manifest=jobs.sey");
		assertThat(this.process.exit()).isEqualTo(RunOnce.EXIT_NEVER);
		assertThat(this.process.standardOutput()).isEmpty();
		assertThat(this.process.output()).contains("No manifest: ", "did you mean 'jobs.say'?");
	}

	@Test
	void linesOfAsynchronousLogsAreThere() throws Exception {
		Path logback = Files.writeString(this.directory.resolve("logback.xml"), """
				<configuration>
					<appender name="out" class="ch.qos.logback.core.ConsoleAppender">
						<encoder><pattern>own %msg%n</pattern></encoder>
					</appender>
					<appender name="later" class="ch.qos.logback.classic.AsyncAppender">
						<appender-ref ref="out"/>
					</appender>
					<root level="info"><appender-ref ref="later"/></root>
				</configuration>
				""");
		this.process.with("-Dlogging.config=" + logback);
		run("jobs.sleep", "[]").await("sleeping").terminate();
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).contains("own Settled as replaced: exit code 0");
	}

	private OnceJvm run(String job, String args) throws Exception {
		return this.process.message(Probe.message(job, args)).start();
	}

	private static String hex(String text) {
		return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
	}

}
