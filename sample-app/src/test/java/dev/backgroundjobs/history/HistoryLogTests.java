package dev.backgroundjobs.history;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.backgroundjobs.history.HistoryEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for files of events whose writers die.
 */
class HistoryLogTests {

	@TempDir
	Path directory;

	@Test
	void readsTheEventsOfAllProcessesInTheOrderOfTheirTimes() {
		try (HistoryLog first = HistoryLog.open(this.directory, "b");
				HistoryLog second = HistoryLog.open(this.directory, "a")) {
			first.write(Type.STARTED, "x", 3, 2, "a.job", "");
			second.write(Type.RELEASED, "x", 3, 0, "", "no\tanswer\n");
			first.writeOf("c", Type.KILLED, "", -1, "somewhere");
		}
		assertThat(HistoryLog.read(this.directory)).satisfiesExactly((event) -> {
			assertThat(event).usingRecursiveComparison()
				.ignoringFields("micros")
				.isEqualTo(new HistoryEvent(0, "b", Type.STARTED, "x", 3, 2, "a.job", ""));
			assertThat(event.key()).isEqualTo("x:3");
		}, (event) -> assertThat(event.detail()).isEqualTo("no answer "),
				(event) -> assertThat(event.process()).isEqualTo("c"));
	}

	@Test
	void leavesOutALastLineThatIsTorn() throws Exception {
		try (HistoryLog log = HistoryLog.open(this.directory, "p")) {
			log.write(Type.STARTED, "x", 0, 1, "a.job", "");
		}
		Files.writeString(this.directory.resolve("p.history"), "17\tp\tENDED\tx\t0\t1\ta.job\tSUCC",
				StandardOpenOption.APPEND);
		assertThat(HistoryLog.read(this.directory)).extracting(HistoryEvent::type).containsExactly(Type.STARTED);
	}

	@Test
	void appendsToWhatIsThere() {
		for (int i = 0; i < 2; i++) {
			try (HistoryLog log = HistoryLog.open(this.directory, "p")) {
				log.write(Type.STARTED, "x", i, 1, "a.job", "");
			}
		}
		assertThat(HistoryLog.read(this.directory)).extracting(HistoryEvent::key).containsExactly("x:0", "x:1");
	}

	@Test
	void writesForInterruptedThreads() {
		try (HistoryLog log = HistoryLog.open(this.directory, "p")) {
			Thread.currentThread().interrupt();
			log.write(Type.ENDED, "x", 0, 1, "a.job", "INTERRUPTED");
			assertThat(Thread.interrupted()).isTrue();
			log.write(Type.STARTED, "x", 1, 1, "a.job", "");
		}
		assertThat(HistoryLog.read(this.directory)).hasSize(2);
	}

	@Test
	void refusesWhatIsNoEventInTheMiddle() throws Exception {
		Files.writeString(this.directory.resolve("p.history"), "nonsense\n");
		assertThatIllegalArgumentException().isThrownBy(() -> HistoryLog.read(this.directory))
			.withMessageContaining("'nonsense' is no event");
	}

}
