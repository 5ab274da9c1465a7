package dev.backgroundjobs.adapter.google;

import java.time.Duration;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.backgroundjobs.cloudtasks.emulator.GoogleTokenIssuer;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which of Google's tokens are accepted.
 */
class GoogleTokenVerifierTests {

	private static final String AUDIENCE = "https://paperwork.example.com";

	private static final String EMAIL = "invoker@project.iam.gserviceaccount.com";

	private final GoogleTokenIssuer google = new GoogleTokenIssuer();

	private final GoogleTokenVerifier verifier = new GoogleTokenVerifier(AUDIENCE, Set.of(EMAIL),
			GoogleKeys.from(this.google.jwkSetUri()), Clock.systemUTC(), false);

	private final GoogleTokenVerifier behindCloudRun = new GoogleTokenVerifier(AUDIENCE, Set.of(EMAIL),
			GoogleKeys.from(this.google.jwkSetUri()), Clock.systemUTC(), true);

	@AfterEach
	void close() {
		this.google.close();
	}

	@Test
	void acceptsATokenOfAConfiguredServiceAccount() {
		assertThat(this.verifier.verify(this.google.token(AUDIENCE, EMAIL))).isEqualTo(Decision.ACCEPT);
	}

	@Test
	void acceptsTheOtherSpellingOfTheIssuer() {
		assertThat(verify((claims) -> claims.issuer("accounts.google.com"))).isEqualTo(Decision.ACCEPT);
	}

	@Test
	void asksForTheKeysOnceForManyTokens() {
		for (int i = 0; i < 20; i++) {
			String subject = "s" + i;
			assertThat(verify((claims) -> claims.subject(subject))).isEqualTo(Decision.ACCEPT);
		}
		assertThat(this.google.fetches()).isEqualTo(1);
	}

	@Test
	void acceptsATokenSeenBeforeWhileTheKeysCannotBeFetched() {
		String token = this.google.token(AUDIENCE, EMAIL);
		this.verifier.verify(token);
		this.google.setDown(true);
		this.google.rotate();
		assertThat(this.verifier.verify(token)).isEqualTo(Decision.ACCEPT);
	}

	@Test
	void cannotSayWithoutKeysAndRecovers() {
		this.google.setDown(true);
		String token = this.google.token(AUDIENCE, EMAIL);
		assertThat(this.verifier.verify(token)).isEqualTo(Decision.UNAVAILABLE);
		this.google.setDown(false);
		GoogleTokenVerifier later = new GoogleTokenVerifier(AUDIENCE, Set.of(EMAIL),
				GoogleKeys.from(this.google.jwkSetUri()), Clock.systemUTC(), false);
		assertThat(later.verify(token)).isEqualTo(Decision.ACCEPT);
	}

	@Test
	void cannotSayEitherWhileItMayNotAskForTheKeysAgain() {
		this.google.setDown(true);
		for (int i = 0; i < 5; i++) {
			assertThat(this.verifier.verify(this.google.token(AUDIENCE, EMAIL))).isEqualTo(Decision.UNAVAILABLE);
		}
		assertThat(this.google.fetches()).as("in well under 30 s").isLessThanOrEqualTo(2);
	}

	@Test
	void fetchesTheKeysAgainForAKeyItDoesNotKnow() {
		this.verifier.verify(this.google.token(AUDIENCE, EMAIL));
		this.google.rotate();
		assertThat(this.verifier.verify(this.google.token(AUDIENCE, EMAIL))).isEqualTo(Decision.ACCEPT);
	}

	@Test
	void manyUnknownKeysCauseFewFetchesAndHarmNobody() throws Exception {
		String good = this.google.token(AUDIENCE, EMAIL);
		assertThat(this.verifier.verify(good)).isEqualTo(Decision.ACCEPT);
		// Nobody comes to look at the signature, so that making one is not waited for.
		String[] parts = good.split("\\.");
		long start = System.nanoTime();
		for (int i = 0; i < 1_000; i++) {
			String header = "{\"alg\":\"RS256\",\"kid\":\"unknown-" + i + "\"}";
			String token = Base64URL.encode(header) + "." + parts[1] + "." + parts[2];
			assertThat(this.verifier.verify(token)).isEqualTo(Decision.REFUSE);
		}
		long halfMinutes = Duration.ofNanos(System.nanoTime() - start).toSeconds() / 30;
		assertThat(verify((claims) -> claims.subject("another"))).isEqualTo(Decision.ACCEPT);
		assertThat(this.google.fetches()).isLessThanOrEqualTo(2 + 2 * (int) halfMinutes);
	}

	@Test
	void believesWhatCloudRunLeavesOfATokenOnlyWhereItIsTrusted() {
		String token = withoutSignature(this.google.claims(AUDIENCE, EMAIL));
		assertThat(this.behindCloudRun.verify(token)).isEqualTo(Decision.ACCEPT);
		assertThat(this.verifier.verify(token)).isEqualTo(Decision.REFUSE);
		assertThat(this.google.fetches()).isZero();
	}

	@Test
	void checksAWholeTokenAlsoBehindCloudRun() throws Exception {
		RSAKey stranger = new RSAKeyGenerator(2048).keyID(this.google.key().getKeyID()).generate();
		String forged = this.google.sign(this.google.claims(AUDIENCE, EMAIL).build(), stranger);
		assertThat(this.behindCloudRun.verify(forged)).isEqualTo(Decision.REFUSE);
		assertThat(this.behindCloudRun.verify(this.google.token(AUDIENCE, EMAIL))).isEqualTo(Decision.ACCEPT);
	}

