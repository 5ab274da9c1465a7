package dev.backgroundjobs.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a message where the platform keeps order, and where it keeps what it
 * gives up.
 */
@Timeout(60)
class OrderedDeliveryTests {

	private final Jobs jobs = new Jobs();

	private final RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE.withOrderedQueues());

	private final Pipe pipe = new Pipe(this.jobs, this.platform);

	private final JobMessage message = Pipe.message("jobs.fail", "[]").group("customer-17").build();

	@Test
	void aFailedAttemptIsReleasedSoThatNothingOvertakesIt() {
		assertThat(this.pipe.deliver(this.message, 0, Trait.ORDERED)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
	}

	@Test
	void redeliveriesAreAttempts() {
		for (int i = 0; i < 4; i++) {
			assertThat(this.pipe.deliver(this.message, i, Trait.ORDERED)).isEqualTo(Settlement.RELEASED);
		}
		assertThat(this.pipe.deliver(this.message, 4, Trait.ORDERED)).isEqualTo(Settlement.DEAD);
		assertThat(this.jobs.attempts).containsExactly(1, 2, 3, 4, 5);
		assertThat(this.pipe.events(DeadJobEvent.class)).hasSize(1);
	}

	@Test
	void aMessageThatOnlyOutagesHaveReleasedGetsARunBeforeItIsDead() {
		assertThat(this.pipe.deliver(this.message, 9, Trait.ORDERED)).isEqualTo(Settlement.DEAD);
		assertThat(this.jobs.attempts).containsExactly(5);
	}

	@Test
	void aDeadMessageGoesToItsTargetSoThatTheGroupMovesOn() {
		Pipe pipe = new Pipe(this.jobs, List.of(this.platform),
				Map.of("default", new QueueSettings(null, null, "dead")), ProcessorSettings.DEFAULTS, List.of());
		assertThat(pipe.deliver(this.message, 4, Trait.ORDERED, Trait.DEAD_LETTERED)).isEqualTo(Settlement.DEAD_KEPT);
		assertThat(this.platform.only().destination()).isEqualTo("dead");
		assertThat(this.platform.only().group()).isEqualTo("customer-17");
	}

	@Test
	void aRetryThatAsksForAWaitIsReleasedToo() {
		JobMessage message = Pipe.message("jobs.retryLater", "[]").build();
		assertThat(this.pipe.deliver(message, 0, Trait.ORDERED)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
	}

	@Test
	void anUnknownJobIsReleased() {
		JobMessage message = Pipe.message("jobs.ofTheNextVersion", "[]").build();
		assertThat(this.pipe.deliver(message, 0, Trait.ORDERED)).isEqualTo(Settlement.RELEASED_UNKNOWN);
		assertThat(this.platform.sent).isEmpty();
	}

	@Test
	void withoutOrderRedeliveriesAreNoAttempts() {
		RecordingBackend backend = new RecordingBackend("platform", Pipe.CAPABLE);
		Pipe pipe = new Pipe(this.jobs, backend);
		assertThat(pipe.deliver(this.message, 7)).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.attempts).containsExactly(1);
		assertThat(backend.only().group()).isEqualTo("customer-17");
	}

	@Test
	void aDeadJobIsReleasedWhereThePlatformKeepsWhatItGivesUpAndIsNotRunAgain() {
		JobMessage last = Pipe.message("jobs.fail", "[]").attempt(5).build();
		for (int i = 0; i < 3; i++) {
			assertThat(this.pipe.deliver(last, i, Trait.DEAD_LETTERED)).isEqualTo(Settlement.DEAD_RELEASED);
		}
		assertThat(this.jobs.attempts).containsExactly(5);
		assertThat(this.pipe.events(DeadJobEvent.class)).hasSize(1);
	}

	@Test
	void aDeadJobThatAPersonMovesBackIsRunAgain() {
		JobMessage last = Pipe.message("jobs.fail", "[]").attempt(5).build();
		for (int i = 0; i < 3; i++) {
			this.pipe.deliver(last, i, Trait.DEAD_LETTERED);
		}
		// The platform counts what is published again from the start.
		assertThat(this.pipe.deliver(last, 0, Trait.DEAD_LETTERED)).isEqualTo(Settlement.DEAD_RELEASED);
		assertThat(this.pipe.deliver(last, 1, Trait.DEAD_LETTERED)).isEqualTo(Settlement.DEAD_RELEASED);
		assertThat(this.jobs.attempts).containsExactly(5, 5);
	}

	static class Jobs {

		final List<Integer> attempts = new ArrayList<>();

		@BackgroundJob
		void fail() {
			this.attempts.add(JobContext.current().attempt());
			throw new IllegalStateException("on purpose");
		}

		@BackgroundJob
		void retryLater() {
			throw new RetryJobException("later", Duration.ofMinutes(5));
		}

	}

}
