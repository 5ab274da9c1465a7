package dev.backgroundjobs.history;

import dev.backgroundjobs.history.HistoryEvent.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the judgement of effects that were there more than once, and of what looks
 * like it.
 */
class DoubledEffectsTests {

	private final HandMadeHistory history = new HandMadeHistory();

	@Test
	void findsTwoEffectsWithoutACrash() {
		this.history.enqueued("a").done("a", 0, 1).done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED);
	}

	@Test
	void findsTwoEffectsInOneRun() {
		this.history.enqueued("a")
			.started("a", 0, 1)
			.effect("a", 0)
			.effect("a", 0)
			.ended("a", 0, Outcome.SUCCEEDED)
			.acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED);
	}

	@Test
	void findsTwoEffectsWithACrashAfterTheAcknowledgement() {
		this.history.enqueued("a").done("a", 0, 1).acknowledged("a", 0).killed();
		this.history.in("p2").done("a", 0, 1);
		assertThat(this.history.verdicts()).contains(Verdict.DOUBLED).doesNotContain(Verdict.DOUBLED_BY_CRASH);
	}

	@Test
	void findsTwoEffectsAfterACrashBeforeTheFirst() {
		this.history.enqueued("a").started("a", 0, 1).killed().in("p2");
		this.history.done("a", 0, 1).done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED);
	}

	@Test
	void findsTwoEffectsAfterAnotherJobsCrash() {
		this.history.enqueued("a").enqueued("b").started("b", 0, 1).effect("b", 0).killed();
		this.history.in("p2").done("b", 0, 1).acknowledged("b", 0);
		this.history.done("a", 0, 1).done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactlyInAnyOrder(Verdict.DOUBLED, Verdict.DOUBLED_BY_CRASH);
	}

	@Test
	void findsAThirdEffectForOneCrash() {
		this.history.enqueued("a").started("a", 0, 1).effect("a", 0).killed().in("p2");
		this.history.done("a", 0, 1).done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED_BY_CRASH, Verdict.DOUBLED);
	}

	@Test
	void findsTwoEffectsBeforeTheCrash() {
		this.history.enqueued("a").done("a", 0, 1).done("a", 0, 1).killed().in("p2");
		this.history.started("a", 0, 1).ended("a", 0, Outcome.SUCCEEDED).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED);
	}

	@Test
	void findsTwoEffectsAfterAStop() {
		this.history.enqueued("a").done("a", 0, 1).stopped().in("p2");
		this.history.done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED);
	}

	@Test
	void allowsOneMoreEffectAfterACrashBetweenTheEffectAndTheAcknowledgement() {
		this.history.enqueued("a").started("a", 0, 1).effect("a", 0).killed().in("p2");
		this.history.done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED_BY_CRASH);
	}

	@Test
	void allowsOneMoreEffectAfterACrashAfterTheRunHadEnded() {
		this.history.enqueued("a").done("a", 0, 1).killed().in("p2");
		this.history.done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED_BY_CRASH);
	}

	@Test
	void allowsOneMoreEffectAfterACrashBetweenTheSuccessorAndTheAcknowledgement() {
		this.history.enqueued("a")
			.started("a", 0, 1)
			.ended("a", 0, Outcome.INTERRUPTED)
			.taken("a", 1)
			.killed()
			.in("p2")
			.done("a", 0, 1)
			.acknowledged("a", 0)
			.done("a", 1, 1)
			.acknowledged("a", 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED_BY_CRASH);
	}

	@Test
	void passesAnEffectAfterACrashBeforeIt() {
		this.history.enqueued("a").started("a", 0, 1).killed().in("p2");
		this.history.done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void allowsOneMoreEffectAfterACrashBetweenAHopAndTheAcknowledgement() {
		this.history.enqueued("a").in("p2").taken("a", 1).killed().in("p3");
		this.history.done("a", 0, 1).acknowledged("a", 0).done("a", 1, 1).acknowledged("a", 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED_BY_CRASH);
	}

	@Test
	void findsTwoEffectsAfterTheDeathOfAProcessThatDidNotSendTheSuccessor() {
		this.history.enqueued("a").in("p2").taken("a", 1).in("p1").killed().in("p3");
		this.history.done("a", 0, 1).done("a", 1, 1).acknowledged("a", 0).acknowledged("a", 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED);
	}

	@Test
	void findsTwoEffectsAfterACrashBetweenTheAcknowledgementAndTheEnd() {
		this.history.enqueued("a").in("p2").taken("a", 1).acknowledged("a", 0).killed().in("p3");
		this.history.done("a", 1, 1).done("a", 1, 1).acknowledged("a", 1);
		assertThat(this.history.verdicts()).containsExactly(Verdict.DOUBLED);
	}

}
