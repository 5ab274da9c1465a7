package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be configured of keys, each with an application of its own.
 */
class EndpointKeysTests extends EndpointFixtureTests {

	private static KeyPair pair;

	private static String publicJwk;

	private static String privateJwk;

	@BeforeAll
	static void makeKeys() throws GeneralSecurityException {
		pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		EdECPublicKey key = (EdECPublicKey) pair.getPublic();
		// The last 32 bytes of the encoding are the point.
		byte[] encoded = key.getEncoded();
		byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
		byte[] d = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
		publicJwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + base64(x) + "\"}";
		privateJwk = publicJwk.replace("}", ",\"d\":\"" + base64(d) + "\"}");
	}

	@AfterEach
	void stop() {
		stopServer();
	}

	@Test
	void signsAndAcceptsWithAnEd25519Key() throws Exception {
		use(Server.startPlain("jobs.signing.keys.ed=" + privateJwk, "jobs.signing.key-id=ed"));
		EncodedMessage encoded = encode();
		assertThat(header(encoded)).contains("\"alg\":\"EdDSA\"").contains("\"kid\":\"ed\"");
		assertThat(post(encoded.bytes(), "Content-Type: " + encoded.mediaType()).status()).isEqualTo(204);
		assertThat(post(eddsa("ed")).status()).isEqualTo(204);
		assertThat(runs()).hasSize(2);
	}

	@Test
	void acceptsWithAPublicKeyWhatOthersSign() throws Exception {
		use(Server.startPlain("jobs.signing.keys.pub=" + publicJwk));
		assertThat(post(eddsa("pub")).status()).isEqualTo(204);
		assertThat(runs()).hasSize(1);
		server().runs().clear();
		assertRefused(post(eddsa("k1")), 401);
		assertRefused(post(eddsa("other")), 401);
	}

