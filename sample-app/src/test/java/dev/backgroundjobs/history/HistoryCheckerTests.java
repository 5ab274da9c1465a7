package dev.backgroundjobs.history;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the judgement of histories that are in order, and of several jobs.
 */
class HistoryCheckerTests {

	private final HandMadeHistory history = new HandMadeHistory();

	@Test
	void findsNothingInAJobThatIsDone() {
		this.history.enqueued("a").done("a", 0, 1).acknowledged("a", 0);
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void findsNothingInAnEmptyHistory() {
		assertThat(this.history.verdicts()).isEmpty();
	}

	@Test
	void judgesEveryJobByItself() {
		this.history.enqueued("a").enqueued("b").acknowledged("b", 0).done("a", 0, 1).acknowledged("a", 0);
		assertThat(new HistoryChecker(Map.of(), Set.of(), 0).check(this.history.events())).singleElement()
			.satisfies((finding) -> {
				assertThat(finding.verdict()).isEqualTo(Verdict.LOST);
				assertThat(finding.id()).isEqualTo("b");
			});
	}

}
