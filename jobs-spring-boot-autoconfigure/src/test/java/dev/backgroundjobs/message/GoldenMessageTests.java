package dev.backgroundjobs.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.ParallelPart;
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

	private static final KeyMaterial HMAC = KeyMaterial.of(TestKeys.secret("golden HS256"));

	private static final KeyMaterial ED25519 = KeyMaterial.of(TestKeys.ED25519);

	private static final EncryptionKeys ENCRYPTION = new EncryptionKeys("c1",
			Map.of("c1", KeyMaterial.of(TestKeys.secret("golden A256GCM"))));

	private static final SigningKeys KEYS = new SigningKeys(null,
			Map.of("k1", HMAC, "e1", KeyMaterial.of(TestKeys.ED25519_PUBLIC)), "paperwork", Duration.ofDays(32));

	private final JobMessageCodec all = new JobMessageCodec(KEYS, ENCRYPTION, CLOCK);

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

	@ParameterizedTest
	@ValueSource(strings = { "message-v1-hs256.jose", "message-v1-eddsa.jose" })
	void readsTheSignedMessage(String file) {
		// when
		DecodedMessage decoded = this.all.decode(golden(file), false);

		// then
		assertThat(decoded.isSigned()).isTrue();
		assertThat(decoded.isEncrypted()).isFalse();
		assertThat(decoded.isExpired()).isFalse();
		assertFull(decoded.message());
	}

	@ParameterizedTest
	@ValueSource(strings = { "message-v1-encrypted-hs256.jose", "message-v1-encrypted-eddsa.jose" })
	void readsTheSignedAndEncryptedMessage(String file) {
		// when
		DecodedMessage decoded = this.all.decode(golden(file), false);

		// then
		assertThat(decoded.isSigned()).isTrue();
		assertThat(decoded.isEncrypted()).isTrue();
		assertThat(decoded.isExpired()).isFalse();
		assertFull(decoded.message());
	}

	@Test
	void readsTheEncryptedMessage() {
		// when
		DecodedMessage decoded = this.all.decode(golden("message-v1-encrypted.jose"), true);

		// then
		assertThat(decoded.isSigned()).isFalse();
		assertThat(decoded.isEncrypted()).isTrue();
		assertFull(decoded.message());
	}

	@ParameterizedTest
	@ValueSource(strings = { "message-v2-hs256.jose", "message-v2-encrypted-hs256.jose", "message-v2-encrypted.jose" })
	void readsAProtectedMessageOfANewerVersion(String file) {
		// when
		JobMessage message = this.all.decode(golden(file), true).message();

		// then
		assertThat(message.isKnownVersion()).isFalse();
		assertThat(message).isEqualTo(this.plain.decode(golden("message-v2.json"), true).message());
	}

	@ParameterizedTest
	@ValueSource(strings = { "message-v1-hs256.jose", "message-v1-encrypted-hs256.jose" })
	void readsAProtectedMessageCarriedAsAJsonString(String file) {
		byte[] body = ("\n \"" + text(file) + "\"\n").getBytes(StandardCharsets.UTF_8);
		assertFull(this.all.decode(body, false).message());
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
		mac.init(new SecretKeySpec(Base64.getDecoder().decode(TestKeys.secret("golden HS256")), "HmacSHA256"));

		// when
		byte[] expected = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));

		// then
		assertThat(Base64.getUrlDecoder().decode(parts[2])).isEqualTo(expected);
		assertThat(Base64.getUrlDecoder().decode(parts[1])).isEqualTo(golden("message-v1-full.json"));
	}

	@Test
	void encryptsTheVeryBytesOfTheSignedForm() throws Exception {
		// given
		String[] parts = text("message-v1-encrypted-hs256.jose").split("\\.");
		Base64.Decoder base64 = Base64.getUrlDecoder();
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(Cipher.DECRYPT_MODE,
				new SecretKeySpec(Base64.getDecoder().decode(TestKeys.secret("golden A256GCM")), "AES"),
				new GCMParameterSpec(128, base64.decode(parts[2])));
		cipher.updateAAD(parts[0].getBytes(StandardCharsets.US_ASCII));
		cipher.update(base64.decode(parts[3]));

		// when
		byte[] content = cipher.doFinal(base64.decode(parts[4]));

		// then
		assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo(text("message-v1-hs256.jose"));
		assertThat(parts[1]).isEmpty();
	}

	@Test
	void namesKeyTimeAndAudienceInTheHeaderOfTheSignedForm() {
		assertThat(header("message-v1-hs256.jose")).contains("\"alg\":\"HS256\"", "\"kid\":\"k1\"",
				"\"iat\":1772359872", "\"exp\":1775125272", "\"aud\":\"paperwork\"");
	}

	@Test
	void namesKeyAndContentInTheHeaderOfTheEncryptedForm() {
		// given
		SigningKeys signing = new SigningKeys("k1", Map.of("k1", HMAC), null, Duration.ofDays(32));
		String[] common = { "\"alg\":\"dir\"", "\"enc\":\"A256GCM\"", "\"kid\":\"c1\"" };

		// then
		for (String header : List.of(header("message-v1-encrypted-hs256.jose"), header(encrypted(signing)))) {
			assertThat(header).contains(common).contains("\"cty\":\"JOSE\"").hasSize(53);
		}
		for (String header : List.of(header("message-v1-encrypted.jose"), header(encrypted(SigningKeys.none())))) {
			assertThat(header).contains(common).contains("\"cty\":\"json\"").hasSize(53);
		}
	}

	private byte[] encrypted(SigningKeys signing) {
		JobMessage message = this.plain.decode(golden("message-v1-full.json"), true).message();
		return new JobMessageCodec(signing, ENCRYPTION, CLOCK).encode(message).bytes();
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
		assertThat(message.parallel()).isEqualTo(new ParallelPart("0198a6a2-94c8-7b0e-8f0a-000000000001", 1, 3));
		assertThat(message.iteration()).isEqualTo(new IterationState("process", List.of("validate"),
				"{\"id\":1.10, \"next\":[ ]}", "\"z\"", 3, 9_000_000_000L, 2, 1, 4_200, 1, List.of("{\"id\":1}", "2"),
				List.of("5", "\"m\""), Map.of("pace", "\"slow\"")));
		assertThat(message.error()).isEqualTo(new JobError("java.io.IOException", "disk \"full\""));
		assertThat(message.headers()).containsEntry("tenant", "grün").hasSize(2);
		assertThat(message.extra()).containsEntry("later", "{\"cursor\": {\"id\":1.10, \"next\":[ ]},\"processed\":3}")
			.containsEntry("flag", "true")
			.containsEntry("note", "\"a \\/ \\u00fc \\\"b\\\"\"")
			.containsEntry("ratio", "1.100")
			.containsEntry("nothing", "null")
			.hasSize(5);
	}

	private static String header(String file) {
		return header(golden(file));
	}

	private static String header(byte[] form) {
		return new String(Base64.getUrlDecoder().decode(new String(form, StandardCharsets.US_ASCII).split("\\.")[0]),
				StandardCharsets.UTF_8);
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
