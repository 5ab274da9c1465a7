package dev.backgroundjobs.history;

import dev.backgroundjobs.history.HistoryEvent.Outcome;
import dev.backgroundjobs.history.HistoryEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the judgement of jobs that are lost, and of what looks like it.
 */
class LostJobsTests {

	private final HandMadeHistory history = new HandMadeHistory();

	@Test
	void findsAnAcceptedJobThatThePlatformNeverTook() {
		this.history.asked("a").add(Type.ACCEPTED, "a", -1, 0, "");
		assertThat(this.history.verdicts()).containsExactly(Verdict.LOST);
	}

	@Test
	void findsAJobAcknowledgedBeforeItsRunWasKilled() {
		this.history.enqueued("a").started("a", 0, 1).acknowledged("a", 0).killed();
		assertThat(this.history.verdicts()).containsExactly(Verdict.LOST);
	}

	@Test
	void findsAFailedAttemptAcknowledgedWithoutASuccessor() {
		this.history.enqueued("a").failed("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.LOST);
	}

	@Test
	void findsAFailedLastAttemptAcknowledgedWithoutADeadCopy() {
		this.history.enqueued("a")
			.failed("a", 0, 1)
			.taken("a", 1)
			.acknowledged("a", 0)
			.failed("a", 1, 2)
			.acknowledged("a", 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.LOST);
	}

	@Test
	void passesADeadJobThatIsKept() {
		this.history.enqueued("a")
			.failed("a", 0, 1)
			.taken("a", 1)
			.acknowledged("a", 0)
			.failed("a", 1, 2)
			.kept("a", 2)
			.acknowledged("a", 1);
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void passesADiscardedJob() {
		this.history.enqueued("a").started("a", 0, 1).ended("a", 0, Outcome.DISCARDED).acknowledged("a", 0);
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void passesAJobWhoseCallerWasNotTold() {
		this.history.asked("a").killed();
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void passesAJobRunAgainAfterACrash() {
		this.history.enqueued("a").started("a", 0, 1).killed().in("p2").done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).isEmpty();
	}

}
