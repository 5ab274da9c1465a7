package dev.backgroundjobs.crash;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Imports of the packaged sample whose process is stopped or killed in the middle. A row
 * that is visited a second time is counted, so rows and repetitions say together how
 * often each was visited.
 */
class ImportCrashIT {

	// Some ten seconds of work.
	private static final int ROWS = 400_000;

	@Test
	void visitsEachRowOnceThoughItIsStoppedThreeTimes() throws Exception {
		try (ImportDrill drill = new ImportDrill("imports-stopped", true)) {
			drill.upload(ROWS);
			long processed = 0;
			for (int round = 0; round < 3; round++) {
				drill.awaitMoreThan(processed);
				drill.stop();
				assertThat(drill.processed()).as("round %d", round).isGreaterThan(processed).isLessThan(ROWS);
				processed = drill.processed();
				assertThat(drill.rows()).isEqualTo(processed);
				drill.restart();
				assertThat(drill.shown().get("state").asString()).as("goes on by itself").isNotEqualTo("interrupted");
			}
			JsonNode done = drill.awaitDone();
			drill.stop();
			assertThat(done.get("state").asString()).isEqualTo("done");
			assertThat(done.get("processed").asLong()).isEqualTo(ROWS);
			assertThat(done.get("slices").asInt()).isGreaterThanOrEqualTo(4);
			assertThat(done.get("interruptions").asInt()).isGreaterThanOrEqualTo(3);
			assertThat(drill.rows()).isEqualTo(ROWS);
			assertThat(drill.repeatedRows()).isZero();
		}
	}

	@Test
	void repeatsTheKilledSliceAndNothingElse() throws Exception {
		try (ImportDrill drill = new ImportDrill("imports-killed", true)) {
			drill.upload(ROWS);
			drill.awaitMoreThan(0);
			drill.stop();
			long finishedSlice = drill.rows();
			drill.restart();
			drill.awaitMoreThan(finishedSlice);
			drill.kill();
			long killedSlice = drill.rows() - finishedSlice;
			assertThat(killedSlice).isPositive();
			drill.restart();
			JsonNode done = drill.awaitDone();
			drill.stop();
			assertThat(done.get("state").asString()).isEqualTo("done");
			assertThat(drill.rows()).isEqualTo(ROWS);
			assertThat(drill.repeatedRows()).isEqualTo(killedSlice);
		}
	}

	@Test
	void goesOnWhenItIsResumedWhereNothingKeptItsJob() throws Exception {
		try (ImportDrill drill = new ImportDrill("imports-local", false)) {
			drill.upload(ROWS);
			drill.awaitMoreThan(0);
			drill.stop();
			long finishedSlice = drill.rows();
			drill.restart();
			JsonNode interrupted = drill.shown();
			assertThat(interrupted.get("state").asString()).isEqualTo("interrupted");
			assertThat(interrupted.get("processed").asLong()).isEqualTo(finishedSlice);
			assertThat(interrupted.get("interruptions").asInt()).isEqualTo(1);
			assertThat(drill.resume()).isEqualTo(202);
			assertThat(drill.resume()).isEqualTo(409);
			JsonNode done = drill.awaitDone();
			drill.stop();
			assertThat(done.get("state").asString()).isEqualTo("done");
			assertThat(done.get("processed").asLong()).isEqualTo(ROWS);
			assertThat(done.get("slices").asInt()).isEqualTo(2);
			assertThat(drill.rows()).isEqualTo(ROWS);
			assertThat(drill.repeatedRows()).isZero();
		}
	}

}
