package dev.backgroundjobs.history;

import dev.backgroundjobs.history.HistoryEvent.Outcome;
import dev.backgroundjobs.history.HistoryEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the judgement of runs that should not be, and of what looks like it.
 */
class UnexpectedRunsTests {

	private final HandMadeHistory history = new HandMadeHistory();

	@Test
	void findsARunOfWhatNobodyEnqueued() {
		this.history.taken("a", 0).done("a", 0, 1).acknowledged("a", 0);
		assertUnexpected("without having been enqueued");
	}

	@Test
	void findsARunOfAMessageThatThePlatformNeverTook() {
		this.history.enqueued("a").acknowledged("a", 0).done("a", 1, 1);
		assertUnexpected("had not taken");
	}

	@Test
	void findsARunOfAnAcknowledgedMessage() {
		this.history.enqueued("a").acknowledged("a", 0).done("a", 0, 1);
		assertUnexpected("was acknowledged before");
	}

	@Test
	void findsASuccessorOfAJobThatIsDone() {
		this.history.enqueued("a")
			.started("a", 0, 1)
			.ended("a", 0, Outcome.SUCCEEDED)
			.taken("a", 1)
			.acknowledged("a", 0)
			.done("a", 1, 1)
			.acknowledged("a", 1);
		assertUnexpected("after it was finished");
	}

	@Test
	void findsASuccessorOfAJobThatIsDead() {
		this.history.enqueued("a")
			.failed("a", 0, 1)
			.kept("a", 1)
			.acknowledged("a", 0)
			.taken("a", 2)
			.done("a", 2, 2)
			.acknowledged("a", 2);
		assertUnexpected("finished or dead");
	}

	@Test
	void findsARunOfTheDeadCopy() {
		this.history.enqueued("a").failed("a", 0, 1).kept("a", 1).done("a", 1, 1).acknowledged("a", 0);
		assertUnexpected("with its dead copy");
	}

	@Test
	void findsAnAttemptThatNoFailureUsedUp() {
		this.history.enqueued("a")
			.started("a", 0, 1)
			.ended("a", 0, Outcome.INTERRUPTED)
			.taken("a", 1)
			.acknowledged("a", 0)
			.done("a", 1, 2)
			.acknowledged("a", 1);
		assertUnexpected("as the wrong attempt");
	}

	@Test
	void findsARedeliveryAsAnotherAttempt() {
		this.history.enqueued("a")
			.failed("a", 0, 1)
			.taken("a", 1)
			.killed()
			.in("p2")
			.failed("a", 0, 2)
			.acknowledged("a", 0)
			.done("a", 1, 2)
			.acknowledged("a", 1);
		assertUnexpected("as the wrong attempt");
	}

	@Test
	void findsASuccessorWithAnEarlierAttempt() {
		this.history.enqueued("a")
			.failed("a", 0, 1)
			.taken("a", 1)
			.acknowledged("a", 0)
			.started("a", 1, 2)
			.ended("a", 1, Outcome.INTERRUPTED)
			.taken("a", 2)
			.acknowledged("a", 1)
			.done("a", 2, 1)
			.acknowledged("a", 2);
		assertUnexpected("as the wrong attempt");
	}

	@Test
	void findsARunBeforeItsTime() {
		this.history.add(Type.ENQUEUED, "a", -1, 0, "5").taken("a", 0);
		this.history.done("a", 0, 1).acknowledged("a", 0);
		assertUnexpected("before its time");
	}

	@Test
	void passesARunALittleBeforeItsTime() {
		this.history.add(Type.ENQUEUED, "a", -1, 0, "2").taken("a", 0);
		this.history.done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void passesAnAttemptAfterFiveShutdowns() {
		this.history.enqueued("a");
		for (int seq = 0; seq < 5; seq++) {
			this.history.started("a", seq, 1)
				.ended("a", seq, Outcome.INTERRUPTED)
				.taken("a", seq + 1)
				.acknowledged("a", seq)
				.stopped()
				.in("q" + seq);
		}
		this.history.done("a", 5, 2).acknowledged("a", 5);
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void passesASuccessorTakenBeforeTheCrashWhenTheRedeliverySucceeds() {
		this.history.enqueued("a")
			.failed("a", 0, 1)
			.taken("a", 1)
			.killed()
			.in("p2")
			.started("a", 0, 1)
			.ended("a", 0, Outcome.SUCCEEDED)
			.acknowledged("a", 0)
			.started("a", 1, 2)
			.ended("a", 1, Outcome.SUCCEEDED)
			.acknowledged("a", 1);
		assertThat(this.history.verdicts()).isEmpty();
	}

	private void assertUnexpected(String text) {
		assertThat(this.history.findings()).isNotEmpty().allSatisfy((finding) -> {
			assertThat(finding.verdict()).isEqualTo(Verdict.UNEXPECTED);
			assertThat(finding.text()).contains(text);
		});
	}

}
