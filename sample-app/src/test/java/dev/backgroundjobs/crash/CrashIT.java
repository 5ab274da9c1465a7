package dev.backgroundjobs.crash;

import java.io.IOException;
import java.time.Duration;

import dev.backgroundjobs.crash.application.CrashPoint;
import dev.backgroundjobs.history.Finding;
import dev.backgroundjobs.history.HistoryEvent;
import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.Verdict;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kills the packaged sample under load, starts it again, and looks for what was lost or
 * done twice. {@code -Dcrash.rounds} and {@code -Dcrash.seed} say how often and when;
 * {@code docs/reliability.md} shows the table of many rounds.
 */
class CrashIT {

	private static final int ROUNDS = Integer.getInteger("crash.rounds", 1);

	private static final long SEED = Long.getLong("crash.seed", 1);

	private static final Duration SHORT = Duration.ofMillis(500);

	// Longer than a shutdown lets it run.
	private static final Duration LONG = Duration.ofSeconds(3);

	private static final StringBuilder table = new StringBuilder(Judgement.HEAD);

	private static Drill drill;

	@BeforeAll
	static void start() throws Exception {
		drill = new Drill("rules", SEED);
	}

	@AfterAll
	static void stop() throws IOException {
		if (drill != null) {
			System.out.println(drill.write("table.md", table.toString()) + ":\n" + table);
			drill.close();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "AFTER_COMMIT")
	void losesNothingAndDoublesOnlyWhatItMay(CrashPoint point) throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			drill.arm(point);
			drill.enqueueAllKinds(SHORT);
			drill.awaitDeath(point);
		}
		Judgement judgement = judge(point.text());
		assertThat(judgement.forbidden()).isEmpty();
		assertThat(judgement.count(Type.KILLED)).isEqualTo(ROUNDS);
	}

	@Test
	void losesWhatIsCommittedAndNotSentAndNothingElse() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			drill.arm(CrashPoint.AFTER_COMMIT);
			drill.load().enqueueInTransaction();
			drill.load().enqueueInTransaction();
			drill.enqueueAllKinds(SHORT);
			drill.awaitDeath(CrashPoint.AFTER_COMMIT);
		}
		Judgement judgement = judge(CrashPoint.AFTER_COMMIT.text());
		assertThat(judgement.forbidden()).extracting(Finding::verdict).containsOnly(Verdict.LOST);
		assertThat(judgement.forbidden()).extracting(Finding::id)
			.isSubsetOf(judgement.events()
				.stream()
				.filter((event) -> event.detail().equals("committed"))
				.map(HistoryEvent::id)
				.toList());
	}

	@Test
	void losesNothingWhenItIsKilledAtAnyTime() throws Exception {
		for (int round = 0; round < 2 * ROUNDS; round++) {
			drill.load().upload();
			drill.enqueueAllKinds(SHORT);
			drill.kill(Duration.ofMillis(1500));
		}
		assertThat(judge("at a random time, `kill -9`").forbidden()).isEmpty();
		assertThat(drill.load().documentStates()).isNotEmpty().containsOnly("done");
	}

	@Test
	void losesAndDoublesNothingWhenItIsAskedToStop() throws Exception {
		for (int round = 0; round < 2 * ROUNDS; round++) {
			drill.load().upload();
			drill.enqueueAllKinds(LONG);
			drill.stop(Duration.ofMillis(1500));
		}
		assertThat(judge("at a random time, SIGTERM").findings()).isEmpty();
		assertThat(drill.load().documentStates()).isNotEmpty().containsOnly("done");
	}

	@Test
	void losesAndDoublesNothingWhileThePlatformTakesNoSuccessors() throws Exception {
		int refusals = drill.platform().refusals();
		drill.platform().refuseSuccessors(true);
		drill.enqueueAllKinds(SHORT);
		await().atMost(Duration.ofSeconds(30)).until(() -> drill.platform().refusals() > refusals + 5);
		drill.platform().refuseSuccessors(false);
		assertThat(judge("not at all, no successor taken for a while").findings()).isEmpty();
	}

	@Test
	void doublesNothingWhenEveryDeliveryIsMadeTwiceAtOnce() throws Exception {
		drill.platform().duplicateOneIn(1);
		for (int round = 0; round < ROUNDS; round++) {
			drill.enqueueAllKinds(SHORT);
		}
		Judgement judgement = judge("not at all, every delivery made twice at once");
		drill.platform().duplicateOneIn(PushPlatform.DUPLICATES);
		assertThat(judgement.findings()).isEmpty();
	}

	private static Judgement judge(String label) {
		Judgement judgement = drill.settle();
		table.append(judgement.row(label));
		return judgement;
	}

}
