package dev.backgroundjobs.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

import dev.backgroundjobs.HandmadeForms;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.message.UntrustedMessageException.Reason;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an encrypted form is, what it says of its sender, and what is made to look like
 * one.
 */
class EncryptedFormTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T10:11:12.345Z"), ZoneOffset.UTC);

	private static final String K1 = TestKeys.secret("k1");

	private static final String E1 = TestKeys.secret("e1");

	private static final String E2 = TestKeys.secret("e2");

	private static final SigningKeys SIGNING = new SigningKeys("k1", Map.of("k1", KeyMaterial.of(K1)), "paperwork",
			Duration.ofDays(32));

	private static final EncryptionKeys ENCRYPTION = new EncryptionKeys("e1", Map.of("e1", KeyMaterial.of(E1)));

	private static final byte[] JSON = ("{\"v\":1,\"id\":\"0198a6a2-94c8-7b0e-8f0a-000000000001\",\"seq\":0,"
			+ "\"job\":\"a\",\"queue\":\"b\",\"args\":[],\"attempt\":1,\"enqueuedAt\":\"2026-03-01T10:11:12.345Z\"}")
		.getBytes(StandardCharsets.UTF_8);

	private static final String PLAIN_HEADER = header("\"cty\":\"json\"");

	private static final String SIGNED_HEADER = header("\"cty\":\"JOSE\"");

	private final JobMessageCodec encrypting = new JobMessageCodec(SigningKeys.none(), ENCRYPTION, CLOCK);

	private final JobMessageCodec both = new JobMessageCodec(SIGNING, ENCRYPTION, CLOCK);

	private final JobMessage message = JobMessageReader.read(JSON);

	@Test
	void saysOfAnEncryptedMessageThatItIsNotSigned() {
		DecodedMessage decoded = this.both.decode(bytes(HandmadeForms.encrypt(PLAIN_HEADER, JSON, E1)), true);
		assertThat(decoded).isEqualTo(new DecodedMessage(this.message, false, true, false));
	}

	@Test
	void saysOfASignedAndEncryptedMessageThatItIsBoth() {
		DecodedMessage decoded = this.both.decode(this.both.encode(this.message).bytes(), false);
		assertThat(decoded).isEqualTo(new DecodedMessage(this.message, true, true, false));
	}

	@Test
	void travelsAsJose() {
		assertThat(this.encrypting.encode(this.message).mediaType()).isEqualTo("application/jose");
		assertThat(this.both.encode(this.message).mediaType()).isEqualTo("application/jose");
	}

	@Test
	void showsNothingOfTheMessage() {
		String text = this.both.encode(this.message).text();
		for (String part : text.split("\\.")) {
			assertThat(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.ISO_8859_1))
				.doesNotContain("0198a6a2", "enqueuedAt", "paperwork", "k1");
		}
	}

	@Test
	void neverUsesAnInitializationVectorTwice() {
		Set<String> vectors = new HashSet<>();
		for (int i = 0; i < 1000; i++) {
			vectors.add(this.encrypting.encode(this.message).text().split("\\.")[2]);
		}
		assertThat(vectors).hasSize(1000);
	}

	@Test
	void beingAbleToEncryptVouchesForNobody() {
		byte[] encrypted = this.encrypting.encode(this.message).bytes();
		assertUntrusted(this.both, encrypted, false, Reason.UNSIGNED);
	}

	@Test
	void decryptsNothingForACallerThatCouldNotBeTrustedAnyway() {
		byte[] broken = bytes(PLAIN_HEADER + "....");
		assertUntrusted(this.encrypting, broken, false, Reason.UNSIGNED);
	}

	@Test
	void verifiesTheSignatureInsideForATrustedCallerToo() {
		String signed = HandmadeForms.sign("{\"alg\":\"HS256\",\"kid\":\"k1\"}", JSON, E2);
		assertUntrusted(this.both, bytes(HandmadeForms.encrypt(SIGNED_HEADER, bytes(signed), E1)), true,
				Reason.WRONG_SIGNATURE);
	}

	@Test
	void knowsTheAgeAndTheAudienceOfTheSignatureInside() {
		// given
		byte[] body = this.both.encode(this.message).bytes();
		JobMessageCodec later = new JobMessageCodec(SIGNING, ENCRYPTION, Clock.offset(CLOCK, Duration.ofDays(33)));
		JobMessageCodec other = new JobMessageCodec(
				new SigningKeys(null, SIGNING.keys(), "bakery", SigningKeys.DEFAULT_MAX_AGE), ENCRYPTION, CLOCK);

		// then
		assertUntrusted(later, body, false, Reason.EXPIRED);
		assertThat(later.decode(body, true).isExpired()).isTrue();
		assertUntrusted(other, body, true, Reason.WRONG_AUDIENCE);
	}

	@Test
	void anEncryptedMessageWithoutASignatureNeverExpires() {
		byte[] body = this.encrypting.encode(this.message).bytes();
		JobMessageCodec later = new JobMessageCodec(SigningKeys.none(), ENCRYPTION,
				Clock.offset(CLOCK, Duration.ofDays(4000)));
		assertThat(later.decode(body, true).isExpired()).isFalse();
	}

	@Test
	void acceptsASignedMessageThatIsNotEncrypted() {
		byte[] signed = new JobMessageCodec(SIGNING, CLOCK).encode(this.message).bytes();
		assertThat(this.both.decode(signed, false).isEncrypted()).isFalse();
	}

	@Test
	void refusesAKeyThatIsNotThere() {
		byte[] body = this.encrypting.encode(this.message).bytes();
		assertUntrusted(new JobMessageCodec(SIGNING, CLOCK), body, true, Reason.UNKNOWN_KEY);
		assertUntrusted(new JobMessageCodec(SIGNING, new EncryptionKeys("e2", Map.of("e2", KeyMaterial.of(E1))), CLOCK),
				body, true, Reason.UNKNOWN_KEY);
	}

	@Test
	void refusesASignatureInsideForWhichThereIsNoKey() {
		assertUntrusted(this.encrypting, this.both.encode(this.message).bytes(), true, Reason.UNKNOWN_KEY);
	}

	@Test
	void aKeyForSigningDecryptsNothing() {
		assertUntrusted(this.both,
				bytes(HandmadeForms.encrypt(header("\"kid\":\"k1\"").replace("\"kid\":\"e1\",", ""), JSON, K1)), true,
				Reason.UNKNOWN_KEY);
		assertUntrusted(this.both, bytes(HandmadeForms.encrypt(PLAIN_HEADER, JSON, K1)), true, Reason.NOT_DECRYPTABLE);
	}

	@Test
	void aKeyForEncryptionSignsNothing() {
		assertUntrusted(this.both, bytes(HandmadeForms.sign("{\"alg\":\"HS256\",\"kid\":\"e1\"}", JSON, E1)), true,
				Reason.UNKNOWN_KEY);
	}

	@Test
	void findsAKeyWhoseIdLostItsDashesInTheEnvironment() {
		JobMessageCodec writer = new JobMessageCodec(SigningKeys.none(),
				new EncryptionKeys("key-1", Map.of("key-1", KeyMaterial.of(E1))), CLOCK);
		JobMessageCodec reader = new JobMessageCodec(SigningKeys.none(),
				new EncryptionKeys(null, Map.of("KEY1", KeyMaterial.of(E1))), CLOCK);
		assertThat(reader.decode(writer.encode(this.message).bytes(), true).isEncrypted()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "JOSE", "jose", "application/jose" })
	void knowsASignedFormInsideByItsContentType(String type) {
		String body = HandmadeForms.encrypt(header("\"cty\":\"" + type + "\""), signed(), E1);
		assertThat(this.both.decode(bytes(body), false).isSigned()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"x\":1", "\"cty\":null", "\"cty\":\"json\"", "\"cty\":\"application/json\"" })
	void takesAnyOtherContentForJson(String type) {
		assertThat(this.both.decode(bytes(HandmadeForms.encrypt(header(type), JSON, E1)), true).isSigned()).isFalse();
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> this.both.decode(bytes(HandmadeForms.encrypt(header(type), signed(), E1)), true));
	}

	@ParameterizedTest
	@MethodSource
	void refusesAnEncryptedFormThatIsNotOurs(String body, Reason reason) {
		assertUntrusted(this.both, bytes(body), false, reason);
		if (reason == Reason.MALFORMED) {
			assertThatExceptionOfType(UnreadableMessageException.class)
				.isThrownBy(() -> this.both.decode(bytes(body), true));
		}
		else {
			assertUntrusted(this.both, bytes(body), true, reason);
		}
	}

	static Stream<Arguments> refusesAnEncryptedFormThatIsNotOurs() {
		String good = HandmadeForms.encrypt(SIGNED_HEADER, signed(), E1);
		String[] parts = good.split("\\.");
		String[] other = HandmadeForms
			.encrypt(SIGNED_HEADER, signed(), E1, "another vect".getBytes(StandardCharsets.US_ASCII))
			.split("\\.");
		String rest = ".." + parts[2] + "." + parts[3] + "." + parts[4];
		Reason tag = Reason.NOT_DECRYPTABLE;
		Reason algorithm = Reason.WRONG_ALGORITHM;
		Reason malformed = Reason.MALFORMED;
		return Stream.of(arguments("wrong key", HandmadeForms.encrypt(SIGNED_HEADER, signed(), E2), tag),
				arguments("tag of another", String.join(".", parts[0], "", parts[2], parts[3], other[4]), tag),
				arguments("vector of another", String.join(".", parts[0], "", other[2], parts[3], parts[4]), tag),
				arguments("content of another", String.join(".", parts[0], "", parts[2], other[3], parts[4]), tag),
				arguments("header of another",
						HandmadeForms.base64(PLAIN_HEADER.getBytes(StandardCharsets.UTF_8)) + rest, tag),
				arguments("truncated content",
						String.join(".", parts[0], "", parts[2], parts[3].substring(0, 40), parts[4]), tag),
				arguments("truncated tag", good.substring(0, good.length() - 2), malformed),
				arguments("no tag", good.substring(0, good.lastIndexOf('.') + 1), malformed),
				arguments("tag of zeros",
						good.substring(0, good.lastIndexOf('.') + 1) + HandmadeForms.base64(new byte[16]), tag),
				arguments("tag that took bytes of the content", shifted(parts), malformed),
				arguments("longer tag", good + "AAAA", malformed), arguments("longer vector",
						String.join(".", parts[0], "", parts[2] + "AAAA", parts[3], parts[4]), malformed),
				arguments("no vector", parts[0] + "..." + parts[3] + "." + parts[4], malformed),
				arguments("vector of 16 bytes", HandmadeForms.encrypt(SIGNED_HEADER, signed(), E1, new byte[16]),
						malformed),
				arguments("no content", parts[0] + ".." + parts[2] + ".." + parts[4], tag),
				arguments("an encrypted key", parts[0] + "." + HandmadeForms.base64(new byte[40]) + rest.substring(1),
						malformed),
				arguments("three parts", parts[0] + "." + parts[2] + "." + parts[3], malformed),
				arguments("four parts", parts[0] + "." + parts[2] + "." + parts[3] + "." + parts[4], malformed),
				arguments("six parts", good + ".AAAA", malformed), arguments("twice", good + good, malformed),
				arguments("dots alone", "e....", malformed), arguments("no header", "e" + rest, malformed),
				arguments("header that is not JSON", jwe("xyz"), malformed),
				arguments("header that goes on", jwe(SIGNED_HEADER + "{}"), malformed),
				arguments("deep header", jwe(header("\"x\":" + "[".repeat(9000) + "]".repeat(9000))), malformed),
				arguments("1 MB header", jwe(header("\"x\":\"" + "x".repeat(1_000_000) + "\"")), malformed),
				arguments("twice the alg", jwe(header("\"alg\":\"dir\"")), malformed),
				arguments("twice the enc", jwe(header("\"enc\":\"A256GCM\"")), malformed),
				arguments("twice the kid", jwe(header("\"kid\":\"e1\"")), malformed),
				arguments("twice the cty", jwe(header("\"cty\":\"json\",\"cty\":\"JOSE\"")), malformed),
				arguments("twice the kid, once escaped", jwe(header("\"\\u006bid\":\"e1\"")), malformed),
				arguments("null for epk", jwe(header("\"epk\":null")), malformed),
				arguments("a private jwk", jwe(header("\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}")), malformed),
				arguments("no alg", jwe(changed("\"alg\":\"dir\",", "")), algorithm),
				arguments("no enc", jwe(changed("\"enc\":\"A256GCM\",", "")), malformed),
				arguments("no kid", jwe(changed("\"kid\":\"e1\",", "")), Reason.UNKNOWN_KEY),
				arguments("another kid", jwe(changed("\"e1\"", "\"e2\"")), Reason.UNKNOWN_KEY),
				arguments("path for a kid", jwe(changed("\"e1\"", "\"../../dev/null\"")), Reason.UNKNOWN_KEY),
				arguments("alg none", jwe(changed("\"dir\"", "\"none\"")), malformed),
				arguments("alg RSA-OAEP", jwe(changed("\"dir\"", "\"RSA-OAEP\"")), algorithm),
				arguments("alg RSA1_5", jwe(changed("\"dir\"", "\"RSA1_5\"")), algorithm),
				arguments("alg A256KW", jwe(changed("\"dir\"", "\"A256KW\"")), algorithm),
				arguments("alg ECDH-ES", jwe(changed("\"dir\"", "\"ECDH-ES\"")), algorithm),
				arguments("alg PBES2 of a billion rounds",
						jwe(changed("\"dir\"", "\"PBES2-HS256+A128KW\",\"p2s\":\"AAAAAAAAAAA\",\"p2c\":1000000000")),
						algorithm),
				arguments("alg DIR", jwe(changed("\"dir\"", "\"DIR\"")), algorithm),
				arguments("enc A128CBC-HS256", jwe(changed("\"A256GCM\"", "\"A128CBC-HS256\"")), algorithm),
				arguments("enc A128GCM", jwe(changed("\"A256GCM\"", "\"A128GCM\"")), algorithm),
				arguments("enc XC20P", jwe(changed("\"A256GCM\"", "\"XC20P\"")), algorithm),
				arguments("enc of nobody", jwe(changed("\"A256GCM\"", "\"ROT13\"")), algorithm),
				arguments("zip", jwe(header("\"zip\":\"DEF\"")), algorithm),
				arguments("zip of another kind", jwe(header("\"zip\":\"GZ\"")), algorithm),
				arguments("crit", jwe(header("\"crit\":[\"x\"],\"x\":1")), algorithm),
				arguments("crit of a name we read", jwe(header("\"crit\":[\"cty\"]")), algorithm),
				arguments("empty crit", jwe(header("\"crit\":[]")), algorithm),
				arguments("crit that is no list", jwe(header("\"crit\":\"x\"")), malformed),
				arguments("alg none inside",
						HandmadeForms.encrypt(SIGNED_HEADER, bytes(unsigned("{\"alg\":\"none\",\"kid\":\"k1\"}")), E1),
						malformed),
				arguments("nothing signed inside", HandmadeForms.encrypt(SIGNED_HEADER, JSON, E1), malformed),
				arguments("an encrypted form inside", HandmadeForms.encrypt(SIGNED_HEADER, bytes(good), E1), malformed),
				arguments("encrypted three times",
						HandmadeForms.encrypt(SIGNED_HEADER,
								bytes(HandmadeForms.encrypt(SIGNED_HEADER, bytes(good), E1)), E1),
						malformed),
				arguments("a JSON string inside",
						HandmadeForms.encrypt(SIGNED_HEADER, bytes("\"" + new String(signed()) + "\""), E1), malformed),
				arguments("spaces inside", HandmadeForms.encrypt(SIGNED_HEADER, bytes(" " + new String(signed())), E1),
						malformed));
	}

	@Test
	void refusesASignedFormAroundAnEncryptedOne() {
		String encrypted = HandmadeForms.encrypt(PLAIN_HEADER, JSON, E1);
		String body = HandmadeForms.sign("{\"alg\":\"HS256\",\"kid\":\"k1\",\"cty\":\"JOSE\"}", bytes(encrypted), K1);
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> this.both.decode(bytes(body), false));
	}

	@Test
	void refusesAnEncryptedFormInsideThatClaimsToBeJson() {
		String body = HandmadeForms.encrypt(PLAIN_HEADER, bytes(HandmadeForms.encrypt(PLAIN_HEADER, JSON, E1)), E1);
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> this.both.decode(bytes(body), true));
	}

	@Test
	void inflatesNoBomb() throws IOException {
		ByteArrayOutputStream bomb = new ByteArrayOutputStream();
		try (DeflaterOutputStream out = new DeflaterOutputStream(bomb, new Deflater(9, true))) {
			byte[] megabyte = new byte[1024 * 1024];
			for (int i = 0; i < 200; i++) {
				out.write(megabyte);
			}
		}
		String body = HandmadeForms.encrypt(header("\"zip\":\"DEF\""), bomb.toByteArray(), E1);
		assertUntrusted(this.both, bytes(body), true, Reason.WRONG_ALGORITHM);
	}

	@Test
	void decryptsNothingBeyondTheLimit() {
		String body = HandmadeForms.encrypt(PLAIN_HEADER, new byte[MessageLimits.MAX_BYTES], E1);
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> this.both.decode(bytes(body), true))
			.withMessageContaining("more than 1500000");
		assertUntrusted(this.both, bytes(body), false, Reason.UNSIGNED);
	}

	@Test
	void refusesEverySingleChangedCharacter() {
		String good = this.both.encode(this.message).text();
		int last = good.length() - 1;
		for (int i = 0; i < good.length(); i++) {
			// The last character of a part may carry bits that no byte has.
			if (i == last || good.charAt(i + 1) == '.') {
				continue;
			}
			char[] changed = good.toCharArray();
			changed[i] = (changed[i] == 'A') ? 'B' : 'A';
			byte[] body = bytes(new String(changed));
			assertThatExceptionOfType(UntrustedMessageException.class).as("character %d", i)
				.isThrownBy(() -> this.both.decode(body, false));
		}
	}

	@Test
	void refusesEveryTruncatedForm() {
		String good = this.both.encode(this.message).text();
		for (int length = 1; length < good.length(); length++) {
			byte[] body = bytes(good.substring(0, length));
			assertThatExceptionOfType(UntrustedMessageException.class).as("%d characters", length)
				.isThrownBy(() -> this.both.decode(body, false));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { " ", "\n", "\r\n", "\t", "=", "+", "/", "%", "é", "\u0000", "\"", "{}" })
	void skipsNoCharacterInsideAForm(String character) {
		String good = this.both.encode(this.message).text();
		for (int i : new int[] { 3, good.indexOf('.'), good.lastIndexOf('.'), good.length() - 3 }) {
			byte[] body = bytes(good.substring(0, i) + character + good.substring(i));
			assertUntrusted(this.both, body, false, Reason.MALFORMED);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "%s", "\"%s\"", " %s", "%s\n", "\r\n\t\"%s\" \n" })
	void readsTheFormOnItsOwnOrAsAJsonString(String format) {
		byte[] body = bytes(String.format(format, this.both.encode(this.message).text()));
		assertThat(this.both.decode(body, false).message()).isEqualTo(this.message);
	}

	@Test
	void survivesPartsOfRandomBytes() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < 2000; i++) {
			byte[] noise = new byte[random.nextInt(200)];
			random.nextBytes(noise);
			String header = random.nextBoolean() ? SIGNED_HEADER : new String(noise, StandardCharsets.ISO_8859_1);
			String body = HandmadeForms.base64(header.getBytes(StandardCharsets.UTF_8)) + ".."
					+ HandmadeForms.base64(new byte[12]) + "." + HandmadeForms.base64(noise) + "."
					+ HandmadeForms.base64(new byte[16]);
			assertThatExceptionOfType(RuntimeException.class).as("seed %d, form %d", seed, i)
				.isThrownBy(() -> this.both.decode(bytes(body), false))
				.isInstanceOf(UntrustedMessageException.class);
		}
	}

	@ParameterizedTest
	@CsvSource({ "jwk", "epk", "x5c", "x5u", "x5t", "jku", "crit", "zip", "kid", "typ", "cty", "p2c", "apu", "iv",
			"aud", "iss", "b64" })
	void survivesAnyValueOfAnyFieldOfAHeader(String field) {
		for (String value : new String[] { "null", "1", "-1", "1e999", "\"\"", "\"x\"", "[]", "[null]", "[[]]", "{}",
				"{\"kty\":null}", "true" }) {
			String jwe = jwe(header("\"" + field + "\":" + value));
			String jws = HandmadeForms.sign("{\"alg\":\"HS256\",\"x\":1,\"" + field + "\":" + value + "}", JSON, K1);
			for (String body : new String[] { jwe, jws }) {
				try {
					this.both.decode(bytes(body), false);
				}
				catch (UntrustedMessageException ex) {
					// Refused, or read: nothing else.
				}
			}
		}
	}

	private static Arguments arguments(String name, String body, Reason reason) {
		return Arguments.of(Named.of(name, body), reason);
	}

	// GCM sees content and tag as one: moving the border between them must not count.
	private static String shifted(String[] parts) {
		Base64.Decoder base64 = Base64.getUrlDecoder();
		byte[] content = base64.decode(parts[3]);
		byte[] tag = base64.decode(parts[4]);
		byte[] shorter = Arrays.copyOf(content, content.length - 4);
		byte[] longer = new byte[tag.length + 4];
		System.arraycopy(content, content.length - 4, longer, 0, 4);
		System.arraycopy(tag, 0, longer, 4, tag.length);
		return String.join(".", parts[0], "", parts[2], HandmadeForms.base64(shorter), HandmadeForms.base64(longer));
	}

	private static String jwe(String header) {
		return HandmadeForms.encrypt(header, signed(), E1);
	}

	private static String header(String more) {
		return "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"e1\"," + more + "}";
	}

	private static String changed(String from, String to) {
		String changed = SIGNED_HEADER.replace(from, to);
		assertThat(changed).isNotEqualTo(SIGNED_HEADER);
		return changed;
	}

	private static byte[] signed() {
		return bytes(HandmadeForms.sign("{\"alg\":\"HS256\",\"kid\":\"k1\"}", JSON, K1));
	}

	private static String unsigned(String header) {
		return HandmadeForms.base64(header.getBytes(StandardCharsets.UTF_8)) + "." + HandmadeForms.base64(JSON) + ".";
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static void assertUntrusted(JobMessageCodec codec, byte[] body, boolean trusted, Reason reason) {
		assertThatExceptionOfType(UntrustedMessageException.class).isThrownBy(() -> codec.decode(body, trusted))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

}
