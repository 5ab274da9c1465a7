package dev.backgroundjobs.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages as they lie in queues: each file must decode for ever. Files are added, never
 * changed.
 */
class GoldenMessageTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T00:00:00Z"), ZoneOffset.UTC);

	private static final KeyMaterial HMAC = KeyMaterial.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

	// RFC 8037, A.1.
	private static final KeyMaterial ED25519 = KeyMaterial
		.of("{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
				+ "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");

	private static final KeyMaterial ED25519_PUBLIC = KeyMaterial
		.of("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");

	private static final SigningKeys KEYS = new SigningKeys(null, Map.of("k1", HMAC, "e1", ED25519_PUBLIC), "paperwork",
			Duration.ofDays(32));

	private final JobMessageCodec plain = new JobMessageCodec(SigningKeys.none(), CLOCK);

	@Test
	void readsThePlainMinimalMessage() {
		// when
		JobMessage message = this.plain.decode(golden("message-v1-minimal.json"), true).message();

		// then
		assertThat(message).isEqualTo(
				JobMessage
					.builder("0198a6a2-94c8-7b0e-8f0a-000000000001", "reports.generate", "default", "[]",
							Instant.parse("2026-03-01T10:11:12.345Z"))
					.build());
	}

	@Test
	void readsThePlainFullMessage() {
		assertFull(this.plain.decode(golden("message-v1-full.json"), true).message());
	}

	@Test
	void readsTheMessageSignedWithHs256() {
		// when
		DecodedMessage decoded = new JobMessageCodec(KEYS, CLOCK).decode(golden("message-v1-hs256.jose"), false);

		// then
		assertThat(decoded.isSigned()).isTrue();
		assertThat(decoded.isExpired()).isFalse();
		assertFull(decoded.message());
	}

	@Test
	void readsTheMessageSignedWithEdDsa() {
		// when
		DecodedMessage decoded = new JobMessageCodec(KEYS, CLOCK).decode(golden("message-v1-eddsa.jose"), false);

		// then
		assertThat(decoded.isSigned()).isTrue();
		assertFull(decoded.message());
	}

	@Test
	void readsASignedMessageCarriedAsAJsonString() {
		byte[] body = ("\n \"" + text("message-v1-hs256.jose") + "\"\n").getBytes(StandardCharsets.UTF_8);
		assertFull(new JobMessageCodec(KEYS, CLOCK).decode(body, false).message());
	}

	@ParameterizedTest
	@ValueSource(strings = { "message-v1-minimal.json", "message-v1-full.json", "message-v2.json" })
	void writesWhatItRead(String file) {
		// given
		JobMessage message = this.plain.decode(golden(file), true).message();

		// when
		EncodedMessage written = this.plain.encode(message);

		// then
		assertThat(written.text()).isEqualTo(text(file));
		assertThat(written.mediaType()).isEqualTo("application/json");
	}

	@Test
	void signsAsEver() {
		// given
		JobMessage message = this.plain.decode(golden("message-v1-full.json"), true).message();
		Clock then = Clock.fixed(Instant.parse("2026-03-01T10:11:12.345Z"), ZoneOffset.UTC);
		SigningKeys hs256 = new SigningKeys("k1", Map.of("k1", HMAC), "paperwork", Duration.ofDays(32));
		SigningKeys eddsa = new SigningKeys("e1", Map.of("e1", ED25519), "paperwork", Duration.ofDays(32));

		// then
		assertThat(new JobMessageCodec(hs256, then).encode(message).text()).isEqualTo(text("message-v1-hs256.jose"));
		assertThat(new JobMessageCodec(eddsa, then).encode(message).text()).isEqualTo(text("message-v1-eddsa.jose"));
	}

	@Test
	void signsOverTheVeryBytesOfThePlainForm() throws Exception {
		// given
		String[] parts = text("message-v1-hs256.jose").split("\\.");
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(Base64.getDecoder().decode("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
				"HmacSHA256"));

		// when
		byte[] expected = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));

		// then
		assertThat(Base64.getUrlDecoder().decode(parts[2])).isEqualTo(expected);
		assertThat(Base64.getUrlDecoder().decode(parts[1])).isEqualTo(golden("message-v1-full.json"));
	}

	@Test
	void namesKeyTimeAndAudienceInTheHeader() {
		String header = new String(Base64.getUrlDecoder().decode(text("message-v1-hs256.jose").split("\\.")[0]),
				StandardCharsets.UTF_8);
		assertThat(header).contains("\"alg\":\"HS256\"", "\"kid\":\"k1\"", "\"iat\":1772359872", "\"exp\":1775125272",
				"\"aud\":\"paperwork\"");
	}

	@Test
	void keepsUnknownFieldsInASuccessorAsTheyCame() {
		// given
		JobMessage message = this.plain.decode(golden("message-v1-full.json"), true).message();

		// when
		String successor = this.plain.encode(message.successor().attempt(4).build()).text();

		// then
		assertThat(successor).isEqualTo(text("message-v1-full.json").replace("\"seq\":7", "\"seq\":8")
			.replace("\"attempt\":3", "\"attempt\":4"));
	}

	@Test
	void keepsANewerVersionWholeInASuccessor() {
		// given
		JobMessage message = this.plain.decode(golden("message-v2.json"), true).message();
		assertThat(message.isKnownVersion()).isFalse();

		// when
		String successor = this.plain.encode(message.successor().unknown(1).build()).text();

		// then
		assertThat(successor).isEqualTo(text("message-v2.json").replace("\"seq\":3", "\"seq\":4")
			.replace("\"queue\":\"default\"", "\"queue\":\"default\",\"args\":{\"named\":1.10}")
			.replaceFirst("\"args\":\\{\"named\":1.10},\"args\"", "\"unknown\":1,\"args\""));
	}

	private static void assertFull(JobMessage message) {
		assertThat(message.id()).isEqualTo("0198a6a2-94c8-7b0e-8f0a-000000000002");
		assertThat(message.deliveryKey()).isEqualTo("0198a6a2-94c8-7b0e-8f0a-000000000002:7");
		assertThat(message.job()).isEqualTo("reports.generate");
		assertThat(message.queue()).isEqualTo("bulk-mail");
		assertThat(message.args()).isEqualTo("[{\"documentId\":\"a\\u0301 Grüße 世界 \uD83D\uDE00\",\"amount\":1.10,"
				+ "\"big\":1180591620717411303424,\"huge\":1e400,\"list\":[ 1, null ,true ]},\"text\",null]");
		assertThat(message.attempt()).isEqualTo(3);
		assertThat(message.enqueuedAt()).isEqualTo("2026-03-01T10:11:12.345Z");
		assertThat(message.runAt()).isEqualTo("2026-03-01T10:21:12.345Z");
		assertThat(message.expiresAt()).isEqualTo("2026-03-02T10:11:12.345Z");
		assertThat(message.priority()).isEqualTo(-5);
		assertThat(message.interruptions()).isEqualTo(2);
		assertThat(message.unknown()).isEqualTo(4);
		assertThat(message.relay()).isTrue();
		assertThat(message.error()).isEqualTo(new JobError("java.io.IOException", "disk \"full\""));
		assertThat(message.headers()).containsEntry("tenant", "grün").hasSize(2);
		assertThat(message.extra())
			.containsEntry("iteration", "{\"cursor\": {\"id\":1.10, \"next\":[ ]},\"processed\":3}")
			.containsEntry("flag", "true")
			.containsEntry("note", "\"a \\/ \\u00fc \\\"b\\\"\"")
			.containsEntry("ratio", "1.100")
			.containsEntry("nothing", "null")
			.hasSize(5);
	}

	private static String text(String file) {
		return new String(golden(file), StandardCharsets.UTF_8);
	}

	private static byte[] golden(String file) {
		try (InputStream in = GoldenMessageTests.class.getResourceAsStream("/golden/" + file)) {
			assertThat(in).as(file).isNotNull();
			return in.readAllBytes();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
