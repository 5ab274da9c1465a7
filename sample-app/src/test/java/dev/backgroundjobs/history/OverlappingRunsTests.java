package dev.backgroundjobs.history;

import dev.backgroundjobs.history.HistoryEvent.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the judgement of runs at once, and of what looks like it.
 */
class OverlappingRunsTests {

	private final HandMadeHistory history = new HandMadeHistory();

	@Test
	void findsTwoRunsOfOneMessageInOneProcess() {
		this.history.enqueued("a")
			.started("a", 0, 1)
			.started("a", 0, 1)
			.effect("a", 0)
			.ended("a", 0, Outcome.SUCCEEDED)
			.ended("a", 0, Outcome.FAILED)
			.acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.OVERLAPPING);
	}

	@Test
	void findsTwoRunsOfOneMessageInTwoLiveProcesses() {
		this.history.enqueued("a")
			.started("a", 0, 1)
			.in("p2")
			.started("a", 0, 1)
			.in("p1")
			.ended("a", 0, Outcome.FAILED)
			.in("p2")
			.ended("a", 0, Outcome.SUCCEEDED)
			.acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.OVERLAPPING);
	}

	@Test
	void findsTwoMessagesOfOneJob() {
		this.history.enqueued("a")
			.started("a", 0, 1)
			.taken("a", 1)
			.started("a", 1, 1)
			.ended("a", 0, Outcome.INTERRUPTED)
			.ended("a", 1, Outcome.SUCCEEDED)
			.acknowledged("a", 0)
			.acknowledged("a", 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.OVERLAPPING);
	}

	@Test
	void allowsOneMoreRunAfterACrashBetweenTheSuccessorAndTheAcknowledgement() {
		this.history.enqueued("a")
			.failed("a", 0, 1)
			.taken("a", 1)
			.killed()
			.in("p2")
			.started("a", 0, 1)
			.started("a", 1, 2)
			.ended("a", 0, Outcome.FAILED)
			.acknowledged("a", 0)
			.effect("a", 1)
			.ended("a", 1, Outcome.SUCCEEDED)
			.acknowledged("a", 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.OVERLAPPING_BY_CRASH);
	}

	@Test
	void passesARunAfterTheOneOfADeadProcess() {
		this.history.enqueued("a").started("a", 0, 1).killed().in("p2");
		this.history.done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void passesTwoJobs() {
		this.history.enqueued("a")
			.enqueued("b")
			.started("a", 0, 1)
			.started("b", 0, 1)
			.ended("a", 0, Outcome.SUCCEEDED)
			.ended("b", 0, Outcome.SUCCEEDED)
			.acknowledged("a", 0)
			.acknowledged("b", 0);
		assertThat(this.history.verdicts()).isEmpty();
	}

}
