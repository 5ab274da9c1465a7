package dev.backgroundjobs.cloudtasks.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

import com.google.cloud.tasks.v2.RetryConfig;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When and how often a task is tried again.
 */
class RetryPolicyTests {

	private static final Instant FIRST = Instant.parse("2026-06-01T12:00:00Z");

	@Test
	void waitsAsTheExampleOfTheDefinitionDoes() {
		RetryPolicy policy = RetryPolicy.of(RetryConfig.newBuilder()
			.setMinBackoff(seconds(10))
			.setMaxBackoff(seconds(300))
			.setMaxDoublings(3)
			.build());
		assertThat(IntStream.rangeClosed(1, 8).mapToObj(policy::backoff).map(Duration::toSeconds)).containsExactly(10L,
				20L, 40L, 80L, 160L, 240L, 300L, 300L);
	}

	@Test
	void waitsNoLongerThanTheLongestAfterAnyNumberOfAttempts() {
		RetryPolicy policy = RetryPolicy.of(RetryConfig.getDefaultInstance());
		assertThat(policy.backoff(Integer.MAX_VALUE)).isEqualTo(Duration.ofHours(1));
	}

	@Test
	void givesUpOnceBothLimitsAreReached() {
		RetryPolicy policy = RetryPolicy
			.of(RetryConfig.newBuilder().setMaxAttempts(3).setMaxRetryDuration(seconds(60)).build());
		assertThat(policy.givesUp(3, FIRST, FIRST.plusSeconds(59))).isFalse();
		assertThat(policy.givesUp(2, FIRST, FIRST.plusSeconds(60))).isFalse();
		assertThat(policy.givesUp(3, FIRST, FIRST.plusSeconds(60))).isTrue();
	}

	@Test
	void neverGivesUpWithUnlimitedAttempts() {
		RetryPolicy policy = RetryPolicy.of(RetryConfig.newBuilder().setMaxAttempts(-1).build());
		assertThat(policy.givesUp(1_000_000, FIRST, FIRST.plus(Duration.ofDays(30)))).isFalse();
	}

	private static com.google.protobuf.Duration seconds(long seconds) {
		return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
	}

}
