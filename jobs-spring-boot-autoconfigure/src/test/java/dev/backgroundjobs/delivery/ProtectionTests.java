package dev.backgroundjobs.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.delivery.ProcessorSettings.LogDeadMessage;
import dev.backgroundjobs.delivery.ProcessorSettings.SigningRequired;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.message.EncryptionKeys;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.KeyMaterial;
import dev.backgroundjobs.message.SigningKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the protection that a message came with.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ProtectionTests {

	private static final String ARGS = "[\"qZ7mark\"]";

	private final RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE);

	/** What an instance does to what it sends. All of them read everything. */
	enum Protection {

		PLAIN(null, null), SIGNED("k1", null), ENCRYPTED(null, "e1"), BOTH("k1", "e1");

		private final @Nullable String signingKey;

		private final @Nullable String encryptionKey;

		Protection(@Nullable String signingKey, @Nullable String encryptionKey) {
			this.signingKey = signingKey;
			this.encryptionKey = encryptionKey;
		}

		boolean covers(Protection other) {
			return (this.signingKey != null || other.signingKey == null)
					&& (this.encryptionKey != null || other.encryptionKey == null);
		}

	}

	static Stream<Arguments> twoInstances() {
		return Arrays.stream(Protection.values())
			.flatMap((sender) -> Arrays.stream(Protection.values()).map((receiver) -> Arguments.of(sender, receiver)));
	}

	@ParameterizedTest
	@MethodSource("twoInstances")
	void aSuccessorIsProtectedAtLeastAsWhatItReplaces(Protection sender, Protection receiver, CapturedOutput output) {
		// given
		String message = pipe(sender).json(Pipe.message("jobs.fail", ARGS).build());

		// when
		Settlement settlement = pipe(receiver).deliver(message);

		// then
		if (receiver.covers(sender)) {
			assertThat(settlement).isEqualTo(Settlement.REPLACED);
			assertThat(this.platform.only().attempt()).isEqualTo(2);
		}
		else {
			assertThat(settlement).isEqualTo(Settlement.RELEASED);
			assertThat(this.platform.sent).isEmpty();
			assertThat(output).contains("it was signed or encrypted, and its successor would not be: set 'jobs."
					+ ((receiver == Protection.SIGNED) ? "encryption" : "signing") + ".key-id'");
		}
	}

	@ParameterizedTest
	@MethodSource("twoInstances")
	void aDeadCopyIsProtectedAtLeastAsWhatItReplaces(Protection sender, Protection receiver) {
		// given
		String message = pipe(sender).json(Pipe.message("jobs.fail", ARGS).attempt(5).build());

		// when
		Settlement settlement = pipe(receiver, ProcessorSettings.DEFAULTS, "graveyard").deliver(message);

		// then
		assertThat(settlement).isEqualTo(receiver.covers(sender) ? Settlement.DEAD_KEPT : Settlement.RELEASED);
		assertThat(this.platform.sent).hasSize(receiver.covers(sender) ? 1 : 0);
	}

	@ParameterizedTest
	@EnumSource
	void whatHasNoSuccessorRunsWhateverItsProtection(Protection sender) {
		String message = pipe(sender).json(Pipe.message("jobs.work", ARGS).build());
		assertThat(pipe(Protection.PLAIN).deliver(message)).isEqualTo(Settlement.DONE);
	}

	@ParameterizedTest
	@CsvSource({ "PLAIN, UNTRUSTED", "SIGNED, DONE", "ENCRYPTED, UNTRUSTED", "BOTH, DONE" })
	void onlyASignatureVouchesForAMessageOfAnybody(Protection sender, Settlement settlement) {
		assertThat(push(pipe(Protection.BOTH), sender, false)).isEqualTo(settlement);
	}

	@ParameterizedTest
	@CsvSource({ "PLAIN, UNTRUSTED", "SIGNED, DONE", "ENCRYPTED, UNTRUSTED", "BOTH, DONE" })
	void encryptionIsNoSignatureWhereOneIsRequired(Protection sender, Settlement settlement) {
		Pipe strict = pipe(Protection.BOTH, settings(SigningRequired.TRUE, LogDeadMessage.ENCRYPTED), null);
		assertThat(push(strict, sender, true)).isEqualTo(settlement);
	}

	@ParameterizedTest
	@EnumSource
	void logsADeadMessageOnlyWhereMessagesAreEncrypted(Protection protection, CapturedOutput output) {
		// given
		Pipe pipe = pipe(protection);

		// when
		assertThat(pipe.deliver(pipe.json(dying()))).isEqualTo(Settlement.DEAD);

		// then
		assertThat(output).contains("is dead: failed in 5 attempts; kept ").doesNotContain("qZ7mark");
		if (protection.encryptionKey != null) {
			String form = output.getOut().replaceAll("(?s).*kept only in this line: (\\S+).*", "$1");
			assertThat(form.split("\\.")).hasSize(5);
			assertThat(pipe(protection).deliver(form)).isEqualTo(Settlement.DEAD);
		}
		else {
			assertThat(output).contains("kept nowhere").doesNotContain("eyJ");
		}
	}

	@Test
	void logsADeadMessageThatIsNotEncryptedWhereThatIsAskedFor(CapturedOutput output) {
		Pipe pipe = pipe(Protection.PLAIN, settings(SigningRequired.FALSE, LogDeadMessage.ALWAYS), null);
		pipe.deliver(dying());
		assertThat(output).contains("kept only in this line: {\"v\":1", "qZ7mark");
	}

	@Test
	void logsADeadMessageEncryptedWhereItIsAlwaysLogged(CapturedOutput output) {
		Pipe pipe = pipe(Protection.BOTH, settings(SigningRequired.FALSE, LogDeadMessage.ALWAYS), "graveyard");
		pipe.deliver(dying());
		assertThat(output).contains("kept in queue 'graveyard': eyJ").doesNotContain("qZ7mark");
	}

	@Test
	void logsNoDeadMessageWhereThatIsForbidden(CapturedOutput output) {
		Pipe pipe = pipe(Protection.BOTH, settings(SigningRequired.FALSE, LogDeadMessage.NEVER), null);
		pipe.deliver(dying());
		assertThat(output).contains("is dead", "kept nowhere").doesNotContain("eyJ");
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void aJobThatFailsOnAndOnSurvivesTheChangeOfAKey(boolean signing) {
		// given
		Pipe[] stages = { rotating(signing, "old", "old"), rotating(signing, "old", "old", "new"),
				rotating(signing, "new", "old", "new"), rotating(signing, "new", "new") };
		String message = stages[0].json(Pipe.message("jobs.fail", ARGS).build());

		// then
		for (Pipe stage : stages) {
			assertThat(stage.deliver(message)).isEqualTo(Settlement.REPLACED);
			JobMessage successor = this.platform.sent.get(this.platform.sent.size() - 1);
			message = stage.json(successor.withRunAt(null));
		}
		assertThat(this.platform.sent).extracting(JobMessage::attempt).containsExactly(2, 3, 4, 5);
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void aKeyThatIsTakenAwayTooEarlyIsMissed(boolean signing) {
		String message = rotating(signing, "old", "old", "new").json(Pipe.message("jobs.work", ARGS).build());
		Pipe early = rotating(signing, "new", "new");
		assertThat(early.deliver(message)).isEqualTo(Settlement.UNTRUSTED);
	}

	private static JobMessage dying() {
		return Pipe.message("jobs.fail", ARGS).attempt(5).build();
	}

	private static Settlement push(Pipe pipe, Protection sender, boolean trusted) {
		byte[] body = pipe(sender, new RecordingBackend("other", Pipe.CAPABLE), ProcessorSettings.DEFAULTS, null)
			.json(Pipe.message("jobs.work", ARGS).build())
			.getBytes(StandardCharsets.US_ASCII);
		return pipe.processor.process(Delivery.pushed(body, trusted, 0, null));
	}

	private static ProcessorSettings settings(SigningRequired required, LogDeadMessage logged) {
		return new ProcessorSettings(required, 20, 40, Duration.ofSeconds(2), logged, false);
	}

	private Pipe pipe(Protection protection) {
		return pipe(protection, ProcessorSettings.DEFAULTS, null);
	}

	private Pipe pipe(Protection protection, ProcessorSettings settings, @Nullable String deadLetter) {
		return pipe(protection, this.platform, settings, deadLetter);
	}

	private static Pipe pipe(Protection protection, RecordingBackend backend, ProcessorSettings settings,
			@Nullable String deadLetter) {
		return new Pipe(new Jobs(), backend, Map.of("default", new QueueSettings(null, null, deadLetter)), settings,
				signing(protection.signingKey, "k1"), encryption(protection.encryptionKey, "e1"));
	}

	private Pipe rotating(boolean signing, String keyId, String... accepted) {
		return new Pipe(new Jobs(), this.platform, Map.of(), ProcessorSettings.DEFAULTS,
				signing ? signing(keyId, accepted) : signing("k1", "k1"),
				signing ? encryption("e1", "e1") : encryption(keyId, accepted));
	}

	private static SigningKeys signing(@Nullable String keyId, String... accepted) {
		return new SigningKeys(keyId, keys(accepted), "paperwork", SigningKeys.DEFAULT_MAX_AGE);
	}

	private static EncryptionKeys encryption(@Nullable String keyId, String... accepted) {
		return new EncryptionKeys(keyId, keys(accepted));
	}

	private static Map<String, KeyMaterial> keys(String... ids) {
		return Arrays.stream(ids).collect(Collectors.toMap((id) -> id, (id) -> KeyMaterial.of(TestKeys.secret(id))));
	}

	static class Jobs {

		@BackgroundJob
		void work(String text) {
		}

		@BackgroundJob
		void fail(String text) {
			throw new IllegalStateException("failed");
		}

	}

}
