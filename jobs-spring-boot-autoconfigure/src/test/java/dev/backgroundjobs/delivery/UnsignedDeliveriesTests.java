package dev.backgroundjobs.delivery;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.delivery.ProcessorSettings.LogDeadMessage;
import dev.backgroundjobs.delivery.ProcessorSettings.SigningRequired;
import dev.backgroundjobs.message.EncryptionKeys;
import dev.backgroundjobs.message.KeyMaterial;
import dev.backgroundjobs.message.SigningKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Unsigned messages are mentioned, and do not flood the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnsignedDeliveriesTests {

	private static final ProcessorSettings WARN = new ProcessorSettings(SigningRequired.WARN, 20, 40,
			Duration.ofSeconds(2), LogDeadMessage.ENCRYPTED, false);

	private final MutableClock clock = new MutableClock(Pipe.NOW);

	private final UnsignedDeliveries unsigned = new UnsignedDeliveries(this.clock);

	@Test
	void mentionsAJobOnceAMinute(CapturedOutput output) {
		// when
		for (int i = 0; i < 59; i++) {
			accept("reports.generate", 1000);
			this.clock.advance(Duration.ofSeconds(1));
		}

		// then
		assertThat(lines(output)).isEqualTo(1);

		// when
		this.clock.advance(Duration.ofSeconds(1));
		accept("reports.generate", 1000);

		// then
		assertThat(lines(output)).isEqualTo(2);
	}

	@Test
	void aClockThatIsPutBackSilencesNothing(CapturedOutput output) {
		accept("reports.generate", 10);
		this.clock.advance(Duration.ofHours(-1));
		accept("reports.generate", 10);
		assertThat(lines(output)).isEqualTo(2);
	}

	@Test
	void mentionsEveryJob(CapturedOutput output) {
		for (int i = 0; i < 10; i++) {
			accept("job" + i, 3);
		}
		assertThat(lines(output)).isEqualTo(10);
		assertThat(output).contains("job0", "job9", "'jobs.signing.required' is warn");
	}

	@Test
	void namesFromOutsideNeitherFloodTheLogNorTheMemory(CapturedOutput output) {
		for (int i = 0; i < 5000; i++) {
			accept("made-up" + i, 1);
		}
		assertThat(lines(output)).isEqualTo(UnsignedDeliveries.MAX_NAMES);
	}

	@Test
	void mentionsAJobOnceToSeveralThreads(CapturedOutput output) {
		CompletableFuture<?>[] threads = IntStream.range(0, 4)
			.mapToObj((i) -> CompletableFuture.runAsync(() -> accept("reports.generate", 2000)))
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(threads).join();
		assertThat(lines(output)).isEqualTo(1);
	}

	@Test
	void anEncryptedMessageCountsAsUnsigned(CapturedOutput output) {
		// given
		Map<String, KeyMaterial> signing = Map.of("k1", KeyMaterial.of(TestKeys.secret("k1")));
		EncryptionKeys encryption = new EncryptionKeys("e1", Map.of("e1", KeyMaterial.of(TestKeys.secret("e1"))));
		RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE);
		Pipe encrypting = new Pipe(new Jobs(), platform, Map.of(), WARN,
				new SigningKeys(null, signing, null, SigningKeys.DEFAULT_MAX_AGE), encryption);
		Pipe both = new Pipe(new Jobs(), platform, Map.of(), WARN,
				new SigningKeys("k1", signing, null, SigningKeys.DEFAULT_MAX_AGE), encryption);

		// then
		assertThat(both.deliver(Pipe.message("jobs.work", "[]").build())).isEqualTo(Settlement.DONE);
		assertThat(lines(output)).isZero();
		assertThat(encrypting.deliver(Pipe.message("jobs.work", "[]").build())).isEqualTo(Settlement.DONE);
		assertThat(lines(output)).isEqualTo(1);
	}

	private void accept(String job, int times) {
		for (int i = 0; i < times; i++) {
			this.unsigned.accepted(Pipe.message(job, "[]").build());
		}
	}

	private static long lines(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains("which is not signed")).count();
	}

	static class Jobs {

		@BackgroundJob
		void work() {
		}

	}

}
