package dev.backgroundjobs.adapter.google;

import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies Google's OIDC tokens. The audience alone proves nothing, since anybody can
 * have a token made for any audience: the service account is the check. Safe for use by
 * several threads.
 */
final class GoogleTokenVerifier {

	private static final Logger logger = LoggerFactory.getLogger(GoogleTokenVerifier.class);

	// Both spellings are in use: OpenID Connect at Google, "An ID token's payload".
	private static final Set<String> ISSUERS = Set.of("https://accounts.google.com", "accounts.google.com");

	private static final Duration SKEW = Duration.ofSeconds(60);

	// Google's tokens live for an hour.
	private static final Duration MAX_LIFETIME = Duration.ofHours(1);

	// What Cloud Run leaves of a token that it has checked itself: its documentation,
	// "Troubleshooting", "signature-removed".
	private static final String REMOVED_SIGNATURE = ".SIGNATURE_REMOVED_BY_GOOGLE";

	private static final int MAX_LENGTH = 10_000;

	private static final int MAX_VERIFIED = 1_000;

	private final String audience;

	private final Set<String> emails;

	private final DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();

	// A platform sends one token for up to an hour, and checking it costs more than all
	// the
	// rest.
	private final Map<String, Instant> verified = new ConcurrentHashMap<>();

	// Whether the last attempt to fetch the keys failed: others are refused for a while.
	private volatile boolean keysAreMissing;

	private final Clock clock;

	private final boolean signaturesMayBeRemoved;

	/**
	 * Create a verifier.
	 * @param signaturesMayBeRemoved whether nobody can come here but through Cloud Run,
	 * which has checked the signatures that it removes
	 */
	GoogleTokenVerifier(String audience, Set<String> emails, JWKSource<SecurityContext> keys, Clock clock,
			boolean signaturesMayBeRemoved) {
		this.audience = audience;
		this.emails = Set.copyOf(emails);
		this.clock = clock;
		this.signaturesMayBeRemoved = signaturesMayBeRemoved;
		this.signatures.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys));
		// Ours are stricter, and come before the signature.
		this.signatures.setJWTClaimsSetVerifier((claims, context) -> {
		});
	}

	Decision verify(String token) {
		Instant now = this.clock.instant();
		Instant until = this.verified.get(token);
		if (until != null && now.isBefore(until)) {
			return Decision.ACCEPT;
		}
		try {
			Instant expiry = check(token, now);
			if (expiry == null) {
				return Decision.FORBID;
			}
			remember(token, expiry, now);
			return Decision.ACCEPT;
		}
		catch (BadJOSEException | ParseException ex) {
			// The parser repeats what it does not like.
			logger.warn("Refused a Google token: {}", MessageNames.printable(ex.getMessage()));
			return Decision.REFUSE;
		}
		catch (RateLimitReachedException ex) {
			// The keys are fresh, and this one is not among them; or they could not be
			// fetched a moment ago.
			logger.warn("Refused a Google token whose key is not known: {}", ex.getMessage());
			return this.keysAreMissing ? Decision.UNAVAILABLE : Decision.REFUSE;
		}
		catch (JOSEException ex) {
			this.keysAreMissing = true;
			logger.warn("Google's keys cannot be fetched, callers are asked to come back", ex);
			return Decision.UNAVAILABLE;
		}
	}

	// Returns null when the token is Google's and its owner is not one of ours.
	private @Nullable Instant check(String token, Instant now) throws ParseException, BadJOSEException, JOSEException {
		if (token.length() > MAX_LENGTH) {
			throw new BadJOSEException("it is longer than " + MAX_LENGTH + " characters");
		}
		SignedJWT jwt = parse(token);
		require(JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm()), "its algorithm is not RS256");
		JWTClaimsSet claims = jwt.getJWTClaimsSet();
		require(ISSUERS.contains(String.valueOf(claims.getClaim("iss"))), "its issuer is not Google");
		Map<String, Object> raw = jwt.getPayload().toJSONObject();
		require(raw != null && this.audience.equals(raw.get("aud")),
				"its audience is not that of 'jobs.google-oidc.audience'");
		Date expiry = claims.getExpirationTime();
		Date issued = claims.getIssueTime();
		require(expiry != null && issued != null, "it has no 'exp' or no 'iat'");
		Instant exp = expiry.toInstant();
		Instant iat = issued.toInstant();
		require(now.isBefore(exp.plus(SKEW)), "it has expired");
		require(!iat.isAfter(now.plus(SKEW)), "it was issued in the future");
		require(!exp.isAfter(iat.plus(MAX_LIFETIME).plus(SKEW)), "it lives longer than an hour");
		checkSignature(token, jwt);
		boolean isOurs = claims.getClaim("email") instanceof String email && this.emails.contains(email)
				&& Boolean.TRUE.equals(claims.getClaim("email_verified"));
		if (!isOurs) {
			logger.warn("Refused a Google token whose service account is not in 'jobs.google-oidc.emails', or is "
					+ "not verified");
			return null;
		}
		return exp;
	}

	private void checkSignature(String token, SignedJWT jwt) throws BadJOSEException, JOSEException {
		if (!token.endsWith(REMOVED_SIGNATURE)) {
			checkSignature(jwt);
		}
		else if (!this.signaturesMayBeRemoved) {
			throw new BadJOSEException("Cloud Run has removed its signature, as it does where only callers with "
					+ "run.invoker get in: set 'jobs.endpoint.trust' to 'platform', so that the rest of it is enough");
		}
	}

	private static SignedJWT parse(String token) throws ParseException {
		try {
			return SignedJWT.parse(token);
		}
		// Of a header that is null, for example.
		catch (RuntimeException ex) {
			throw new ParseException("it cannot be read (" + ex.getClass().getSimpleName() + ")", 0);
		}
	}

	// Whatever it says of the signature, there were keys to look at.
	private void checkSignature(SignedJWT jwt) throws BadJOSEException, JOSEException {
		try {
			this.signatures.process(jwt, null);
			this.keysAreMissing = false;
		}
		catch (BadJOSEException ex) {
			this.keysAreMissing = false;
			throw ex;
		}
	}

	private static void require(boolean condition, String otherwise) throws BadJOSEException {
		if (!condition) {
			throw new BadJOSEException(otherwise);
		}
	}

	private void remember(String token, Instant expiry, Instant now) {
		if (this.verified.size() >= MAX_VERIFIED) {
			this.verified.values().removeIf((until) -> !now.isBefore(until));
			if (this.verified.size() >= MAX_VERIFIED) {
				this.verified.clear();
			}
		}
		this.verified.put(token, expiry);
	}

}
