package dev.backgroundjobs.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.execution.DiscardedJobEvent;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.KeyMaterial;
import dev.backgroundjobs.message.SigningKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What failures at unlikely places may not do to a message.
 */
@Timeout(60)
class SettlementEdgeTests {

	private final Jobs jobs = new Jobs();

	private final RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE);

	private final Pipe pipe = new Pipe(this.jobs, this.platform);

	@Test
	void anErrorOfAListenerChangesNoSettlement() {
		Pipe pipe = new Pipe(this.jobs, List.of(this.platform),
				Map.of("default", new QueueSettings(null, null, "dead")), ProcessorSettings.DEFAULTS, List.of());
		pipe.listener = (event) -> {
			throw new AssertionError("a listener in Kotlin with TODO()");
		};
		assertThat(pipe.deliver(Pipe.message("jobs.fail", "[]").attempt(5).build())).isEqualTo(Settlement.DEAD_KEPT);
		assertThat(this.platform.sent).hasSize(1);
	}

	@Test
	void aListenerOfProgressThatThrowsFailsNoJob() {
		this.pipe.listener = (event) -> {
			throw new IllegalStateException("listener");
		};
		assertThat(this.pipe.deliver(Pipe.message("jobs.progress", "[]").build())).isEqualTo(Settlement.DONE);
	}

	@Test
	void retriesAfterAMessageWithHalfASurrogatePair() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.cutEmoji", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().attempt()).isEqualTo(2);
		assertThat(this.pipe.json(this.platform.only())).contains("cut");
	}

	@Test
	void retriesAfterAnExceptionThatCannotDescribeItself() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.failWithoutMessage", "[]").build()))
			.isEqualTo(Settlement.REPLACED);
	}

	@Test
	void countsAnAttemptThatAsksForAnEndlessWait() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.retryNever", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().attempt()).isEqualTo(2);
		assertThat(this.pipe.json(this.platform.only())).doesNotContain("\"runAt\":\"2026");
	}

	@Test
	void countsAnAttemptThatAsksForAWaitBeyondTheYear9999() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.retryLate", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.json(this.platform.only())).contains("\"runAt\":\"2126");
	}

	@Test
	void relaysWithinTheToleranceAtOnce() {
		RecordingBackend own = new RecordingBackend("own", BackendCapabilities.none().withDurable());
		RecordingBackend delays = new RecordingBackend("delays", Pipe.CAPABLE);
		Pipe pipe = new Pipe(this.jobs, List.of(own, delays),
				Map.of("default", new QueueSettings(null, "delays", null)), ProcessorSettings.DEFAULTS, List.of());
		JobMessage message = Pipe.message("jobs.work", "[]").runAt(Pipe.NOW.plusMillis(1500)).relay(true).build();
		assertThat(pipe.deliver(message)).isEqualTo(Settlement.REPLACED);
		assertThat(delays.sent).isEmpty();
		assertThat(own.only().relay()).isFalse();
	}

	@Test
	void releasesASignedMessageWhoseSuccessorCannotBeSigned() {
		Map<String, KeyMaterial> keys = Map.of("k1", KeyMaterial.of(TestKeys.secret("k1")));
		Pipe signing = new Pipe(this.jobs, this.platform, new SigningKeys("k1", keys, null, Duration.ofDays(1)));
		Pipe verifying = new Pipe(this.jobs, this.platform, new SigningKeys(null, keys, null, Duration.ofDays(1)));
		String signed = signing.json(Pipe.message("jobs.fail", "[]").build());
		assertThat(signed).startsWith("e");
		assertThat(verifying.deliver(signed)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
		assertThat(signing.deliver(signed)).isEqualTo(Settlement.REPLACED);
		assertThat(verifying.deliver(signing.json(Pipe.message("jobs.work", "[]").build()))).isEqualTo(Settlement.DONE);
	}

	@Test
	void retriesABeanThatCannotBeCreatedWhateverTheJobDiscards() {
		this.pipe.beans.destroySingleton("jobs");
		assertThat(this.pipe.deliver(Pipe.message("jobs.discardsAll", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.events(DiscardedJobEvent.class)).isEmpty();
		assertThat(this.pipe.deliver(Pipe.message("jobs.retriesIo", "[]").build())).isEqualTo(Settlement.REPLACED);
	}

	static class Jobs {

		final List<String> ran = new ArrayList<>();

		@BackgroundJob
		void work() {
			this.ran.add("work");
		}

		@BackgroundJob
		void fail() {
			throw new IllegalStateException("failed");
		}

		@BackgroundJob
		void progress() {
			JobContext.current().progress(1, null);
		}

		@BackgroundJob
		void cutEmoji() {
			throw new IllegalStateException("cut \ud83d");
		}

		@BackgroundJob
		void failWithoutMessage() {
			throw new Indescribable();
		}

		@BackgroundJob
		void retryNever() {
			throw new RetryJobException("never", Duration.ofSeconds(Long.MAX_VALUE));
		}

		@BackgroundJob
		void retryLate() {
			throw new RetryJobException("late", Duration.ofDays(10_000 * 366L));
		}

		@BackgroundJob(discardOn = RuntimeException.class)
		void discardsAll() {
		}

		@BackgroundJob(retryOn = java.io.IOException.class)
		void retriesIo() {
		}

	}

	static final class Indescribable extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException("no message");
		}

	}

}
