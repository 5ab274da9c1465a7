package dev.backgroundjobs.dispatch;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.message.EncryptionKeys;
import dev.backgroundjobs.message.JobError;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.KeyMaterial;
import dev.backgroundjobs.message.MessageLimits;
import dev.backgroundjobs.message.SigningKeys;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The size of a message counts in the form in which it travels: the signed form adds a
 * third, the encrypted one another.
 */
class MessageSizeTests {

	// QueueRouter leaves this for successors.
	private static final int RESERVE = 8 * 1024;

	enum Form {

		PLAIN, SIGNED, ENCRYPTED, BOTH;

		DispatchFixture fixture(RecordingJobBackend backend) {
			Map<String, KeyMaterial> k1 = Map.of("k1", KeyMaterial.of(TestKeys.secret("k1")));
			Map<String, KeyMaterial> e1 = Map.of("e1", KeyMaterial.of(TestKeys.secret("e1")));
			return new DispatchFixture(List.of(backend), Map.of(),
					(this == SIGNED || this == BOTH)
							? new SigningKeys("k1", k1, "paperwork", SigningKeys.DEFAULT_MAX_AGE) : SigningKeys.none(),
					(this == ENCRYPTED || this == BOTH) ? new EncryptionKeys("e1", e1) : EncryptionKeys.none());
		}

	}

	static Stream<Arguments> formsAndCharacters() {
		return Stream.of(Form.values())
			.flatMap((form) -> Stream.of("x", "ü", "世", "\uD83D\uDE00", "\"", "\u0001")
				.map((character) -> Arguments.of(form, character)));
	}

	@ParameterizedTest
	@MethodSource("formsAndCharacters")
	void refusesExactlyWhatIsBeyondTheBackendsLimit(Form form, String character) {
		// given
		int limit = 20_000;
		RecordingJobBackend small = backend(limit);
		DispatchFixture fixture = form.fixture(small);
		JobDispatcher jobs = fixture.dispatcher();

		// when
		fill(limit, (length) -> jobs.enqueue("reports.generate", character.repeat(length)));

		// then
		assertThat(largest(fixture, small)).isBetween(limit - RESERVE - perCharacter(character), limit - RESERVE);
	}

	@ParameterizedTest
	@MethodSource("formsAndCharacters")
	void refusesExactlyWhatHeadersTakeBeyondTheBackendsLimit(Form form, String character) {
		// given
		int limit = 20_000;
		RecordingJobBackend small = backend(limit);
		DispatchFixture fixture = form.fixture(small);
		JobDispatcher jobs = fixture.dispatcher();

		// when
		fill(limit, (length) -> jobs.with(JobOptions.none().header("h", character.repeat(length)))
			.enqueue("reports.generate", ""));

		// then
		assertThat(largest(fixture, small)).isBetween(limit - RESERVE - perCharacter(character), limit - RESERVE);
	}

	@ParameterizedTest
	@EnumSource
	void readsTheLargestMessageAndItsLargestSuccessor(Form form) {
		// given
		RecordingJobBackend large = backend(Integer.MAX_VALUE);
		DispatchFixture fixture = form.fixture(large);
		JobDispatcher jobs = fixture.dispatcher();
		// Two arguments: a string has a limit of its own.
		fill(MessageLimits.MAX_BYTES, (length) -> jobs.with(JobOptions.queue("other"))
			.enqueue("other.job", "x".repeat(length / 2), "x".repeat(length / 2)));
		JobMessage message = large.sent.get(large.sent.size() - 1).message();

		// when
		JobMessage successor = message.successor()
			.attempt(1_000_000)
			.runAt(DispatchFixture.NOW.plusSeconds(3600))
			.interruptions(1_000_000)
			.unknown(1_000_000)
			.relay(true)
			.error(JobError.of(new IllegalStateException("ü\u0001".repeat(2000))))
			.build();

		// then
		assertThat(largest(fixture, large)).isBetween(MessageLimits.MAX_BYTES - RESERVE - 8,
				MessageLimits.MAX_BYTES - RESERVE);
		assertThat(fixture.codec.decode(fixture.codec.encode(message).bytes(), true).message().args())
			.isEqualTo(message.args());
		byte[] body = fixture.codec.encode(successor).bytes();
		// A cursor of 2 KiB has room as well.
		assertThat(body.length).isLessThan(MessageLimits.MAX_BYTES - 4096);
		assertThat(fixture.codec.decode(body, true).message().attempt()).isEqualTo(1_000_000);
	}

	private static RecordingJobBackend backend(int limit) {
		return new RecordingJobBackend("small", BackendCapabilities.none().withMaxMessageBytes(limit));
	}

	// Ends with the largest that was accepted.
	private static void fill(int limit, IntConsumer enqueue) {
		int accepted = 0;
		int refused = limit;
		while (refused - accepted > 1) {
			int middle = (accepted + refused) / 2;
			try {
				enqueue.accept(middle);
				accepted = middle;
			}
			catch (JobException ex) {
				assertThat(ex).hasMessageContaining("store the data and send its id")
					.hasMessageContaining("takes " + (limit - RESERVE));
				refused = middle;
			}
		}
		enqueue.accept(accepted);
	}

	private static int largest(DispatchFixture fixture, RecordingJobBackend backend) {
		return backend.sent.stream()
			.mapToInt((sent) -> fixture.codec.encode(sent.message()).bytes().length)
			.max()
			.orElseThrow();
	}

	private static int perCharacter(String character) {
		return Math.max(6, character.getBytes(StandardCharsets.UTF_8).length) * 16 / 9 + 2;
	}

}
