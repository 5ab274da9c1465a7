package dev.backgroundjobs.message;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import dev.backgroundjobs.InputCost;
import dev.backgroundjobs.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is written is read again, and what breaks a rule is not.
 */
class JobMessageRoundTripTests {

	private static final String ID = "0198a6a2-94c8-7b0e-8f0a-000000000001";

	private static final Instant NOW = Instant.parse("2026-03-01T10:11:12.345Z");

	private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

	private static final KeyMaterial SECRET = KeyMaterial.of(TestKeys.secret("k1"));

	private static final KeyMaterial OTHER_SECRET = KeyMaterial.of(TestKeys.secret("k2"));

	private static final EncryptionKeys ENCRYPTION = new EncryptionKeys("e1",
			Map.of("e1", KeyMaterial.of(TestKeys.secret("e1"))));

	private static final String MINIMAL = "{\"v\":1,\"id\":\"" + ID + "\",\"seq\":0,\"job\":\"a\",\"queue\":\"b\","
			+ "\"args\":[],\"attempt\":1,\"enqueuedAt\":\"2026-03-01T10:11:12.345Z\"}";

	private final JobMessageCodec plain = new JobMessageCodec(SigningKeys.none(), CLOCK);

	private final JobMessageCodec signing = new JobMessageCodec(keys("k1", Map.of("k1", SECRET), "paperwork"), CLOCK);

	private final JobMessageCodec encrypting = new JobMessageCodec(SigningKeys.none(), ENCRYPTION, CLOCK);

	private final JobMessageCodec both = new JobMessageCodec(keys("k1", Map.of("k1", SECRET), "paperwork"), ENCRYPTION,
			CLOCK);

