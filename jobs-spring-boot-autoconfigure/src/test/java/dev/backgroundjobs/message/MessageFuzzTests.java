package dev.backgroundjobs.message;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.backgroundjobs.InputCost;
import dev.backgroundjobs.TestKeys;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever bytes come, out comes a message or a refusal; and what was read is written and
 * read again as it was. CONTRIBUTING.md says how to search for inputs that break this;
 * without that, those kept in {@code MessageFuzzTestsInputs} are tried.
 */
class MessageFuzzTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T00:00:00Z"), ZoneOffset.UTC);

	private static final String SECRET = TestKeys.secret("k1");

	private static final String REFUSALS = "(is not JSON in UTF-8|is not JSON, has a field twice, or goes on after its "
			+ "end|is not a JSON object|goes on after its end|is beyond a limit of docs/message-format.md: depth, tokens, "
			+ "or the length of a string, number or name|has a version that is not 1|has \\d+ bytes, more than 1500000|"
			+ "is neither JSON nor a signed or encrypted message|lacks the field '[a-zA-Z]{1,10}'|"
			+ "has a field '[a-zA-Z]{1,13}' of the wrong type or value)";

	// What an application may be configured with. A set that is added here is covered by
	// every target: it reads all inputs, and writes and reads all messages.
	private static final Map<String, JobMessageCodec> CODECS = new LinkedHashMap<>();

	static {
		CODECS.put("plain", new JobMessageCodec(SigningKeys.none(), CLOCK));
		CODECS.put("HS256", new JobMessageCodec(signing("k1"), CLOCK));
		CODECS.put("EdDSA", new JobMessageCodec(signing("e1"), CLOCK));
		EncryptionKeys encryption = new EncryptionKeys("x1", Map.of("x1", KeyMaterial.of(TestKeys.secret("x1"))));
		CODECS.put("A256GCM", new JobMessageCodec(SigningKeys.none(), encryption, CLOCK));
		CODECS.put("HS256 in A256GCM", new JobMessageCodec(signing("k1"), encryption, CLOCK));
	}

	private static SigningKeys signing(String keyId) {
		return new SigningKeys(keyId, Map.of("k1", KeyMaterial.of(SECRET), "e1", KeyMaterial.of(TestKeys.ED25519)),
				"paperwork", Duration.ofDays(32));
	}

	/**
	 * The input is what a caller sends.
	 */
	@FuzzTest
	void readsAMessageOrRefusesIt(byte[] body) {
		CODECS.forEach((name, codec) -> {
			for (boolean trusted : new boolean[] { true, false }) {
				DecodedMessage decoded = decode(codec, body, trusted);
				if (decoded != null) {
					assertThat(trusted || decoded.isSigned()).as(name).isTrue();
					assertThat(trusted || !decoded.isExpired()).as(name).isTrue();
					assertWellFormed(decoded.message());
					assertComesBack(body.length, decoded.message());
				}
			}
		});
	}

	/**
	 * The input is the header of a signature, a line feed, and what is signed: the sender
	 * has a key and makes mistakes, or means harm.
	 */
	@FuzzTest
	void readsWhatAKeyVouchesForOrRefusesIt(byte[] input) {
		int line = indexOf(input, '\n');
		byte[] header = Arrays.copyOf(input, line);
		byte[] payload = Arrays.copyOfRange(input, Math.min(line + 1, input.length), input.length);
		byte[] body = jws(header, payload);
		CODECS.forEach((name, codec) -> {
			DecodedMessage decoded = decode(codec, body, false);
			if (decoded != null) {
				assertThat(name).isNotEqualTo("plain");
				assertThat(decoded.isSigned()).isTrue();
				assertWellFormed(decoded.message());
				assertComesBack(input.length, decoded.message());
			}
		});
	}

	/**
	 * The input is a change to a message as each codec writes it: where, as two bytes,
	 * how many bytes are taken away, as one, and what is put there. A protected message
	 * is refused or is the one that was written.
	 */
	@FuzzTest
	void readsNoProtectedMessageThatWasChanged(byte[] change) {
		JobMessage written = JobMessage
			.builder("0198a6a2-94c8-7b0e-8f0a-000000000001", "reports.generate", "default", "[{\"id\":7}]",
					CLOCK.instant())
			.build();
		CODECS.forEach((name, codec) -> {
			byte[] body = changed(codec.encode(written).bytes(), change);
			DecodedMessage decoded = decode(codec, body, false);
			if (decoded != null) {
				assertThat(decoded.message()).as(name).isEqualTo(written);
			}
		});
	}

	private static @Nullable DecodedMessage decode(JobMessageCodec codec, byte[] body, boolean trusted) {
		Object result = InputCost.limited(body, () -> decodeOrRefuse(codec, body, trusted));
		if (result instanceof UntrustedMessageException refusal) {
			assertThat(refusal).hasMessage(refusal.reason().name()).hasNoCause();
		}
		else if (result instanceof UnreadableMessageException refusal) {
			assertThat(refusal).hasNoCause();
			assertThat(refusal.getMessage()).matches(REFUSALS);
		}
		return (result instanceof DecodedMessage decoded) ? decoded : null;
	}

	private static Object decodeOrRefuse(JobMessageCodec codec, byte[] body, boolean trusted) {
		try {
			return codec.decode(body, trusted);
		}
		catch (UntrustedMessageException | UnreadableMessageException ex) {
			return ex;
		}
	}

	private static void assertWellFormed(JobMessage message) {
		assertThat(MessageNames.isId(message.id())).isTrue();
		assertThat(MessageNames.isJob(message.job())).isTrue();
		assertThat(MessageNames.isQueue(message.queue())).isTrue();
		assertThat(message.v()).isPositive();
		assertThat(message.seq()).isNotNegative();
		assertThat(message.attempt()).isPositive();
		assertThat(message.interruptions()).isNotNegative();
		assertThat(message.unknown()).isNotNegative();
		assertThat(message.args()).startsWith("[").endsWith("]");
	}

	// Through one of the codecs, the same for the same input: signing takes long.
	private static void assertComesBack(int choice, JobMessage message) {
		JobMessageCodec codec = List.copyOf(CODECS.values()).get(choice % CODECS.size());
		EncodedMessage written = codec.encode(message);
		JobMessage back = codec.decode(written.bytes(), !codec.signs()).message();
		assertThat(back).isEqualTo(inMillis(message));
		// Nobody counts to the billion that is the largest 'seq'.
		if (message.seq() < 1_000_000_000) {
			JobMessage successor = message.successor().build();
			assertThat(codec.decode(codec.encode(successor).bytes(), !codec.signs()).message())
				.isEqualTo(inMillis(successor));
		}
	}

	// What we write has milliseconds, what comes may be finer. A newer version is kept as
	// it is.
	private static JobMessage inMillis(JobMessage message) {
		if (!message.isKnownVersion()) {
			return message;
		}
		JobMessageBuilder builder = new JobMessageBuilder(message.v(), message.id(), message.job(), message.queue(),
				message.args(), message.enqueuedAt().truncatedTo(ChronoUnit.MILLIS));
		message.extra().forEach(builder::extra);
		return builder.seq(message.seq())
			.attempt(message.attempt())
			.runAt(inMillis(message.runAt()))
			.expiresAt(inMillis(message.expiresAt()))
			.priority(message.priority())
			.interruptions(message.interruptions())
			.unknown(message.unknown())
			.relay(message.relay())
			.error(message.error())
			.headers(message.headers())
			.parallel(message.parallel())
			.iteration(message.iteration())
			.build();
	}

	private static @Nullable Instant inMillis(@Nullable Instant time) {
		return (time != null) ? time.truncatedTo(ChronoUnit.MILLIS) : null;
	}

	private static byte[] changed(byte[] body, byte[] change) {
		if (change.length < 3) {
			return body;
		}
		int start = (((change[0] & 0xFF) << 8) + (change[1] & 0xFF)) % (body.length + 1);
		int end = Math.min(body.length, start + (change[2] & 0xFF));
		String text = new String(body, 0, start, StandardCharsets.ISO_8859_1)
				+ new String(change, 3, change.length - 3, StandardCharsets.ISO_8859_1)
				+ new String(body, end, body.length - end, StandardCharsets.ISO_8859_1);
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static int indexOf(byte[] input, char c) {
		int index = 0;
		while (index < input.length && input[index] != c) {
			index++;
		}
		return index;
	}

	private static byte[] jws(byte[] header, byte[] payload) {
		Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
		String signed = base64.encodeToString(header) + "." + base64.encodeToString(payload);
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(Base64.getDecoder().decode(SECRET), "HmacSHA256"));
			byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
			return (signed + "." + base64.encodeToString(signature)).getBytes(StandardCharsets.US_ASCII);
		}
		catch (java.security.GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
