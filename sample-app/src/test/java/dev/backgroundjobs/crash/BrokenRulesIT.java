package dev.backgroundjobs.crash;

import java.time.Duration;

import dev.backgroundjobs.crash.application.Breakage;
import dev.backgroundjobs.crash.application.CrashPoint;
import dev.backgroundjobs.history.Finding;
import dev.backgroundjobs.history.Verdict;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The same application made to break the rules: what {@link CrashIT} looks for is found.
 */
class BrokenRulesIT {

	private static final Duration NONE = Duration.ZERO;

	private static Drill drill;

	@BeforeAll
	static void start() throws Exception {
		drill = new Drill("broken-rules", 1);
	}

	@AfterAll
	static void stop() {
		if (drill != null) {
			drill.close();
		}
	}

	@Test
	void findsWhatIsLostByAcknowledgingBeforeTheRun() throws Exception {
		drill.misbehave(Breakage.ACKNOWLEDGES_FIRST);
		drill.arm(CrashPoint.DURING_RUN);
		drill.enqueueAllKinds(Duration.ofMillis(500));
		drill.awaitDeath(CrashPoint.DURING_RUN);
		assertThat(drill.settle().findings()).extracting(Finding::verdict).contains(Verdict.LOST);
	}

	@Test
	void findsWhatIsLostByTakingAFailedSendForSuccess() throws Exception {
		int refusals = drill.platform().refusals();
		drill.misbehave(Breakage.SWALLOWS_FAILED_SENDS);
		drill.platform().refuseSuccessors(true);
		drill.load().enqueue("crash.retry", NONE, NONE);
		drill.load().enqueue("crash.fail", NONE, NONE);
		await().atMost(Duration.ofSeconds(30)).until(() -> drill.platform().refusals() >= refusals + 2);
		drill.platform().refuseSuccessors(false);
		drill.misbehave(Breakage.NONE);
		assertThat(drill.settle().findings()).extracting(Finding::verdict).containsExactly(Verdict.LOST, Verdict.LOST);
	}

	@Test
	void findsRunsAtOnceAndDoubledEffectsWhereNoKeyIsClaimed() throws Exception {
		drill.misbehave(Breakage.CLAIMS_NOTHING);
		drill.platform().duplicateOneIn(1);
		drill.load().enqueue("crash.slow", NONE, Duration.ofMillis(500));
		Judgement judgement = drill.settle();
		drill.platform().duplicateOneIn(PushPlatform.DUPLICATES);
		drill.misbehave(Breakage.NONE);
		assertThat(judgement.findings()).extracting(Finding::verdict).contains(Verdict.OVERLAPPING, Verdict.DOUBLED);
	}

}
