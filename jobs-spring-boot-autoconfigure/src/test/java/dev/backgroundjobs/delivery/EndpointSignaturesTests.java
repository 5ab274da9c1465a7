package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signatures that do not count, over a message that is good.
 */
class EndpointSignaturesTests extends EndpointFixtureTests {

	@BeforeAll
	static void start() {
		use(Server.startPlain("jobs.signing.keys.k0=" + K0));
	}

	@ParameterizedTest
	@MethodSource
	void refusesASignatureThatDoesNotCount(String body) throws IOException {
		assertRefused(post(body), 401);
	}

	static Stream<Named<String>> refusesASignatureThatDoesNotCount() throws GeneralSecurityException {
		String good = signed(message("endpoint.none"));
		String[] parts = good.split("\\.");
		String[] other = signed(message("endpoint.echo").with("args", "[\"" + MARK + "\"]")).split("\\.");
		long now = Instant.now().getEpochSecond();
		String hs256 = "\"alg\":\"HS256\",\"kid\":\"k1\"";
		byte[] key = Base64.getDecoder().decode(K1);
		return Stream.of(Named.of("no signature", parts[0] + "." + parts[1] + "."),
				Named.of("no signature and no dot", parts[0] + "." + parts[1]),
				Named.of("no header", "." + parts[1] + "." + parts[2]),
				Named.of("no payload", parts[0] + ".." + parts[2]), Named.of("header alone", parts[0]),
				Named.of("truncated", good.substring(0, good.length() - 2)),
				Named.of("truncated to half", good.substring(0, good.length() - 22)),
				Named.of("one byte of a signature", good.substring(0, good.length() - 41)),
				Named.of("a longer signature", good + "AAAA"), Named.of("twice", good + good),
				Named.of("twice, in lines", good + "\n" + good), Named.of("a fourth part", good + ".AAAA"),
				Named.of("of another message", parts[0] + "." + parts[1] + "." + other[2]),
				Named.of("payload of another message", parts[0] + "." + other[1] + "." + parts[2]),
				Named.of("header of another key",
						base64(header("\"alg\":\"HS256\",\"kid\":\"k0\"").getBytes(StandardCharsets.UTF_8)) + "."
								+ parts[1] + "." + parts[2]),
				Named.of("wrong key", jws(header(), payload(), K0)),
				Named.of("all zeros", parts[0] + "." + parts[1] + "." + base64(new byte[32])),
				Named.of("an empty key", jws("HmacSHA256", header(), payload(), new byte[1])),
				Named.of("the key's text for the key",
						jws("HmacSHA256", header(), payload(), K1.getBytes(StandardCharsets.US_ASCII))),
				Named.of("the key's id for the key",
						jws("HmacSHA256", header(), payload(), "k1".getBytes(StandardCharsets.US_ASCII))),
				Named.of("unknown kid", jws(header("\"alg\":\"HS256\",\"kid\":\"k2\""), payload(), K1)),
				Named.of("empty kid", jws(header("\"alg\":\"HS256\",\"kid\":\"\""), payload(), K1)),
				Named.of("path for a kid", jws(header("\"alg\":\"HS256\",\"kid\":\"../../dev/null\""), payload(), K1)),
				Named.of("number for a kid", jws(header("\"alg\":\"HS256\",\"kid\":1"), payload(), K1)),
				Named.of("null for a kid", jws(header("\"alg\":\"HS256\",\"kid\":null"), payload(), K1)),
				Named.of("object for a kid", jws(header("\"alg\":\"HS256\",\"kid\":{\"k1\":1}"), payload(), K1)),
				Named.of("no kid", jws(header("\"alg\":\"HS256\""), payload(), K1)),
				Named.of("no alg", jws(header("\"kid\":\"k1\""), payload(), K1)),
				Named.of("alg none", jws(header("\"alg\":\"none\",\"kid\":\"k1\""), payload(), K1)),
				Named.of("alg none, no signature", unsigned("none")), Named.of("alg None", unsigned("None")),
				Named.of("alg NONE", unsigned("NONE")), Named.of("alg empty", unsigned("")),
				Named.of("alg HS384", jws("HmacSHA384", header("\"alg\":\"HS384\",\"kid\":\"k1\""), payload(), key)),
				Named.of("alg HS512", jws("HmacSHA512", header("\"alg\":\"HS512\",\"kid\":\"k1\""), payload(), key)),
				Named.of("alg hs256", jws(header("\"alg\":\"hs256\",\"kid\":\"k1\""), payload(), K1)),
				Named.of("alg RS256 over an HMAC", jws(header("\"alg\":\"RS256\",\"kid\":\"k1\""), payload(), K1)),
				Named.of("alg EdDSA over an HMAC", jws(header("\"alg\":\"EdDSA\",\"kid\":\"k1\""), payload(), K1)),
				Named.of("alg of a list", jws(header("\"alg\":[\"HS256\"],\"kid\":\"k1\""), payload(), K1)),
				Named.of("RSA signature with its key in the header", rsa()),
				Named.of("crit", jws(header(hs256 + ",\"crit\":[\"x\"],\"x\":1"), payload(), K1)),
				Named.of("crit of a name we read", jws(header(hs256 + ",\"crit\":[\"exp\"]"), payload(), K1)),
				Named.of("crit of b64", jws(header(hs256 + ",\"crit\":[\"b64\"],\"b64\":true"), payload(), K1)),
				Named.of("crit of the wrong type", jws(header(hs256 + ",\"crit\":\"x\""), payload(), K1)),
				Named.of("b64 false", jws(header(hs256 + ",\"b64\":false,\"crit\":[\"b64\"]"), payload(), K1)),
				Named.of("b64 false without crit", jws(header(hs256 + ",\"b64\":false"), payload(), K1)),
				Named.of("embedded jwk",
						jws(header(
								"\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"" + base64(new byte[32]) + "\"}"),
								payload(), Base64.getEncoder().encodeToString(new byte[32]))),
				Named.of("embedded jwk beside a kid",
						jws(header(hs256 + ",\"jwk\":{\"kty\":\"oct\",\"k\":\"" + base64(new byte[32]) + "\"}"),
								payload(), Base64.getEncoder().encodeToString(new byte[32]))),
				Named.of("expired", jws(times(now - 7200, now - 61), payload(), K1)),
				Named.of("expired long ago", jws(times(0, 1), payload(), K1)),
				Named.of("expired before time", jws(times(now, -1), payload(), K1)),
				Named.of("not yet valid", jws(times(now + 120, now + 7200), payload(), K1)),
				Named.of("exp of the wrong type", jws("{" + hs256 + ",\"exp\":\"9999999999\"}", payload(), K1)),
				Named.of("exp of an object", jws("{" + hs256 + ",\"exp\":{}}", payload(), K1)),
				Named.of("iat of the wrong type", jws("{" + hs256 + ",\"iat\":true}", payload(), K1)),
				Named.of("another audience", jws("{" + hs256 + ",\"aud\":\"bakery\"}", payload(), K1)),
				Named.of("an empty audience", jws("{" + hs256 + ",\"aud\":\"\"}", payload(), K1)),
				Named.of("an audience in capitals", jws("{" + hs256 + ",\"aud\":\"SHOP\"}", payload(), K1)),
				Named.of("several other audiences",
						jws("{" + hs256 + ",\"aud\":[\"bakery\",\"shop \"]}", payload(), K1)),
				Named.of("no audience of several", jws("{" + hs256 + ",\"aud\":[]}", payload(), K1)),
				Named.of("audience of the wrong type", jws("{" + hs256 + ",\"aud\":{\"shop\":1}}", payload(), K1)),
				Named.of("twice the alg", jws(header("\"alg\":\"none\"," + hs256), payload(), K1)),
				Named.of("header that is no object", jws("[]", payload(), K1)),
				Named.of("header that is not JSON", jws(MARK, payload(), K1)),
				Named.of("header that goes on", jws(header() + "{}", payload(), K1)),
				Named.of("a deep header",
						jws(header(hs256 + ",\"x\":" + "[".repeat(9000) + "]".repeat(9000)), payload(), K1)),
				Named.of("a long header", jws(header(hs256 + ",\"x\":\"" + "x".repeat(900_000) + "\""), payload(), K1)),
				Named.of("a JWE",
						"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"),
				Named.of("JSON serialisation, general",
						"{\"payload\":\"" + parts[1] + "\",\"signatures\":[{\"protected\":\"" + parts[0]
								+ "\",\"signature\":\"" + parts[2] + "\"}]}"),
				Named.of("JSON serialisation, flattened",
						"{\"payload\":\"" + parts[1] + "\",\"protected\":\"" + parts[0] + "\",\"signature\":\""
								+ parts[2] + "\"}"),
				Named.of("in a list", "[\"" + good + "\"]"), Named.of("in an object", "{\"message\":\"" + good + "\"}"),
				Named.of("in quotes of quotes", "\"\\\"" + good + "\\\"\""),
				Named.of("in single quotes", "'" + good + "'"), Named.of("with one quote", "\"" + good),
				Named.of("with the other quote", good + "\""), Named.of("behind a word", "Bearer " + good),
				Named.of("behind a byte order mark", "\uFEFF" + good),
				Named.of("in base64", base64(good.getBytes(StandardCharsets.US_ASCII))),
				Named.of("with an unsigned message behind", good + message("endpoint.none").json()),
				Named.of("with an unsigned message before", message("endpoint.none").json() + good));
	}

