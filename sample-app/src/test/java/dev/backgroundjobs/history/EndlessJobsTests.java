package dev.backgroundjobs.history;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the judgement of jobs that come to no end, and of what looks like it.
 */
class EndlessJobsTests {

	private final HandMadeHistory history = new HandMadeHistory();

	@Test
	void findsARunThatNeverEnds() {
		this.history.enqueued("a").started("a", 0, 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.ENDLESS);
	}

	@Test
	void findsAMessageThatIsNeverAcknowledged() {
		this.history.enqueued("a").failed("a", 0, 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.ENDLESS);
	}

	@Test
	void findsASuccessorThatIsNeverRun() {
		this.history.enqueued("a").failed("a", 0, 1).taken("a", 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.ENDLESS);
	}

	@Test
	void passesARunWhoseProcessIsGone() {
		this.history.asked("a").taken("a", 0).started("a", 0, 1).acknowledged("a", 0).killed();
		assertThat(this.history.verdicts()).isEmpty();
	}

}
