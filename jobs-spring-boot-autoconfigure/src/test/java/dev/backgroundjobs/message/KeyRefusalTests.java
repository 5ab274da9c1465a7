package dev.backgroundjobs.message;

import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import dev.backgroundjobs.TestKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Keys that nobody should use, each with the sentence that says why, and none with its
 * value.
 */
class KeyRefusalTests {

	private static final String GOOD = TestKeys.secret("good");

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					'' | is empty
					abcd | 3 bytes, HS256 needs 32 or more
					*** nothing *** | is not base64
					change-me-now | base64
					${JOBS_KEY_1} | placeholder that nothing resolves
					AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | repeats itself
					AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= | counts up or down
					Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA= | counts up or down
					HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= | counts up or down
					AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE= | counts up or down
					ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ | counts up or down
					MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= | repeats itself
					c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldCE= | readable text
					eW91ci0yNTYtYml0LWtleS1nb2VzLWluLWhlcmUsIG9rPyE= | readable text
					changemechangemechangemechangemechangemechangeme | repeats itself
					mysecretkeymysecretkeymysecretkeymysecretkey | repeats itself
					this-is-nothing-that-anybody-ought-to-be-using-0 | words or hex digits
					THIS/IS/NOTHING/THAT/ANYBODY/OUGHT/TO/BE/USING/0 | words or hex digits
					4f1c0a7be2d95836aa04c1ff7e2b9d630581c4e7b2f09a6d3c58e17f40a2b6d9 | words or hex digits
					ThisIsMySuperSecretKeyForSigningJobMessages1 | words or hex digits
					AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow | printed in a standard
					hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg | printed in a standard
					""")
	void refusesAKeyForSigning(String key, String problem) {
		assertRefused(key, null, "jobs.signing.keys.k1", problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			'' | is empty
			AAECAwQFBgcICQoLDA0ODw== | 16 bytes, A256GCM needs exactly 32
			*** nothing *** | is not base64
			{"kty":"oct","k":"AAAA"} | is not base64
			${JOBS_KEY_1} | placeholder that nothing resolves
			/////////////////////////////////////////w== | 31 bytes
			//////////////////////////////////////////8= | repeats itself
			AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= | counts up or down
			cGFzc3dvcmRwYXNzd29yZHBhc3N3b3JkcGFzc3dvcmQ= | repeats itself
			dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIGE= | readable text
			AAPapAv4LbFbiVawEjagUBluYqN5rhna-8nuldDvOx8 | printed in a standard
			""")
	void refusesAKeyForEncryption(String key, String problem) {
		assertRefused(null, key, "jobs.encryption.keys.e1", problem);
	}

	@Test
	void refusesALongerKeyForEncryption() {
		byte[] key = new byte[64];
		new Random(1).nextBytes(key);
		String text = Base64.getEncoder().encodeToString(key);
		assertRefused(null, text, "jobs.encryption.keys.e1", "64 bytes, A256GCM needs exactly 32");
		assertThat(codec(Map.of("k1", text), Map.of()).acceptsSignatures()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"kty\":\"RSA\"}", "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}",
			"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}", "{\"kty\":\"oct\",\"k\":\"AAAA\"}" })
	void refusesAJwkThatIsNotOfAnEd25519Key(String jwk) {
		assertRefused(jwk, null, "jobs.signing.keys.k1", "a JWK with \"kty\":\"OKP\" and \"crv\":\"Ed25519\"");
	}

	@Test
	void refusesTheEd25519KeyOfTheStandard() {
		String x = "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"";
		String d = "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"";
		assertRefused("{" + x + "}", null, "jobs.signing.keys.k1", "printed in a standard");
		assertRefused("{" + x + "," + d + "}", null, "jobs.signing.keys.k1", "printed in a standard");
	}

	@Test
	void refusesToSignWithAPublicKey() {
		SigningKeys keys = new SigningKeys("k1", Map.of("k1", KeyMaterial.of(TestKeys.ED25519_PUBLIC)), null,
				SigningKeys.DEFAULT_MAX_AGE);
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> new JobMessageCodec(keys, Clock.systemUTC()))
			.withMessageContaining("'jobs.signing.keys.k1' is a public key, which cannot sign");
	}

	@Test
	void refusesOneSecretForSigningAndEncryption() {
		assertRefused(GOOD, GOOD, "jobs.encryption.keys.e1", "is the same key as 'jobs.signing.keys.k1'");
	}

	@Test
	void refusesOneSecretUnderTwoIds() {
		assertSameKey("jobs.signing.keys.", () -> codec(Map.of("a", GOOD, "b", GOOD), Map.of()));
		assertSameKey("jobs.encryption.keys.", () -> codec(Map.of(), Map.of("a", GOOD, "b", GOOD)));
		assertSameKey("jobs.signing.keys.",
				() -> codec(Map.of("a", GOOD, "b", GOOD.replace('+', '-').replace('/', '_').replace("=", "")),
						Map.of()));
		assertSameKey("jobs.signing.keys.",
				() -> codec(Map.of("a", TestKeys.ED25519, "b", TestKeys.ED25519), Map.of()));
	}

	@Test
	void refusesASecretThatIsThePrivateHalfOfAnother() {
		String secret = TestKeys.ED25519.replaceFirst(".*\"d\":\"([^\"]*)\".*", "$1");
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> codec(Map.of("k1", TestKeys.ED25519), Map.of("e1", secret)))
			.withMessageContaining("is the same key as");
	}

	@Test
	void refusesTwoKeysWhoseIdsAreOneInTheEnvironment() {
		Map<String, String> keys = Map.of("k-1", GOOD, "K1", TestKeys.secret("other"));
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> codec(keys, Map.of()))
			.withMessageContaining("'jobs.signing.keys.")
			.withMessageContaining("differ only in dashes");
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> codec(Map.of(), keys))
			.withMessageContaining("'jobs.encryption.keys.")
			.withMessageContaining("differ only in dashes");
	}

	@Test
	void refusesToUseAKeyThatIsNotThere() {
		Map<String, KeyMaterial> keys = Map.of("k1", KeyMaterial.of(GOOD));
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> new SigningKeys("k2", keys, null, SigningKeys.DEFAULT_MAX_AGE))
			.withMessage("Property 'jobs.signing.key-id' is 'k2', which is none of the keys under "
					+ "'jobs.signing.keys': [k1]");
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> new EncryptionKeys("e2", Map.of()))
			.withMessage("Property 'jobs.encryption.key-id' is 'e2', which is none of the keys under "
					+ "'jobs.encryption.keys': add it there");
	}

	@Test
	void acceptsWhatIsRandom() {
		Random random = new Random(7);
		for (int i = 0; i < 20_000; i++) {
			byte[] key = new byte[32 + (i % 3) * 16];
			random.nextBytes(key);
			assertThat(GuessableKeys.problem(key)).as(Base64.getEncoder().encodeToString(key)).isNull();
		}
	}

	@Test
	void readsNoKeyBeforeItIsNeeded() {
		JobMessageCodec codec = new JobMessageCodec(() -> {
			throw new InvalidKeyException("jobs.signing.keys.k1", "was read");
		}, EncryptionKeys::none, Clock.systemUTC());
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(codec::acceptsSignatures)
			.withMessageContaining("was read");
	}

	@Test
	void showsNoKey() {
		EncryptionKeys keys = new EncryptionKeys("e1", Map.of("e1", KeyMaterial.of(GOOD)));
		assertThat(keys.toString()).contains("******").doesNotContain(GOOD.substring(0, 8));
	}

	private static void assertRefused(@Nullable String signing, @Nullable String encryption, String property,
			String problem) {
		Map<String, String> none = Map.of();
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> codec((signing != null) ? Map.of("k1", signing) : none,
					(encryption != null) ? Map.of("e1", encryption) : none))
			.withMessageStartingWith("Property '" + property + "' ")
			.withMessageContaining(problem)
			.satisfies((ex) -> {
				String key = String.valueOf((encryption != null) ? encryption : signing);
				if (key.length() > 8) {
					assertThat(ex.getMessage()).doesNotContain(key.substring(0, 8));
				}
			});
	}

	private static void assertSameKey(String prefix, Runnable codec) {
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(codec::run)
			.withMessageContaining("'" + prefix + "a'")
			.withMessageContaining("'" + prefix + "b'")
			.withMessageContaining("is the same key as");
	}

	private static JobMessageCodec codec(Map<String, String> signing, Map<String, String> encryption) {
		return new JobMessageCodec(new SigningKeys(null, material(signing), null, SigningKeys.DEFAULT_MAX_AGE),
				new EncryptionKeys(null, material(encryption)), Clock.systemUTC());
	}

	private static Map<String, KeyMaterial> material(Map<String, String> keys) {
		Map<String, KeyMaterial> material = new LinkedHashMap<>();
		keys.forEach((id, text) -> material.put(id, KeyMaterial.of(text)));
		return material;
	}

}
