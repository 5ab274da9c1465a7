package dev.backgroundjobs.delivery;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages that a platform takes back from whoever runs them, or runs no more.
 */
class TakenBackTests {

	private final RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE);

	private final RecordingBackend graveyard = new RecordingBackend("graveyard", Pipe.CAPABLE);

	private final Jobs jobs = new Jobs();

	private Pipe pipe;

	@BeforeEach
	void setUp() {
		this.pipe = new Pipe(
				this.jobs, List.of(this.platform, this.graveyard), Map.of("default",
						new QueueSettings(null, null, "dead"), "dead", new QueueSettings("graveyard", null, null)),
				ProcessorSettings.DEFAULTS, List.of());
	}

	@Test
	void nothingFollowsAFailedAttemptOfAMessageThatWasTakenBack() {
		assertThat(deliver(Pipe.message("jobs.fail", "[]").build(), () -> false)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
	}

	@Test
	void nothingIsKeptOfADeadJobThatWasTakenBack() {
		assertThat(deliver(Pipe.message("jobs.fail", "[]").attempt(5).build(), () -> false))
			.isEqualTo(Settlement.RELEASED);
		assertThat(this.graveyard.sent).isEmpty();
		assertThat(this.pipe.events(DeadJobEvent.class)).isEmpty();
	}

	@Test
	void nothingIsReportedOfADeadJobWithoutAPlaceThatWasTakenBack() {
		Pipe pipe = new Pipe(this.jobs, this.platform);
		JobMessage message = Pipe.message("jobs.fail", "[]").attempt(5).build();
		assertThat(pipe.deliver(message, Pipe.NOW.plusSeconds(1), new Lease(() -> false)))
			.isEqualTo(Settlement.RELEASED);
		assertThat(pipe.events(DeadJobEvent.class)).isEmpty();
		assertThat(pipe.deliver(message, Pipe.NOW.plusSeconds(1), new Lease(() -> {
			throw new JobException("The platform cannot be reached");
		}))).isEqualTo(Settlement.RELEASED);
		assertThat(pipe.deliver(message, Pipe.NOW.plusSeconds(1), new Lease(() -> true))).isEqualTo(Settlement.DEAD);
	}

	@Test
	void whoeverGaveTheLeaseIsAskedOnlyBeforeSomethingReplacesTheMessage() {
		AtomicInteger asked = new AtomicInteger();
		BooleanSupplier owned = () -> asked.incrementAndGet() > 0;
		assertThat(deliver(Pipe.message("jobs.work", "[]").build(), owned)).isEqualTo(Settlement.DONE);
		assertThat(asked).hasValue(0);
		assertThat(deliver(Pipe.message("jobs.fail", "[]").build(), owned)).isEqualTo(Settlement.REPLACED);
		assertThat(asked).hasValue(1);
	}

	@Test
	void aPlatformThatCannotBeAskedAtFirstIsAskedAgain() {
		AtomicInteger asked = new AtomicInteger();
		BooleanSupplier owned = () -> {
			if (asked.incrementAndGet() < 3) {
				throw new JobException("The platform cannot be reached");
			}
			return true;
		};
		assertThat(deliver(Pipe.message("jobs.fail", "[]").build(), owned)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent).hasSize(1);
	}

	@Test
	void aMessageIsReleasedWhenItsPlatformCannotBeAsked() {
		BooleanSupplier owned = () -> {
			throw new JobException("The platform cannot be reached");
		};
		assertThat(deliver(Pipe.message("jobs.fail", "[]").build(), owned)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
	}

	@Test
	void aMessageThatIsTakenBackBetweenTwoTriesIsNotReplaced() {
		this.platform.failuresToCome = 1;
		AtomicBoolean owned = new AtomicBoolean(true);
		assertThat(deliver(Pipe.message("jobs.fail", "[]").build(), () -> owned.getAndSet(false)))
			.isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
	}

	@Test
	void aMessageThatItsPlatformGivesUpIsDeadWithoutARun() {
		JobMessage message = Pipe.message("jobs.work", "[]").build();
		Settlement settlement = giveUp(message);
		assertThat(settlement).isEqualTo(Settlement.DEAD_KEPT);
		assertThat(this.jobs.runs).isZero();
		assertThat(this.graveyard.only().id()).isEqualTo(message.id());
		assertThat(this.graveyard.only().error()).isNotNull();
		assertThat(this.graveyard.only().error().message()).contains("BackoffLimitExceeded");
		assertThat(this.pipe.events(DeadJobEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.reason()).isEqualTo("given up by its platform"));
	}

	@Test
	void aMessageThatIsGivenUpTwiceIsReportedOnce() {
		JobMessage message = Pipe.message("jobs.work", "[]").build();
		giveUp(message);
		assertThat(giveUp(message)).isEqualTo(Settlement.DUPLICATE);
		assertThat(this.pipe.events(DeadJobEvent.class)).hasSize(1);
	}

	@Test
	void aMessageThatIsGivenUpAndCannotBeKeptIsGivenUpAgain() {
		this.graveyard.failuresToCome = 1_000;
		JobMessage message = Pipe.message("jobs.work", "[]").build();
		assertThat(giveUp(message)).isEqualTo(Settlement.RELEASED);
		assertThat(this.pipe.events(DeadJobEvent.class)).isEmpty();
		this.graveyard.failuresToCome = 0;
		assertThat(giveUp(message)).isEqualTo(Settlement.DEAD_KEPT);
	}

	@Test
	void whatIsGivenUpAndIsNoMessageIsUnreadable() {
		assertThat(this.pipe.processor.giveUp(Delivery.pulled(new byte[] { '?' }, "platform", true, 0),
				new JobException("x")))
			.isEqualTo(Settlement.UNREADABLE);
	}

	private Settlement deliver(JobMessage message, BooleanSupplier owned) {
		return this.pipe.deliver(message, Pipe.NOW.plusSeconds(1), new Lease(owned));
	}

	private Settlement giveUp(JobMessage message) {
		Delivery delivery = Delivery.pulled(this.pipe.bytes(message), "platform", true, 0)
			.withDeadline(Pipe.NOW.plusSeconds(1));
		return this.pipe.processor.giveUp(delivery,
				new JobException("BackoffLimitExceeded: Job has reached the specified backoff limit"));
	}

	static class Jobs {

		int runs;

		@BackgroundJob
		void work() {
			this.runs++;
		}

		@BackgroundJob
		void fail() {
			throw new IllegalStateException("no");
		}

	}

}