	@Test
	void aPublicKeyIsNoSecret() throws Exception {
		use(Server.startPlain("jobs.signing.keys.pub=" + publicJwk));
		EdECPublicKey key = (EdECPublicKey) pair.getPublic();
		byte[] encoded = key.getEncoded();
		byte[][] secrets = { encoded, Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length),
				publicJwk.getBytes(StandardCharsets.UTF_8), Base64.getEncoder().encode(encoded) };
		for (byte[] secret : secrets) {
			String header = header("\"alg\":\"HS256\",\"kid\":\"pub\"");
			assertRefused(post(jws("HmacSHA256", header, payload(), secret)), 401);
		}
	}

	@Test
	void anEd25519SignatureOfAnotherKeyDoesNotCount() throws Exception {
		use(Server.startPlain("jobs.signing.keys.pub=" + publicJwk));
		KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		assertRefused(post(eddsa("pub", other, true)), 401);
		assertRefused(post(eddsa("pub", pair, false)), 401);
		String[] parts = eddsa("pub").split("\\.");
		assertRefused(post(parts[0] + "." + parts[1] + "." + base64(new byte[64])), 401);
		assertRefused(post(parts[0] + "." + parts[1] + "." + base64(new byte[63])), 401);
		assertRefused(post(parts[0] + "." + parts[1] + "." + parts[2] + "AAAA"), 401);
		assertRefused(post(parts[0] + "." + parts[1] + "."), 401);
	}

	@Test
	void signsWithTheOldKeyWhileTheNewOneIsAcceptedEverywhere() throws Exception {
		use(Server.startPlain("jobs.signing.keys.k0=" + K0, "jobs.signing.key-id=k0"));
		EncodedMessage encoded = encode();
		assertThat(header(encoded)).contains("\"kid\":\"k0\"").contains("\"aud\":\"shop\"");
		assertThat(post(encoded.bytes()).status()).isEqualTo(204);
		assertThat(post(signed(message("endpoint.none"))).status()).isEqualTo(204);
		assertThat(runs()).hasSize(2);
	}

	@Test
	void aKeyThatWasTakenAwayIsNotAccepted() throws Exception {
		use(Server.startPlain());
		assertRefused(post(jws(header("\"alg\":\"HS256\",\"kid\":\"k0\""), payload(), K0)), 401);
	}

	@Test
	void anAudienceOfItsOwnIsChecked() throws Exception {
		use(Server.startPlain("jobs.signing.audience=bakery"));
		assertRefused(post(signed(message("endpoint.none"))), 401);
		String header = "{\"alg\":\"HS256\",\"kid\":\"k1\",\"aud\":\"bakery\"}";
		assertThat(post(jws(header, payload(), K1)).status()).isEqualTo(204);
		assertThat(runs()).hasSize(1);
	}

	@Test
	void withoutKeysNobodyGetsInAndNoBodyIsRead() throws Exception {
		try (Server closed = Server.startPlain("!jobs.signing.keys.k1", "!jobs.signing.key-id",
				"server.tomcat.connection-timeout=1s")) {
			byte[] body = signed(message("endpoint.none")).getBytes(StandardCharsets.UTF_8);
			assertThat(closed.send("POST", "/_jobs", body).status()).isEqualTo(401);
			Answer answer = closed.exchange("POST /_jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
					+ "Connection: close\r\nContent-Length: 1000000\r\n\r\n", new byte[0]);
			assertThat(answer.status()).isEqualTo(401);
			assertOwnProblem(answer);
			assertThat(closed.runs()).isEmpty();
		}
	}

	@Test
	void aTrustedCallerMustSignWhereThatIsRequired() throws Exception {
		use(Server.start(Trusting.class, "jobs.signing.required=true"));
		assertRefused(post(message("endpoint.none").json()), 401);
		assertThat(post(signed(message("endpoint.none"))).status()).isEqualTo(204);
		assertThat(runs()).hasSize(1);
	}

	@Test
	void aTrustedCallerNeedNotSignWhereThatIsOnlyWarnedOf() throws Exception {
		use(Server.start(Trusting.class, "jobs.signing.required=warn"));
		assertThat(post(message("endpoint.none").json()).status()).isEqualTo(204);
		assertThat(runs()).hasSize(1);
	}

	@Test
	void theEndpointCanBeTurnedOff() throws Exception {
		try (Server off = Server.startPlain("jobs.endpoint.enabled=false")) {
			Answer answer = off.send("POST", "/_jobs",
					signed(message("endpoint.none")).getBytes(StandardCharsets.UTF_8));
			assertThat(answer.status()).isEqualTo(404);
			assertThat(answer.header("content-type")).startsWith("application/json");
			assertThat(off.runs()).isEmpty();
		}
	}

	private static EncodedMessage encode() {
		JobMessage message = JobMessage
			.builder(UUID.randomUUID().toString(), "endpoint.none", "default", "[]", Instant.now())
			.build();
		return server().bean(JobMessageCodec.class).encode(message);
	}

	private static String header(EncodedMessage encoded) {
		return new String(Base64.getUrlDecoder().decode(encoded.text().split("\\.")[0]), StandardCharsets.UTF_8);
	}

	private static byte[] payload() {
		return message("endpoint.none").json().getBytes(StandardCharsets.UTF_8);
	}

	private static String eddsa(String keyId) throws GeneralSecurityException {
		return eddsa(keyId, pair, true);
	}

	private static String eddsa(String keyId, KeyPair keys, boolean whole) throws GeneralSecurityException {
		String header = header("\"alg\":\"EdDSA\",\"kid\":\"" + keyId + "\"");
		String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(payload());
		Signature signature = Signature.getInstance("Ed25519");
		signature.initSign(keys.getPrivate());
		signature.update(input.getBytes(StandardCharsets.US_ASCII), 0, whole ? input.length() : input.length() - 1);
		return input + "." + base64(signature.sign());
	}

	@Import(Application.class)
	static class Trusting {

		@Bean
		DeliveryAuthenticator trusting() {
			return (request) -> Decision.ACCEPT;
		}

	}

}
