package dev.backgroundjobs.cloudtasks.emulator;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long a task's name is taken.
 */
class TakenNamesTests {

	private Instant now = Instant.parse("2026-06-01T12:00:00Z");

	private final TakenNames names = new TakenNames(() -> this.now);

	@Test
	void aNameIsTakenWhileItsTaskIsThere() {
		assertThat(this.names.take("a")).isTrue();
		this.now = this.now.plus(Duration.ofDays(30));
		assertThat(this.names.take("a")).isFalse();
	}

	@Test
	void aNameIsFreeAgainAnHourAfterItsTaskIsGone() {
		this.names.take("a");
		this.names.release("a");
		this.now = this.now.plus(Duration.ofMinutes(59));
		assertThat(this.names.take("a")).isFalse();
		this.now = this.now.plus(Duration.ofMinutes(1));
		assertThat(this.names.take("a")).isTrue();
	}

}