	@ParameterizedTest
	@MethodSource("refusesATokenThatIsNotForUs")
	void refusesTheSameWithoutASignature(String what, UnaryOperator<JWTClaimsSet.Builder> change, Decision expected) {
		String token = withoutSignature(change.apply(this.google.claims(AUDIENCE, EMAIL)));
		assertThat(this.behindCloudRun.verify(token)).as(what).isEqualTo(expected);
	}

	private String withoutSignature(JWTClaimsSet.Builder claims) {
		String token = this.google.sign(claims.build(), this.google.key());
		return token.substring(0, token.lastIndexOf('.')) + ".SIGNATURE_REMOVED_BY_GOOGLE";
	}

	@ParameterizedTest
	@MethodSource
	void refusesATokenThatIsNotForUs(String what, UnaryOperator<JWTClaimsSet.Builder> change, Decision expected) {
		assertThat(verify(change)).as(what).isEqualTo(expected);
	}

	static Stream<Arguments> refusesATokenThatIsNotForUs() {
		Instant now = Clock.systemUTC().instant();
		return Stream.of(claims("no exp", (claims) -> claims.expirationTime(null), Decision.REFUSE),
				claims("no iat", (claims) -> claims.issueTime(null), Decision.REFUSE),
				claims("far exp", (claims) -> claims.expirationTime(Date.from(now.plusSeconds(86_400))),
						Decision.REFUSE),
				claims("expired",
						(claims) -> claims.issueTime(Date.from(now.minusSeconds(4_000)))
							.expirationTime(Date.from(now.minusSeconds(400))),
						Decision.REFUSE),
				claims("from the future",
						(claims) -> claims.issueTime(Date.from(now.plusSeconds(600)))
							.expirationTime(Date.from(now.plusSeconds(900))),
						Decision.REFUSE),
				claims("wrong issuer", (claims) -> claims.issuer("https://accounts.google.com/"), Decision.REFUSE),
				claims("another issuer", (claims) -> claims.issuer("https://accounts.example.com"), Decision.REFUSE),
				claims("no issuer", (claims) -> claims.issuer(null), Decision.REFUSE),
				claims("wrong audience", (claims) -> claims.claim("aud", AUDIENCE + "/"), Decision.REFUSE),
				claims("no audience", (claims) -> claims.claim("aud", null), Decision.REFUSE),
				claims("list audience", (claims) -> claims.claim("aud", List.of(AUDIENCE, "https://evil.example.com")),
						Decision.REFUSE),
				claims("other account", (claims) -> claims.claim("email", "other@project.iam.gserviceaccount.com"),
						Decision.FORBID),
				claims("no account", (claims) -> claims.claim("email", null), Decision.FORBID),
				claims("unverified", (claims) -> claims.claim("email_verified", false), Decision.FORBID),
				claims("verified as text", (claims) -> claims.claim("email_verified", "true"), Decision.FORBID));
	}

	private static Arguments claims(String what, UnaryOperator<JWTClaimsSet.Builder> change, Decision expected) {
		return Arguments.of(what, change, expected);
	}

	@Test
	void refusesOtherAlgorithms() throws Exception {
		JWTClaimsSet claims = this.google.claims(AUDIENCE, EMAIL).build();
		assertThat(this.verifier.verify(new PlainJWT(claims).serialize())).isEqualTo(Decision.REFUSE);
		byte[] publicKey = this.google.key().toRSAPublicKey().getEncoded();
		SignedJWT confused = new SignedJWT(
				new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(this.google.key().getKeyID()).build(), claims);
		confused.sign(new MACSigner(publicKey));
		assertThat(this.verifier.verify(confused.serialize())).isEqualTo(Decision.REFUSE);
		SignedJWT longer = new SignedJWT(
				new JWSHeader.Builder(JWSAlgorithm.RS512).keyID(this.google.key().getKeyID()).build(), claims);
		longer.sign(new RSASSASigner(this.google.key()));
		assertThat(this.verifier.verify(longer.serialize())).isEqualTo(Decision.REFUSE);
	}

	@Test
	void refusesAKeyThatPretends() throws Exception {
		RSAKey stranger = new RSAKeyGenerator(2048).keyID(this.google.key().getKeyID()).generate();
		String token = this.google.sign(this.google.claims(AUDIENCE, EMAIL).build(), stranger);
		assertThat(this.verifier.verify(token)).isEqualTo(Decision.REFUSE);
	}

	@Test
	void refusesWhatIsNoToken() {
		for (String text : List.of("", "x", "a.b.c", "..", "e30.e30.e30", "x".repeat(50_000))) {
			assertThat(this.verifier.verify(text)).as(text).isEqualTo(Decision.REFUSE);
		}
		assertThat(this.google.fetches()).isZero();
	}

	@Test
	void whatATokenSaysAddsNoLinesToTheLog() {
		try (CapturedLog log = new CapturedLog()) {
			for (String header : List.of("null", "{\"alg\":\"RS256\",\"typ\":\"a\\nERROR b\"}",
					"{\"alg\":\"RS256\",\"jku\":\":\\nERROR b\"}")) {
				String claims = this.google.claims(AUDIENCE, EMAIL).build().toString();
				String token = Base64URL.encode(header) + "." + Base64URL.encode(claims) + ".AAAA";
				assertThat(this.verifier.verify(token)).as(header).isEqualTo(Decision.REFUSE);
			}
			assertThat(log.lines()).hasSize(3).allSatisfy((line) -> assertThat(line).doesNotContain("\n"));
		}
	}

	private Decision verify(UnaryOperator<JWTClaimsSet.Builder> change) {
		JWTClaimsSet claims = change.apply(this.google.claims(AUDIENCE, EMAIL)).build();
		return this.verifier.verify(this.google.sign(claims, this.google.key()));
	}

}
