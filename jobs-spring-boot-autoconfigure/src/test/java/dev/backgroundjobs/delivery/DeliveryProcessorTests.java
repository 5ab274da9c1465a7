package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.delivery.ProcessorSettings.LogDeadMessage;
import dev.backgroundjobs.delivery.ProcessorSettings.SigningRequired;
import dev.backgroundjobs.delivery.RecordingBackend.DeadProcess;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.execution.DiscardedJobEvent;
import dev.backgroundjobs.execution.ExpiredJobEvent;
import dev.backgroundjobs.execution.JobProgressEvent;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.message.JobError;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What {@code semantics.md} says of every message, at the point where it could break.
 */
@Timeout(60)
class DeliveryProcessorTests {

	private final Jobs jobs = new Jobs();

	private final RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE);

	private final Pipe pipe = new Pipe(this.jobs, this.platform);

	@Test
	void acknowledgesAJobThatIsDone() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.work", "[\"a\"]").build())).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.ran).containsExactly("a");
		assertThat(this.platform.sent).isEmpty();
	}

	@Test
	void runsAMessageOnceThatComesAgainAfterItsEnd() {
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]").build();
		this.pipe.deliver(message);
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.DUPLICATE);
		assertThat(this.jobs.ran).containsExactly("a");
	}

	@Test
	void releasesAMessageThatIsBeingRun() throws Exception {
		JobMessage message = Pipe.message("jobs.block", "[]").build();
		CompletableFuture<Settlement> first = CompletableFuture.supplyAsync(() -> this.pipe.deliver(message));
		this.jobs.blocked.await();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.BUSY);
		this.jobs.unblock.countDown();
		assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.ran).containsExactly("blocked");
	}

	@Test
	void replacesAFailedAttemptByTheNext() {
		JobMessage message = Pipe.message("jobs.fail", "[\"x\"]").priority(3).build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.REPLACED);
		JobMessage successor = this.platform.only();
		assertThat(successor.id()).isEqualTo(message.id());
		assertThat(successor.seq()).isEqualTo(1);
		assertThat(successor.attempt()).isEqualTo(2);
		assertThat(successor.args()).isEqualTo("[\"x\"]");
		assertThat(successor.priority()).isEqualTo(3);
		assertThat(successor.enqueuedAt()).isEqualTo(message.enqueuedAt());
		assertThat(successor.error()).isEqualTo(new JobError("java.lang.IllegalStateException", "failed"));
		assertThat(successor.runAt()).isBetween(Pipe.NOW.plusMillis(2550), Pipe.NOW.plusMillis(3450));
		assertThat(this.platform.times).containsExactly(successor.runAt());
	}

	@Test
	void waitsTwiceAsLongAfterEveryAttempt() {
		this.pipe.deliver(Pipe.message("jobs.fail", "[\"x\"]").attempt(4).build());
		assertThat(this.platform.only().runAt()).isBetween(Pipe.NOW.plusMillis(20_400), Pipe.NOW.plusMillis(27_600));
	}

	@Test
	void neverWaitsLongerThanTheLongestWait() {
		this.pipe.deliver(Pipe.message("jobs.failOften", "[]").attempt(90).build());
		assertThat(this.platform.only().runAt()).isBetween(Pipe.NOW.plusMillis(51 * 60_000),
				Pipe.NOW.plusMillis(69 * 60_000));
	}

	@Test
	void waitsAsLongAsTheJobAsks() {
		this.pipe.deliver(Pipe.message("jobs.retryIn", "[\"PT7M\"]").build());
		assertThat(this.platform.only().runAt()).isEqualTo(Pipe.NOW.plusSeconds(420));
	}

	@Test
	void retriesAtOnceIfTheJobAsks() {
		this.pipe.deliver(Pipe.message("jobs.retryIn", "[\"PT0S\"]").build());
		assertThat(this.platform.only().runAt()).isNull();
		assertThat(this.platform.times).containsOnlyNulls();
	}

	@Test
	void keepsUnknownFieldsAndArgumentsAsTheyCame() {
		String json = """
				{"v":1,"id":"01a20188-6a28-71f0-afe3-49c324578c12","seq":0,"job":"jobs.fail","queue":"default",
				"args":["1\\u00e9"],"attempt":1,"enqueuedAt":"2026-06-01T12:00:00.000Z","later":{"n":1.10,"s":[1e400]}}""";
		this.pipe.deliver(json);
		assertThat(this.platform.only().args()).isEqualTo("[\"1\\u00e9\"]");
		assertThat(this.pipe.json(this.platform.only())).contains("\"later\":{\"n\":1.10,\"s\":[1e400]}");
	}

	@Test
	void triesToSendTheSuccessorAgain() {
		this.platform.failuresToCome = 2;
		assertThat(this.pipe.deliver(Pipe.message("jobs.fail", "[\"x\"]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent).hasSize(1);
	}

	@Test
	void releasesWhenTheSuccessorCannotBeSentAndRunsTheRedelivery() {
		this.platform.failuresToCome = Integer.MAX_VALUE;
		JobMessage message = Pipe.message("jobs.fail", "[\"x\"]").build();
		Instant deadline = this.pipe.clock.instant().plusMillis(300);
		assertThat(this.pipe.deliver(message, deadline, new Lease())).isEqualTo(Settlement.RELEASED);
		this.platform.failuresToCome = 0;
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.ran).hasSize(2);
	}

	@Test
	void sendsOneSuccessorWhenTheProcessDiesBetweenItAndTheAnswer() {
		JobMessage message = Pipe.message("jobs.fail", "[\"x\"]").build();
		this.platform.loseAnswer = true;
		assertThatExceptionOfType(DeadProcess.class).isThrownBy(() -> this.pipe.deliver(message));
		this.platform.loseAnswer = false;
		Pipe restarted = new Pipe(this.jobs, this.platform);
		assertThat(restarted.deliver(message)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent).hasSize(1);
	}

	@Test
	void runsAgainWhenTheProcessDiesAfterTheRun() {
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]").build();
		this.pipe.deliver(message);
		Pipe restarted = new Pipe(this.jobs, this.platform);
		assertThat(restarted.deliver(message)).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.ran).containsExactly("a", "a");
	}

	@Test
	void keepsADeadJobBeforeItSaysSo() {
		Pipe pipe = withDeadLetter(ProcessorSettings.DEFAULTS);
		JobMessage message = Pipe.message("jobs.fail", "[\"x\"]")
			.attempt(5)
			.runAt(Pipe.NOW)
			.expiresAt(Pipe.NOW.plusSeconds(60))
			.build();
		assertThat(pipe.deliver(message)).isEqualTo(Settlement.DEAD_KEPT);
		JobMessage copy = this.platform.only();
		assertThat(copy.destination()).isEqualTo("dead");
		assertThat(copy.queue()).isEqualTo("default");
		assertThat(copy.attempt()).isEqualTo(1);
		assertThat(copy.seq()).isEqualTo(1);
		assertThat(copy.runAt()).isNull();
		assertThat(copy.expiresAt()).isNull();
		assertThat(copy.error()).isNotNull();
		assertThat(pipe.events(DeadJobEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.keptIn()).isEqualTo("dead"));
	}

	@Test
	void runsADeadCopyThatAPersonMovesBackAsItIs() {
		Pipe pipe = withDeadLetter(ProcessorSettings.DEFAULTS);
		pipe.deliver(Pipe.message("jobs.fail", "[\"x\"]").attempt(5).build());
		String moved = pipe.json(this.platform.only());
		assertThat(pipe.deliver(moved)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent.get(1).attempt()).isEqualTo(2);
		assertThat(this.platform.sent.get(1).destination()).isEqualTo("default");
	}

	@Test
	void releasesADeadJobThatCannotBeKept() {
		Pipe pipe = withDeadLetter(ProcessorSettings.DEFAULTS);
		this.platform.failuresToCome = Integer.MAX_VALUE;
		JobMessage message = Pipe.message("jobs.fail", "[\"x\"]").attempt(5).build();
		assertThat(pipe.deliver(message, Pipe.NOW.plusMillis(200), new Lease())).isEqualTo(Settlement.RELEASED);
		assertThat(pipe.events(DeadJobEvent.class)).isEmpty();
	}

	@Test
	void acknowledgesADeadJobThatHasNoPlace() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.fail", "[\"x\"]").attempt(5).build()))
			.isEqualTo(Settlement.DEAD);
		assertThat(this.platform.sent).isEmpty();
		assertThat(this.pipe.events(DeadJobEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.cause()).hasMessage("failed"));
	}

	@Test
	void discardsWhatTheJobNeverWantsAgain() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.discard", "[]").build())).isEqualTo(Settlement.DONE);
		assertThat(this.platform.sent).isEmpty();
		assertThat(this.pipe.events(DiscardedJobEvent.class)).hasSize(1);
		assertThat(this.pipe.events(DeadJobEvent.class)).isEmpty();
	}

	@Test
	void goesByTheDeclaredTypeClosestToTheFailure() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.rules", "[\"io\"]").build())).isEqualTo(Settlement.DONE);
		assertThat(this.pipe.deliver(Pipe.message("jobs.rules", "[\"connect\"]").build()))
			.isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.deliver(Pipe.message("jobs.rules", "[\"other\"]").build())).isEqualTo(Settlement.DEAD);
	}

	@Test
	void retriesAnErrorToo() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.overflow", "[0]").build())).isEqualTo(Settlement.REPLACED);
	}

	@Test
	void countsArgumentsThatDoNotFitAsAFailedAttempt() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.work", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.deliver(Pipe.message("jobs.work", "[1]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.deliver(Pipe.message("jobs.work", "[\"a\",\"b\"]").build()))
			.isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.ran).isEmpty();
		assertThat(this.platform.sent.get(1).error()).isNotNull();
	}

	@Test
	void hopsWhenAMessageComesTooEarly() {
		Instant runAt = Pipe.NOW.plusSeconds(60);
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]").runAt(runAt).build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().runAt()).isEqualTo(runAt);
		assertThat(this.platform.only().seq()).isEqualTo(1);
		assertThat(this.platform.only().attempt()).isEqualTo(1);
		assertThat(this.platform.times).containsExactly(runAt);
		assertThat(this.jobs.ran).isEmpty();
	}

	@Test
	void hopsAsFarAsThePlatformCanWait() {
		Instant runAt = Pipe.NOW.plus(Duration.ofDays(45));
		this.pipe.deliver(Pipe.message("jobs.work", "[\"a\"]").runAt(runAt).build());
		assertThat(this.platform.times).containsExactly(Pipe.NOW.plus(Duration.ofDays(30)));
		this.pipe.clock.advance(Duration.ofDays(30));
		this.pipe.deliver(this.platform.sent.get(0));
		assertThat(this.platform.times).last().isEqualTo(runAt);
		this.pipe.clock.advance(Duration.ofDays(15));
		assertThat(this.pipe.deliver(this.platform.sent.get(1))).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.ran).containsExactly("a");
	}

	@Test
	void runsAMessageThatComesALittleEarly() {
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]").runAt(Pipe.NOW.plusSeconds(2)).build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.DONE);
	}

	@Test
	void passesARelayOnToTheBackendOfItsQueue() {
		RecordingBackend instant = new RecordingBackend("instant", BackendCapabilities.none().withDurable());
		Pipe pipe = new Pipe(this.jobs, List.of(instant, this.platform),
				Map.of("default", new QueueSettings("instant", "platform", null)), ProcessorSettings.DEFAULTS,
				List.of());
		Instant runAt = Pipe.NOW.plusSeconds(60);
		JobMessage relay = Pipe.message("jobs.work", "[\"a\"]").runAt(runAt).relay(true).build();
		assertThat(pipe.deliver(relay)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().relay()).isTrue();
		assertThat(instant.sent).isEmpty();
		pipe.clock.advance(Duration.ofSeconds(60));
		assertThat(pipe.deliver(this.platform.only())).isEqualTo(Settlement.REPLACED);
		assertThat(instant.only().relay()).isFalse();
		assertThat(this.jobs.ran).isEmpty();
		assertThat(pipe.deliver(instant.only())).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.ran).containsExactly("a");
	}

	@Test
	void retriesAtOnceWhereNothingCanWait() {
		RecordingBackend instant = new RecordingBackend("instant", BackendCapabilities.none().withDurable());
		Pipe pipe = new Pipe(this.jobs, instant);
		assertThat(pipe.deliver(Pipe.message("jobs.fail", "[\"x\"]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(instant.only().attempt()).isEqualTo(2);
		assertThat(instant.only().runAt()).isNull();
	}

	@Test
	void neverRunsAMessageEarlyWhereNothingCanWait() {
		RecordingBackend instant = new RecordingBackend("instant", BackendCapabilities.none().withDurable());
		Pipe pipe = new Pipe(this.jobs, instant);
		assertThat(pipe.deliver(Pipe.message("jobs.work", "[\"a\"]").runAt(Pipe.NOW.plusSeconds(60)).build()))
			.isEqualTo(Settlement.RELEASED);
		assertThat(instant.sent).isEmpty();
		assertThat(this.jobs.ran).isEmpty();
	}

	@Test
	void putsAnUnknownJobOff() {
		JobMessage message = Pipe.message("jobs.removed", "[{\"a\":1.0}]").build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.REPLACED);
		JobMessage successor = this.platform.only();
		assertThat(successor).usingRecursiveComparison().ignoringFields("seq", "unknown").isEqualTo(message);
		assertThat(successor.seq()).isEqualTo(1);
		assertThat(successor.unknown()).isEqualTo(1);
		assertThat(this.platform.times).containsExactly(Pipe.NOW.plusSeconds(30));
	}

	@Test
	void givesAnUnknownJobUpAfterFortyDeferrals() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.removed", "[]").unknown(39).build()))
			.isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.deliver(Pipe.message("jobs.removed", "[]").unknown(40).build()))
			.isEqualTo(Settlement.DEAD);
	}

	@Test
	void releasesAnUnknownJobWhereNothingCanWaitUntilItIsADayOld() {
		Pipe pipe = new Pipe(this.jobs, new RecordingBackend("instant", BackendCapabilities.none().withDurable()));
		JobMessage message = Pipe.message("jobs.removed", "[]").build();
		assertThat(pipe.deliver(message)).isEqualTo(Settlement.RELEASED_UNKNOWN);
		pipe.clock.advance(Duration.ofHours(25));
		assertThat(pipe.deliver(message)).isEqualTo(Settlement.DEAD);
	}

	@Test
	void keepsAMessageOfANewerVersionWhole() {
		String json = """
				{"v":2,"id":"01a20188-6a28-71f0-afe3-49c324578c12","seq":4,"job":"jobs.work","queue":"default",
				"args":{"now":"an object"},"attempt":"one","enqueuedAt":"2026-06-01T12:00:00.000Z"}""";
		assertThat(this.pipe.deliver(json)).isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.json(this.platform.only())).contains("\"v\":2", "\"seq\":5", "\"unknown\":1",
				"\"args\":{\"now\":\"an object\"}", "\"attempt\":\"one\"");
		assertThat(this.jobs.ran).isEmpty();
	}

	@Test
	void acknowledgesAJobThatHasExpiredBeforeItsFirstRun() {
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]").expiresAt(Pipe.NOW.minusSeconds(3)).build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.EXPIRED);
		assertThat(this.pipe.events(ExpiredJobEvent.class)).hasSize(1);
		assertThat(this.jobs.ran).isEmpty();
	}

	@Test
	void runsAJobThatExpiresJustNow() {
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]").expiresAt(Pipe.NOW.minusSeconds(2)).build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.DONE);
	}

	@Test
	void doesNotExpireAJobThatHasStarted() {
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]")
			.attempt(2)
			.expiresAt(Pipe.NOW.minusSeconds(60))
			.build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.DONE);
	}

	@Test
	void keepsAnExpiredJobWhereThatIsSet() {
		Pipe pipe = withDeadLetter(new ProcessorSettings(SigningRequired.FALSE, 20, 40, Duration.ofSeconds(2),
				LogDeadMessage.NEVER, true));
		assertThat(pipe.deliver(Pipe.message("jobs.work", "[\"a\"]").expiresAt(Pipe.NOW.minusSeconds(60)).build()))
			.isEqualTo(Settlement.DEAD_KEPT);
	}

	@Test
	void givesAMessageUpThatIsPulledTooOften() {
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]").build();
		assertThat(this.pipe.deliver(message, 20)).isEqualTo(Settlement.DEAD);
		assertThat(this.jobs.ran).isEmpty();
		assertThat(this.pipe.deliver(Pipe.message("jobs.work", "[\"a\"]").build(), 19)).isEqualTo(Settlement.DONE);
	}

	@Test
	void givesAMessageUpThatIsPushedTooOftenOnlyAfterADay() {
		JobMessage message = Pipe.message("jobs.work", "[\"a\"]").build();
		this.pipe.clock.advance(Duration.ofHours(25));
		JobMessage young = Pipe.message("jobs.work", "[\"b\"]").runAt(Pipe.NOW.plus(Duration.ofHours(24))).build();
		assertThat(this.pipe.push(young, 500)).isEqualTo(Settlement.DONE);
		assertThat(this.pipe.push(message, 500)).isEqualTo(Settlement.DEAD);
	}

	@Test
	void handsNothingToABackendThatForgetsSooner() {
		RecordingBackend memory = new RecordingBackend("memory",
				BackendCapabilities.none().withMaxDelay(Duration.ofDays(1)));
		Pipe pipe = new Pipe(this.jobs, memory);
		assertThat(pipe.deliver(Pipe.message("jobs.fail", "[\"x\"]").build())).isEqualTo(Settlement.RELEASED);
		assertThat(pipe.deliver(Pipe.message("jobs.work", "[\"x\"]").runAt(Pipe.NOW.plusSeconds(60)).build()))
			.isEqualTo(Settlement.RELEASED);
		assertThat(pipe.deliver(Pipe.message("jobs.removed", "[]").build())).isEqualTo(Settlement.RELEASED_UNKNOWN);
		assertThat(memory.sent).isEmpty();
	}

	@Test
	void sendsNothingOnceTheLeaseIsLost() throws Exception {
		JobMessage message = Pipe.message("jobs.block", "[]").build();
		Lease lease = new Lease();
		CompletableFuture<Settlement> run = CompletableFuture
			.supplyAsync(() -> this.pipe.deliver(message, null, lease));
		this.jobs.blocked.await();
		lease.lose();
		assertThat(run.get(10, TimeUnit.SECONDS)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
	}

	// Such as one that has waited in hand for the one before it of its group.
	@Test
	void startsNothingWhoseLeaseIsLostAlready() {
		Lease lease = new Lease();
		lease.lose();
		assertThat(this.pipe.deliver(Pipe.message("jobs.work", "[\"a\"]").build(), null, lease))
			.isEqualTo(Settlement.RELEASED);
		assertThat(this.jobs.ran).isEmpty();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void countsARunThatIsStoppedByItsTimeoutAsFailed() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.slow", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().error()).satisfies(
				(error) -> assertThat(error.type()).isEqualTo("dev.backgroundjobs.execution.JobTimeoutException"));
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void countsARunThatSwallowsTheInterruptAsFailed() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.swallow", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().attempt()).isEqualTo(2);
	}

	@Test
	void acknowledgesNothingAfterThePlatformsDeadline() {
		Instant deadline = Pipe.NOW.plusMillis(300);
		assertThat(this.pipe.deliver(Pipe.message("jobs.ignoreInterrupts", "[]").build(), deadline, new Lease()))
			.isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
	}

	@Test
	void enqueuesAJobAgainAsItWasWhenAShutdownStopsIt() throws Exception {
		Settlement settlement = shutdownDuring(Pipe.message("jobs.block", "[]").attempt(2).build());
		assertThat(settlement).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().attempt()).isEqualTo(2);
		assertThat(this.platform.only().interruptions()).isEqualTo(1);
		assertThat(this.platform.only().runAt()).isNull();
	}

	@Test
	void countsTheFifthShutdownAsAnAttempt() throws Exception {
		Settlement settlement = shutdownDuring(Pipe.message("jobs.block", "[]").attempt(2).interruptions(4).build());
		assertThat(settlement).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().attempt()).isEqualTo(3);
		assertThat(this.platform.only().interruptions()).isEqualTo(5);
	}

	@Test
	void sendsNothingOnceTheGraceOfAShutdownIsOver() throws Exception {
		JobMessage message = Pipe.message("jobs.outlast", "[]").build();
		Lease lease = new Lease();
		CompletableFuture<Settlement> run = CompletableFuture
			.supplyAsync(() -> this.pipe.deliver(message, null, lease));
		this.jobs.blocked.await();
		this.pipe.processor.stopRuns(Duration.ofMillis(100));
		await().atMost(Duration.ofSeconds(30)).until(lease::isLost);
		this.jobs.outlasted.countDown();
		assertThat(run.get(30, TimeUnit.SECONDS)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
	}

	private Settlement shutdownDuring(JobMessage message) throws Exception {
		CompletableFuture<Settlement> run = CompletableFuture.supplyAsync(() -> this.pipe.deliver(message));
		this.jobs.blocked.await();
		this.pipe.processor.drain();
		this.pipe.processor.stopRuns(Duration.ofSeconds(2));
		return run.get(10, TimeUnit.SECONDS);
	}

	@Test
	void takesNothingWhileDraining() {
		this.pipe.processor.drain();
		assertThat(this.pipe.deliver(Pipe.message("jobs.work", "[\"a\"]").build())).isEqualTo(Settlement.UNAVAILABLE);
		this.pipe.processor.open();
		assertThat(this.pipe.deliver(Pipe.message("jobs.work", "[\"a\"]").build())).isEqualTo(Settlement.DONE);
	}

	@Test
	void tellsAJobAboutItself() {
		JobMessage message = Pipe.message("jobs.describe", "[]").attempt(3).headers(Map.of("tenant", "t1")).build();
		this.pipe.deliver(message);
		assertThat(this.jobs.ran).containsExactly(
				message.id() + " jobs.describe default 3/5 {tenant=t1} mdc=" + message.id() + "/jobs.describe");
		assertThat(this.pipe.events(JobProgressEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.id()).isEqualTo(message.id());
			assertThat(event.attempt()).isEqualTo(3);
			assertThat(event.processed()).isEqualTo(7);
			assertThat(event.total()).isEqualTo(10L);
		});
		assertThat(MDC.get("jobId")).isNull();
	}

	@Test
	void hasNoContextOutsideAJob() {
		assertThatIllegalStateException().isThrownBy(JobContext::current).withMessageContaining("No job runs");
	}

	@Test
	void surroundsARunByInterceptorsInTheirOrder() {
		List<String> calls = new ArrayList<>();
		Pipe pipe = new Pipe(this.jobs, List.of(this.platform), Map.of(), ProcessorSettings.DEFAULTS,
				List.of((context, run) -> {
					calls.add("a " + context.job());
					run.proceed();
					calls.add("/a");
				}, (context, run) -> {
					calls.add("b");
					run.proceed();
					calls.add("/b");
				}));
		pipe.deliver(Pipe.message("jobs.work", "[\"x\"]").build());
		assertThat(calls).containsExactly("a jobs.work", "b", "/b", "/a");
	}

	@Test
	void countsAnInterceptorThatThrowsAsAFailedAttempt() {
		Pipe pipe = new Pipe(this.jobs, List.of(this.platform), Map.of(), ProcessorSettings.DEFAULTS,
				List.of((context, run) -> {
					throw new IOException("no");
				}));
		assertThat(pipe.deliver(Pipe.message("jobs.work", "[\"x\"]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.ran).isEmpty();
	}

	@Test
	void forgetsTheOldestOfTenThousandFinishedKeys() {
		RecentKeys keys = new RecentKeys(this.pipe.clock);
		for (int i = 0; i <= RecentKeys.MAX_FINISHED; i++) {
			keys.claim("k" + i, 0);
			keys.end("k" + i, 0, Settlement.DONE);
		}
		assertThat(keys.claim("k0", 0)).isEqualTo(RecentKeys.Claim.FREE);
		assertThat(keys.claim("k1", 0)).isEqualTo(RecentKeys.Claim.FINISHED);
		this.pipe.clock.advance(Duration.ofMinutes(61));
		assertThat(keys.claim("k1", 0)).isEqualTo(RecentKeys.Claim.FREE);
	}

	private Pipe withDeadLetter(ProcessorSettings settings) {
		return new Pipe(this.jobs, List.of(this.platform), Map.of("default", new QueueSettings(null, null, "dead")),
				settings, List.of());
	}

	static class Jobs {

		final List<String> ran = new ArrayList<>();

		final CountDownLatch blocked = new CountDownLatch(1);

		final CountDownLatch outlasted = new CountDownLatch(1);

		final CountDownLatch unblock = new CountDownLatch(1);

		private final AtomicInteger runs = new AtomicInteger();

		@BackgroundJob
		void work(String text) {
			this.ran.add(text);
		}

		@BackgroundJob
		void fail(String text) {
			this.ran.add(text);
			throw new IllegalStateException("failed");
		}

		@BackgroundJob(maxAttempts = "1000", backoff = @Backoff(maxDelay = "1h"))
		void failOften() {
			throw new IllegalStateException("failed");
		}

		@BackgroundJob
		void retryIn(Duration after) {
			throw new RetryJobException("later", after);
		}

		@BackgroundJob
		void discard() {
			throw new DiscardJobException("never");
		}

		@BackgroundJob(discardOn = IOException.class, retryOn = ConnectException.class)
		void rules(String kind) throws IOException {
			switch (kind) {
				case "io" -> throw new IOException("io");
				case "connect" -> throw new ConnectException("connect");
				default -> throw new IllegalStateException("other");
			}
		}

		@BackgroundJob
		int overflow(int depth) {
			return overflow(depth + 1) + this.runs.get();
		}

		@BackgroundJob
		void block() throws InterruptedException {
			this.blocked.countDown();
			this.unblock.await();
			this.ran.add("blocked");
		}

		@BackgroundJob(timeout = "100ms")
		void slow() throws InterruptedException {
			this.unblock.await();
		}

		@BackgroundJob(timeout = "100ms")
		void swallow() {
			try {
				this.unblock.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@BackgroundJob
		void ignoreInterrupts() {
			long end = System.nanoTime() + Duration.ofMillis(600).toNanos();
			while (System.nanoTime() < end) {
				Thread.onSpinWait();
			}
		}

		@BackgroundJob
		void outlast() {
			this.blocked.countDown();
			boolean outlasted = false;
			while (!outlasted) {
				try {
					outlasted = this.outlasted.await(1, TimeUnit.MINUTES);
				}
				catch (InterruptedException ex) {
					// Goes on.
				}
			}
		}

		@BackgroundJob
		void describe() {
			JobContext context = JobContext.current();
			context.progress(7, 10L);
			this.ran.add(context.id() + " " + context.job() + " " + context.queue() + " " + context.attempt() + "/"
					+ context.maxAttempts() + " " + context.headers() + " mdc=" + MDC.get("jobId") + "/"
					+ MDC.get("job"));
		}

	}

}
