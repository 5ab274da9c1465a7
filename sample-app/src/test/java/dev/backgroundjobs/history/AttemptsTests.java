package dev.backgroundjobs.history;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the judgement of jobs with more attempts than they have, and of what looks
 * like it.
 */
class AttemptsTests {

	private final HandMadeHistory history = new HandMadeHistory();

	@Test
	void findsAnAttemptBeyondTheLast() {
		this.history.enqueued("a")
			.failed("a", 0, 1)
			.taken("a", 1)
			.acknowledged("a", 0)
			.failed("a", 1, 2)
			.taken("a", 2)
			.acknowledged("a", 1)
			.done("a", 2, 3)
			.acknowledged("a", 2);
		assertThat(this.history.verdicts()).containsExactly(Verdict.TOO_MANY_ATTEMPTS);
	}

	@Test
	void findsFailuresThatAreNotCounted() {
		this.history.enqueued("a");
		for (int seq = 0; seq < 3; seq++) {
			this.history.failed("a", seq, 1).taken("a", seq + 1).acknowledged("a", seq);
		}
		this.history.done("a", 3, 1).acknowledged("a", 3);
		assertThat(this.history.verdicts()).containsExactly(Verdict.TOO_MANY_ATTEMPTS);
	}

	@Test
	void passesAnAttemptRepeatedAfterACrash() {
		this.history.enqueued("a").failed("a", 0, 1).killed().in("p2").failed("a", 0, 1);
		this.history.taken("a", 1).acknowledged("a", 0);
		this.history.done("a", 1, 2).acknowledged("a", 1);
		assertThat(this.history.verdicts()).isEmpty();
	}

}