	@ParameterizedTest
	@ValueSource(strings = { "%s", "\"%s\"", " %s", "%s\n", "\r\n\t\"%s\" \n" })
	void takesTheCompactFormOnItsOwnOrAsAJsonString(String format) throws IOException {
		assertThat(post(String.format(format, signed(message("endpoint.none")))).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("none");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",\"aud\":\"shop\"", ",\"aud\":[\"bakery\",\"shop\"]", ",\"typ\":\"JOSE\"",
			",\"jku\":\"http://127.0.0.1:1/qZ7mark\"", ",\"x5u\":\"http://127.0.0.1:1/qZ7mark\"", ",\"cty\":\"json\"",
			",\"x\":{}", ",\"exp\":9999999999", ",\"iat\":1" })
	void whatAKeyOfOursHasSignedCountsWhateverElseTheHeaderSays(String more) throws IOException {
		String header = "{\"alg\":\"HS256\",\"kid\":\"k1\"" + more + "}";
		assertThat(post(jws(header, payload(), K1)).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("none");
	}

	@Test
	void allowsAMinuteBetweenClocks() throws IOException {
		long now = Instant.now().getEpochSecond();
		assertThat(post(jws(times(now + 40, now + 60), payload(), K1)).status()).isEqualTo(204);
		assertThat(post(jws(times(now - 60, now - 40), payload(), K1)).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("none", "none");
	}

	@Test
	void acceptsEveryKeyThatIsConfigured() throws IOException {
		assertThat(post(jws(header("\"alg\":\"HS256\",\"kid\":\"k0\""), payload(), K0)).status()).isEqualTo(204);
		assertThat(post(jws(header(), payload(), K1)).status()).isEqualTo(204);
		assertThat(runs()).hasSize(2);
	}

	@Test
	void acceptsNoMessageThatWasChangedAnywhere() throws IOException {
		long seed = Long.getLong("endpoint.seed", System.nanoTime());
		System.out.println("acceptsNoMessageThatWasChangedAnywhere: -Dendpoint.seed=" + seed);
		Random random = new Random(seed);
		String alphabet = "ABCXYZabcxyz0129-_.=+/\"{ \u0000é";
		for (int i = 0; i < 400; i++) {
			String good = signed(message("endpoint.echo").with("args", "[\"" + i + "\"]"));
			// The last character of a signature holds two bits that mean nothing.
			int index = random.nextInt(good.length() - 1);
			char c = alphabet.charAt(random.nextInt(alphabet.length()));
			if (c == good.charAt(index)) {
				continue;
			}
			String changed = good.substring(0, index) + c + good.substring(index + 1);
			assertRefused(post(changed.getBytes(StandardCharsets.ISO_8859_1)), 401);
		}
	}

	@Test
	void survivesBytesOfAllKinds() throws IOException {
		long seed = Long.getLong("endpoint.seed", System.nanoTime());
		System.out.println("survivesBytesOfAllKinds: -Dendpoint.seed=" + seed);
		Random random = new Random(seed);
		for (int i = 0; i < 200; i++) {
			byte[] bytes = new byte[random.nextInt(2000)];
			random.nextBytes(bytes);
			byte[] body = random.nextBoolean() ? bytes
					: ("e" + base64(Arrays.copyOf(bytes, 40)) + "." + base64(bytes) + "." + base64(bytes))
						.getBytes(StandardCharsets.US_ASCII);
			assertRefused(post(body), 401);
		}
	}

	private static byte[] payload() {
		return message("endpoint.none").json().getBytes(StandardCharsets.UTF_8);
	}

	private static String times(long iat, long exp) {
		return "{\"alg\":\"HS256\",\"kid\":\"k1\",\"iat\":" + iat + ",\"exp\":" + exp + ",\"aud\":\"shop\"}";
	}

	private static String unsigned(String algorithm) {
		String header = header("\"alg\":\"" + algorithm + "\",\"kid\":\"k1\"");
		return base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(payload()) + ".";
	}

	private static String rsa() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(2048);
		KeyPair pair = generator.generateKeyPair();
		RSAPublicKey key = (RSAPublicKey) pair.getPublic();
		String jwk = "{\"kty\":\"RSA\",\"n\":\"" + base64(key.getModulus().toByteArray()) + "\",\"e\":\"AQAB\"}";
		String header = header("\"alg\":\"RS256\",\"kid\":\"k1\",\"jwk\":" + jwk);
		String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(payload());
		Signature signature = Signature.getInstance("SHA256withRSA");
		signature.initSign(pair.getPrivate());
		signature.update(input.getBytes(StandardCharsets.US_ASCII));
		return input + "." + base64(signature.sign());
	}

}
