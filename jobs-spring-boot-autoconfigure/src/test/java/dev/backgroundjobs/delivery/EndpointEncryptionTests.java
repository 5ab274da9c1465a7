package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

import dev.backgroundjobs.HandmadeForms;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.MessageLimits;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Encrypted messages at the endpoint.
 */
class EndpointEncryptionTests extends EndpointFixtureTests {

	private static final String E1 = TestKeys.secret("e1");

	private static final String E0 = TestKeys.secret("e0");

	@BeforeAll
	static void start() {
		use(Server.startPlain("jobs.signing.keys.k0=" + K0, "jobs.encryption.keys.e1=" + E1,
				"jobs.encryption.keys.e0=" + E0, "jobs.encryption.key-id=e1"));
	}

	@Test
	void runsWhatIsSignedAndEncrypted() throws IOException {
		EncodedMessage encoded = encode(server(), "[]");
		assertThat(encoded.text().split("\\.")).hasSize(5);
		assertThat(post(encoded.bytes(), "Content-Type: " + encoded.mediaType()).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("none");
	}

	@ParameterizedTest
	@ValueSource(strings = { "%s", "\"%s\"", " %s", "%s\n", "\r\n\t\"%s\" \n" })
	void takesTheCompactFormOnItsOwnOrAsAJsonString(String format) throws IOException {
		String form = encrypted("JOSE", signed(message("endpoint.none")), "e1", E1);
		assertThat(post(String.format(format, form)).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("none");
	}

	@Test
	void acceptsEveryKeyThatIsConfigured() throws IOException {
		String old = jws(header("\"alg\":\"HS256\",\"kid\":\"k0\""),
				message("endpoint.none").json().getBytes(StandardCharsets.UTF_8), K0);
		assertThat(post(encrypted("JOSE", old, "e0", E0)).status()).isEqualTo(204);
		assertThat(post(encrypted("JOSE", signed(message("endpoint.none")), "e0", E0)).status()).isEqualTo(204);
		assertThat(post(encrypted("JOSE", signed(message("endpoint.none")), "e1", E1)).status()).isEqualTo(204);
		assertThat(runs()).hasSize(3);
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatNoSignatureVouchesFor(String body) throws IOException {
		assertRefused(post(body), 401);
	}

	static Stream<Named<String>> refusesWhatNoSignatureVouchesFor() {
		String json = message("endpoint.none").json();
		String signed = signed(json);
		String good = encrypted("JOSE", signed, "e1", E1);
		return Stream.of(Named.of("encrypted and not signed", encrypted("json", json, "e1", E1)),
				Named.of("encrypted JSON that claims to be signed", encrypted("JOSE", json, "e1", E1)),
				Named.of("signed with the key for encryption",
						encrypted("JOSE",
								jws(header("\"alg\":\"HS256\",\"kid\":\"e1\""), json.getBytes(StandardCharsets.UTF_8),
										E1),
								"e1", E1)),
				Named.of("signed with another key",
						encrypted("JOSE", jws(header(), json.getBytes(StandardCharsets.UTF_8), K0), "e1", E1)),
				Named.of("encrypted with another key", encrypted("JOSE", signed, "e1", E0)),
				Named.of("encrypted with the key for signing", encrypted("JOSE", signed, "k1", K1)),
				Named.of("encrypted twice", encrypted("JOSE", good, "e1", E1)),
				Named.of("expired",
						encrypted("JOSE",
								jws("{\"alg\":\"HS256\",\"kid\":\"k1\",\"exp\":1}",
										json.getBytes(StandardCharsets.UTF_8), K1),
								"e1", E1)),
				Named.of("truncated", good.substring(0, good.length() - 3)),
				Named.of("zip",
						HandmadeForms.encrypt(
								"{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"e1\",\"cty\":\"JOSE\",\"zip\":\"DEF\"}",
								signed.getBytes(StandardCharsets.US_ASCII), E1)));
	}

	@Test
	void runsTheLargestMessageAndNoLarger() throws IOException {
		// given
		EncodedMessage largest = largest(server());
		assertThat(largest.bytes().length).isBetween(MessageLimits.MAX_BYTES - 8, MessageLimits.MAX_BYTES);

		// then
		assertThat(post(largest.bytes()).status()).isEqualTo(204);
		assertThat(runs()).singleElement().asString().startsWith("echo xxx");
		server().runs().clear();
		assertRefused(post(largest.text() + "A".repeat(9)), 413);
	}

	@Test
	void aTrustedCallerMaySendWhatIsOnlyEncrypted() throws IOException {
		try (Server trusting = Server.start(Trusting.class, "jobs.encryption.keys.e1=" + E1)) {
			byte[] body = encrypted("json", message("endpoint.none").json(), "e1", E1)
				.getBytes(StandardCharsets.US_ASCII);
			assertThat(trusting.send("POST", "/_jobs", body, "Content-Type: application/jose").status()).isEqualTo(204);
			assertThat(trusting.runs()).containsExactly("none");
		}
	}

	@Test
	void aTrustedCallerMustSignBesidesWhereThatIsRequired() throws IOException {
		try (Server strict = Server.start(Trusting.class, "jobs.encryption.keys.e1=" + E1,
				"jobs.signing.required=true")) {
			byte[] body = encrypted("json", message("endpoint.none").json(), "e1", E1)
				.getBytes(StandardCharsets.US_ASCII);
			Answer answer = strict.send("POST", "/_jobs", body);
			assertThat(answer.status()).isEqualTo(401);
			assertOwnProblem(answer);
			assertThat(strict.runs()).isEmpty();
		}
	}

	@Test
	void aKeyForEncryptionAloneOpensTheEndpointToNobody() throws IOException {
		try (Server closed = Server.startPlain("!jobs.signing.keys.k1", "!jobs.signing.key-id",
				"jobs.encryption.keys.e1=" + E1, "jobs.encryption.key-id=e1")) {
			byte[] body = encode(closed, "[]").bytes();
			assertThat(closed.send("POST", "/_jobs", body).status()).isEqualTo(401);
			assertThat(closed.runs()).isEmpty();
		}
	}

	private static String encrypted(String type, String content, String keyId, String key) {
		String header = "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"" + keyId + "\",\"cty\":\"" + type + "\"}";
		return HandmadeForms.encrypt(header, content.getBytes(StandardCharsets.UTF_8), key);
	}

	private static EncodedMessage encode(Server server, String args) {
		String job = args.equals("[]") ? "endpoint.none" : "endpoint.echo";
		JobMessage message = JobMessage.builder(UUID.randomUUID().toString(), job, "default", args, Instant.now())
			.build();
		return server.bean(JobMessageCodec.class).encode(message);
	}

	// Three bytes more make a form longer by five or six.
	private static EncodedMessage largest(Server server) {
		int accepted = 1;
		int refused = MessageLimits.MAX_BYTES;
		while (refused - accepted > 1) {
			int middle = (accepted + refused) / 2;
			if (encode(server, "[\"" + "x".repeat(middle) + "\"]").bytes().length <= MessageLimits.MAX_BYTES) {
				accepted = middle;
			}
			else {
				refused = middle;
			}
		}
		return encode(server, "[\"" + "x".repeat(accepted) + "\"]");
	}

	@Import(Application.class)
	static class Trusting {

		@Bean
		DeliveryAuthenticator trusting() {
			return (request) -> Decision.ACCEPT;
		}

	}

}