	@Test
	void readsAThousandRandomMessagesAsTheyWereWritten() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < 1000; i++) {
			// given
			JobMessage message = random(random);

			// when
			EncodedMessage plainForm = this.plain.encode(message);
			EncodedMessage signedForm = this.signing.encode(message);
			EncodedMessage encryptedForm = this.encrypting.encode(message);
			EncodedMessage bothForms = this.both.encode(message);

			// then
			assertThat(this.plain.decode(plainForm.bytes(), true).message()).as("seed %d, message %d", seed, i)
				.isEqualTo(message);
			assertThat(this.signing.decode(signedForm.bytes(), false).message()).as("seed %d, message %d", seed, i)
				.isEqualTo(message);
			assertThat(this.encrypting.decode(encryptedForm.bytes(), true).message()).as("seed %d, message %d", seed, i)
				.isEqualTo(message);
			assertThat(this.both.decode(bothForms.bytes(), false).message()).as("seed %d, message %d", seed, i)
				.isEqualTo(message);
		}
	}

	@Test
	void keepsUnknownFieldsOfRandomMessagesInSuccessors() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < 1000; i++) {
			JobMessage message = random(random);
			JobMessage successor = this.plain
				.decode(this.plain.encode(message.successor().attempt(message.attempt() + 1).build()).bytes(), true)
				.message();
			assertThat(successor.extra()).as("seed %d, message %d", seed, i).isEqualTo(message.extra());
			assertThat(successor.args()).as("seed %d, message %d", seed, i).isEqualTo(message.args());
			assertThat(successor.id()).isEqualTo(message.id());
			assertThat(successor.seq()).isEqualTo(message.seq() + 1);
		}
	}

	@Test
	void keepsTheOrderOfHeadersAndUnknownFields() {
		String json = MINIMAL.replace("}", ",\"zz\":1,\"headers\":{\"z\":\"1\",\"a\":\"2\"},\"aa\":2}");
		JobMessage message = decode(json);
		assertThat(message.headers().keySet()).containsExactly("z", "a");
		assertThat(message.extra().keySet()).containsExactly("zz", "aa");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "-0", "1.10", "1e400", "-1.5E-9", "0", "123456789012345678901234567890", "\"\"",
			"\"a\\\"b\\\\\"", "\"\\u0000\\ud83d\\ude00\"", "\"ü世\"", "true", "false", "null", "[]", "[ ]", "{}",
			"{ \"a\" : [ 1 , { } ] }", "[1.10,[2],\"]\"]" })
	void keepsAnUnknownFieldByteForByte(String value) {
		for (String json : List.of(MINIMAL.replace("}", ",\"x\":" + value + "}"),
				MINIMAL.replace("}", " , \"x\" : \n " + value + "\t }"),
				MINIMAL.replace("{\"v\"", "{\"x\":" + value + ",\"v\""))) {
			// when
			JobMessage message = decode(json);

			// then
			assertThat(message.extra()).containsExactly(Map.entry("x", value));
			assertThat(this.plain.encode(message.successor().build()).text()).contains("\"x\":" + value);
		}
	}

	@Test
	void keepsAnUnknownFieldAfterAByteOrderMark() {
		JobMessage message = decode("\uFEFF" + MINIMAL.replace("}", ",\"x\":[1.10,\"ü\"]}"));
		assertThat(message.extra()).containsEntry("x", "[1.10,\"ü\"]");
	}

	@Test
	void keepsALargeUnknownField() {
		String value = "[" + "\"ü\",".repeat(50_000) + "1]";
		assertThat(decode(MINIMAL.replace("}", ",\"x\":" + value + "}")).extra()).containsEntry("x", value);
	}

	@Test
	void takesLittleMemoryForNamesThatAreNew() {
		// given
		for (int i = 0; i < 10_000; i++) {
			decode(withArgs("[{\"customer-" + i + "\":1}]"));
		}
		byte[] next = withArgs("[{\"customer-next\":1}]").getBytes(StandardCharsets.UTF_8);

		// then
		assertThat(InputCost.bytes(() -> this.plain.decode(next, true))).isLessThan(100_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "2026-03-01T10:11:12Z", "2026-03-01T10:11:12.345Z", "2026-03-01T10:11:12.345678Z",
			"2026-03-01T10:11:12.345678901Z", "2026-03-01T11:11:12+01:00" })
	void readsTimesOfAnyPrecision(String time) {
		assertThat(decode(MINIMAL.replace("}", ",\"runAt\":\"" + time + "\"}")).runAt()).isEqualTo(time);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "[]", "null", "1", "x", "{}", "{\"v\":1}", "\u0000\u0000", "{\"v\":\"1\"}" })
	void refusesWhatIsNoMessage(String body) {
		assertThatExceptionOfType(UnreadableMessageException.class).isThrownBy(() -> decode(body));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"v\":1|\"v\":0", "\"v\":1|\"v\":1.0", "\"v\":1|\"v\":null", "\"v\":1,|",
			"\"seq\":0|\"seq\":-1", "\"seq\":0|\"seq\":\"0\"", "\"seq\":0|\"seq\":99999999999", "\"seq\":0,|",
			"\"job\":\"a\"|\"job\":\"\"", "\"job\":\"a\"|\"job\":\"a b\"", "\"job\":\"a\"|\"job\":7",
			"\"job\":\"a\"|\"job\":\"ä\"", "\"queue\":\"b\"|\"queue\":\"B\"", "\"queue\":\"b\"|\"queue\":null",
			"\"args\":[]|\"args\":{}", "\"args\":[]|\"args\":\"[]\"", "\"args\":[],|", "\"attempt\":1|\"attempt\":0",
			"\"attempt\":1,|", "\"attempt\":1|\"attempt\":1e3", "\"enqueuedAt\"|\"enqueued\"",
			"2026-03-01T10:11:12.345Z|yesterday", "2026-03-01T10:11:12.345Z|+1000000000-12-31T23:59:59Z",
			"2026-03-01T10:11:12.345Z|1969-12-31T23:59:59Z", "-7b0e-|-7b0g-",
			"\"attempt\":1|\"attempt\":1,\"attempt\":1", "\"args\":[]|\"args\":[{\"a\":1,\"a\":2}]",
			"\"args\":[]|\"args\":[],\"x\":{\"a\":1,\"a\":2}", "\"args\":[]|\"args\":[],\"headers\":{\"a\":1}",
			"\"args\":[]|\"args\":[],\"headers\":{\"a\":null}", "\"args\":[]|\"args\":[],\"headers\":[]",
			"\"args\":[]|\"args\":[],\"error\":\"x\"", "\"args\":[]|\"args\":[],\"relay\":1",
			"\"args\":[]|\"args\":[],\"runAt\":1772359872", "\"args\":[]|\"args\":[1,]", "\"args\":[]|\"args\":[NaN]",
			"\"args\":[]|\"args\":['a']", "\"args\":[]|\"args\":[] /* */", "\"args\":[]|\"args\":[01]" })
	void refusesAFieldOfTheWrongShape(String change) {
		// given
		String[] parts = change.split("\\|", 2);
		String json = MINIMAL.replace(parts[0], parts[1]);
		assertThat(json).isNotEqualTo(MINIMAL);

		// then
		assertThatExceptionOfType(UnreadableMessageException.class).isThrownBy(() -> decode(json))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("yesterday", "99999"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "x", "]", "\u0000" })
	void refusesWhatComesAfterTheEnd(String more) {
		assertThatExceptionOfType(UnreadableMessageException.class).isThrownBy(() -> decode(MINIMAL + more));
	}

	@Test
	void refusesOtherEncodingsThanUtf8() {
		for (java.nio.charset.Charset charset : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
			assertThatExceptionOfType(UnreadableMessageException.class).as(charset.name())
				.isThrownBy(() -> this.plain.decode(MINIMAL.getBytes(charset), true));
		}
	}

	@Test
	void refusesUtf16WithAByteOrderMark() {
		for (java.nio.charset.Charset charset : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
			assertThatExceptionOfType(UnreadableMessageException.class).as(charset.name())
				.isThrownBy(() -> this.plain.decode(("\uFEFF" + MINIMAL).getBytes(charset), true));
		}
	}

	@Test
	void refusesTextThatIsNotUtf8() {
		byte[] latin = MINIMAL.replace("}", ",\"x\":\"ü\"}").getBytes(StandardCharsets.ISO_8859_1);
		assertThatExceptionOfType(UnreadableMessageException.class).isThrownBy(() -> this.plain.decode(latin, true));
	}

	@Test
	void refusesAMessageBeyondTheLargest() {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> decode(withArgs("[\"" + "x".repeat(900_000) + "\",\"" + "x".repeat(600_000) + "\"]")))
			.withMessageContaining("more than 1500000");
	}

	@Test
	void acceptsTheDeepestMessage() {
		assertThat(decode(withArgs("[".repeat(99) + "]".repeat(99))).args()).hasSize(198);
	}

	@Test
	void refusesADeeperMessage() {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> decode(withArgs("[".repeat(100) + "]".repeat(100))))
			.withMessageContaining("beyond a limit");
	}

	@Test
	void refusesTooManyTokens() {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> decode(withArgs("[" + "1,".repeat(200_000) + "1]")))
			.withMessageContaining("beyond a limit");
	}

	@Test
	void refusesAStringThatIsTooLong() {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> decode(MINIMAL.replace("}", ",\"headers\":{\"a\":\"" + "x".repeat(1_000_001) + "\"}}")));
	}

	@Test
	void refusesANumberThatIsTooLong() {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> decode(withArgs("[" + "1".repeat(1001) + "]")));
	}

	@Test
	void refusesANameThatIsTooLong() {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> decode(MINIMAL.replace("}", ",\"" + "x".repeat(10_001) + "\":1}")));
	}

	@Test
	void treatsANewerVersionOfAnyShapeAsNewer() {
		JobMessage message = decode(MINIMAL.replace("\"v\":1", "\"v\":2").replace("\"args\":[]", "\"args\":{}"));
		assertThat(message.isKnownVersion()).isFalse();
		assertThat(message.v()).isEqualTo(2);
		assertThat(message.enqueuedAt()).isEqualTo(NOW);
	}

	@Test
	void refusesANewerVersionWithoutAnId() {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> decode(MINIMAL.replace("\"v\":1", "\"v\":2").replace("\"id\"", "\"key\"")));
	}

	@Test
	void readsNothingOfAPlainMessageThatIsNotTrusted() {
		assertUntrusted(this.signing, "{ not even JSON", UntrustedMessageException.Reason.UNSIGNED);
	}

	@Test
	void acceptsAnyOfSeveralKeys() {
		byte[] old = this.signing.encode(decode(MINIMAL)).bytes();
		JobMessageCodec rotated = new JobMessageCodec(keys("k2", Map.of("k1", SECRET, "k2", OTHER_SECRET), "paperwork"),
				CLOCK);
		assertThat(rotated.decode(old, false).isSigned()).isTrue();
	}

	@Test
	void findsAKeyWhoseIdLostItsDashesInTheEnvironment() {
		JobMessageCodec writer = new JobMessageCodec(keys("key-1", Map.of("key-1", SECRET), null), CLOCK);
		JobMessageCodec reader = new JobMessageCodec(keys(null, Map.of("KEY1", SECRET), null), CLOCK);
		assertThat(reader.decode(writer.encode(decode(MINIMAL)).bytes(), false).isSigned()).isTrue();
	}

	@Test
	void refusesAKeyThatIsNotThere() {
		JobMessageCodec other = new JobMessageCodec(keys("k2", Map.of("k2", SECRET), "paperwork"), CLOCK);
		assertUntrusted(other, this.signing.encode(decode(MINIMAL)).text(),
				UntrustedMessageException.Reason.UNKNOWN_KEY);
	}

	@Test
	void refusesAnotherKeyOfTheSameId() {
		JobMessageCodec other = new JobMessageCodec(keys("k1", Map.of("k1", OTHER_SECRET), "paperwork"), CLOCK);
		assertUntrusted(other, this.signing.encode(decode(MINIMAL)).text(),
				UntrustedMessageException.Reason.WRONG_SIGNATURE);
	}

	@Test
	void refusesASignatureForAnotherApplication() {
		JobMessageCodec other = new JobMessageCodec(keys("k1", Map.of("k1", SECRET), "billing"), CLOCK);
		assertUntrusted(other, this.signing.encode(decode(MINIMAL)).text(),
				UntrustedMessageException.Reason.WRONG_AUDIENCE);
	}

	@Test
	void refusesAnExpiredSignature() {
		JobMessageCodec later = new JobMessageCodec(keys("k1", Map.of("k1", SECRET), "paperwork"),
				Clock.offset(CLOCK, Duration.ofDays(32).plusSeconds(62)));
		assertUntrusted(later, this.signing.encode(decode(MINIMAL)).text(), UntrustedMessageException.Reason.EXPIRED);
	}

	@Test
	void saysOfATrustedMessageThatItsSignatureHasExpired() {
		JobMessageCodec later = new JobMessageCodec(keys("k1", Map.of("k1", SECRET), "paperwork"),
				Clock.offset(CLOCK, Duration.ofDays(32).plusSeconds(62)));
		assertThat(later.decode(this.signing.encode(decode(MINIMAL)).bytes(), true).isExpired()).isTrue();
	}

	@Test
	void countsTheAgeOfASignatureFromTheTimeTheJobIsToRun() {
		JobMessage delayed = decode(MINIMAL.replace("}", ",\"runAt\":\"2099-01-01T00:00:00Z\"}"));
		JobMessageCodec later = new JobMessageCodec(keys("k1", Map.of("k1", SECRET), "paperwork"),
				Clock.fixed(Instant.parse("2099-02-01T00:00:00Z"), ZoneOffset.UTC));
		assertThat(later.decode(this.signing.encode(delayed).bytes(), false).isExpired()).isFalse();
	}

	@Test
	void toleratesAMinuteOfSkew() {
		JobMessageCodec earlier = new JobMessageCodec(keys("k1", Map.of("k1", SECRET), "paperwork"),
				Clock.offset(CLOCK, Duration.ofSeconds(-59)));
		assertThat(earlier.decode(this.signing.encode(decode(MINIMAL)).bytes(), false).isSigned()).isTrue();
	}

	@Test
	void refusesASignatureFromTheFuture() {
		JobMessageCodec earlier = new JobMessageCodec(keys("k1", Map.of("k1", SECRET), "paperwork"),
				Clock.offset(CLOCK, Duration.ofSeconds(-62)));
		assertUntrusted(earlier, this.signing.encode(decode(MINIMAL)).text(),
				UntrustedMessageException.Reason.NOT_YET_VALID);
	}

	@Test
	void refusesEverySingleChangedCharacter() {
		String signed = this.signing.encode(decode(MINIMAL)).text();
		// The last character of a base64 part may carry bits that no byte has.
		for (int i = 0; i < signed.length() - 1; i++) {
			char[] changed = signed.toCharArray();
			changed[i] = (changed[i] == 'A') ? 'B' : 'A';
			String body = new String(changed);
			assertThatExceptionOfType(RuntimeException.class).as("character %d", i)
				.isThrownBy(() -> this.signing.decode(body.getBytes(StandardCharsets.US_ASCII), false))
				.isInstanceOf(UntrustedMessageException.class);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "e", "e.", "e..", "ey.ey.ey", "eyJhbGciOiJub25lIn0.e30.", "e.e.e.e", "e....", "\"", "\"\"",
			"\"e", "\"e\"e\"", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.e30.AAAA" })
	void refusesOddSignedForms(String body) {
		assertThatExceptionOfType(UntrustedMessageException.class)
			.isThrownBy(() -> this.signing.decode(body.getBytes(StandardCharsets.UTF_8), false));
	}

	@Test
	void verifiesASignatureOfATrustedCallerToo() {
		JobMessageCodec other = new JobMessageCodec(keys("k1", Map.of("k1", OTHER_SECRET), "paperwork"), CLOCK);
		assertThatExceptionOfType(UntrustedMessageException.class)
			.isThrownBy(() -> other.decode(this.signing.encode(decode(MINIMAL)).bytes(), true));
	}

	@Test
	void showsNoKey() {
		assertThat(keys("k1", Map.of("k1", SECRET), null).toString()).contains("******")
			.doesNotContain(TestKeys.secret("k1").substring(0, 8));
	}

	@Test
	void showsNoArgumentsOrHeaders() {
		JobMessage message = JobMessage.builder(ID, "a", "b", "[\"secret\"]", NOW)
			.headers(Map.of("tenant", "secret"))
			.build();
		assertThat(message.toString()).doesNotContain("secret").contains(ID + ":0");
		assertThat(this.plain.encode(message).toString()).doesNotContain("secret");
	}

	@Test
	void shortensAnErrorToAKilobyte() {
		JobError error = JobError.of(new IllegalStateException("\u0001\"\uD83D\uDE00ü".repeat(1000)));
		JobMessage message = JobMessage.builder(ID, "a", "b", "[]", NOW).error(error).build();
		int without = this.plain.encode(JobMessage.builder(ID, "a", "b", "[]", NOW).build()).bytes().length;
		assertThat(this.plain.encode(message).bytes().length - without).isLessThanOrEqualTo(1024);
		assertThat(decode(this.plain.encode(message).text()).error()).isEqualTo(error);
	}

	@Test
	void writesAnErrorWithHalfACharacter() {
		JobError error = JobError.of(new IllegalStateException("cut \uD83D"));
		JobMessage message = JobMessage.builder(ID, "a", "b", "[]", NOW).error(error).build();
		assertThat(decode(this.plain.encode(message).text()).error()).isNotNull();
	}

	@Test
	void describesAFailureWithoutAMessage() {
		assertThat(JobError.of(new NullPointerException()))
			.isEqualTo(new JobError("java.lang.NullPointerException", ""));
	}

	private JobMessage decode(String json) {
		return this.plain.decode(json.getBytes(StandardCharsets.UTF_8), true).message();
	}

	private static String withArgs(String args) {
		return MINIMAL.replace("\"args\":[]", "\"args\":" + args);
	}

	private static void assertUntrusted(JobMessageCodec codec, String body, UntrustedMessageException.Reason reason) {
		assertThatExceptionOfType(UntrustedMessageException.class)
			.isThrownBy(() -> codec.decode(body.getBytes(StandardCharsets.UTF_8), false))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	private static SigningKeys keys(@org.jspecify.annotations.Nullable String keyId, Map<String, KeyMaterial> keys,
			@org.jspecify.annotations.Nullable String audience) {
		return new SigningKeys(keyId, keys, audience, Duration.ofDays(32));
	}

	private static JobMessage random(Random random) {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = random.nextInt(4); i > 0; i--) {
			headers.put(text(random) + i, text(random));
		}
		JobMessageBuilder builder = JobMessage
			.builder(new UUID(random.nextLong(), random.nextLong()).toString(), "job." + random.nextInt(100),
					"queue-" + random.nextInt(100), "[" + json(random, 4) + "," + json(random, 2) + "]", time(random))
			.seq(random.nextInt(1000))
			.attempt(1 + random.nextInt(1000))
			.priority(random.nextInt(2_000_000_000) - 1_000_000_000)
			.interruptions(random.nextInt(3))
			.unknown(random.nextInt(3))
			.relay(random.nextBoolean())
			.runAt(random.nextBoolean() ? time(random) : null)
			.expiresAt(random.nextBoolean() ? time(random) : null)
			.error(random.nextBoolean() ? new JobError(text(random), text(random)) : null)
			.headers(headers);
		for (int i = random.nextInt(4); i > 0; i--) {
			builder.extra("x" + i + text(random), json(random, 3));
		}
		return builder.build();
	}

	private static Instant time(Random random) {
		return Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
	}

	private static String text(Random random) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(12); i > 0; i--) {
			int codePoint = switch (random.nextInt(4)) {
				case 0 -> random.nextInt(0x20);
				case 1 -> 0x20 + random.nextInt(0x5F);
				case 2 -> 0xA0 + random.nextInt(0x2000);
				default -> 0x1F600 + random.nextInt(0x40);
			};
			text.appendCodePoint(codePoint);
		}
		return text.toString();
	}

	private static String json(Random random, int depth) {
		return switch (random.nextInt((depth > 0) ? 8 : 6)) {
			case 0 -> "null";
			case 1 -> String.valueOf(random.nextBoolean());
			case 2 -> String.valueOf(random.nextLong());
			case 3 -> random.nextInt(100) + "." + random.nextInt(100) + "0e" + random.nextInt(400);
			case 4 -> "\"" + "\\u00" + (10 + random.nextInt(80)) + "\\\"ü\uD83D\uDE00\"";
			case 5 -> " 1 ".strip();
			case 6 -> "[ " + json(random, depth - 1) + " ,\n" + json(random, depth - 1) + "]";
			default -> "{\"a\" :" + json(random, depth - 1) + ", \"b\":\t" + json(random, depth - 1) + " }";
		};
	}

}
