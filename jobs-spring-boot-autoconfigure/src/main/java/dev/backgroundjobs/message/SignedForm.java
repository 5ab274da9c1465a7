package dev.backgroundjobs.message;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import dev.backgroundjobs.message.UntrustedMessageException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The signed form of a message: a compact JWS (RFC 7515) over its JSON. Safe for use by
 * several threads.
 */
final class SignedForm {

	private static final Duration SKEW = Duration.ofSeconds(60);

	private final Map<String, Key> keys = new HashMap<>();

	private final SigningKeys settings;

	private final @Nullable Key signingKey;

	SignedForm(SigningKeys settings, UsedSecrets used) {
		this.settings = settings;
		settings.keys()
			.forEach((id, material) -> this.keys.put(MessageNames.withoutDashes(id), key(id, material, used)));
		String keyId = settings.keyId();
		this.signingKey = (keyId != null) ? this.keys.get(MessageNames.withoutDashes(keyId)) : null;
		if (this.signingKey != null && this.signingKey.signer == null) {
			throw new InvalidKeyException(KeyIds.property(SigningKeys.PREFIX, this.signingKey.id),
					"is a public key, which cannot sign: name a private one in 'jobs.signing.key-id'");
		}
	}

	boolean signs() {
		return this.signingKey != null;
	}

	byte[] sign(byte[] json, Instant now, @Nullable Instant runAt) {
		Key key = this.signingKey;
		if (key == null || key.signer == null) {
			throw new IllegalStateException("There is no key to sign with");
		}
		Instant from = (runAt != null && runAt.isAfter(now)) ? runAt : now;
		JWSHeader.Builder header = new JWSHeader.Builder(key.algorithm).keyID(key.id)
			.customParam("iat", now.getEpochSecond())
			.customParam("exp", from.plus(this.settings.maxAge()).getEpochSecond());
		if (this.settings.audience() != null) {
			header.customParam("aud", this.settings.audience());
		}
		JWSObject jws = new JWSObject(header.build(), new Payload(json));
		try {
			jws.sign(key.signer);
		}
		catch (JOSEException ex) {
			throw new IllegalStateException("Key '" + key.id + "' cannot sign", ex);
		}
		return jws.serialize().getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Verify a signature. Nothing but its header is read before.
	 * @return the JSON, and whether the signature has expired
	 */
	Verified verify(String compact, Instant now) {
		JWSObject jws = parse(compact);
		JWSHeader header = jws.getHeader();
		Key key = (header.getKeyID() != null) ? this.keys.get(MessageNames.withoutDashes(header.getKeyID())) : null;
		if (key == null) {
			throw new UntrustedMessageException(Reason.UNKNOWN_KEY);
		}
		if (!key.algorithm.equals(header.getAlgorithm()) || header.getCriticalParams() != null
				|| !header.isBase64URLEncodePayload()) {
			throw new UntrustedMessageException(Reason.WRONG_ALGORITHM);
		}
		try {
			if (!jws.verify(key.verifier)) {
				throw new UntrustedMessageException(Reason.WRONG_SIGNATURE);
			}
		}
		catch (JOSEException ex) {
			throw new UntrustedMessageException(Reason.WRONG_SIGNATURE);
		}
		checkAudience(header.getCustomParam("aud"));
		if (seconds(header, "iat", 0) > now.plus(SKEW).getEpochSecond()) {
			throw new UntrustedMessageException(Reason.NOT_YET_VALID);
		}
		boolean expired = seconds(header, "exp", Long.MAX_VALUE) < now.minus(SKEW).getEpochSecond();
		return new Verified(jws.getPayload().toBytes(), expired);
	}

	private static JWSObject parse(String compact) {
		checkAlphabet(compact);
		try {
			return JWSObject.parse(compact);
		}
		// Some fields of a header make Nimbus throw others than it declares.
		catch (ParseException | RuntimeException ex) {
			throw new UntrustedMessageException(Reason.MALFORMED);
		}
	}

	/**
	 * Refuse characters that no compact form has, which Nimbus skips.
	 */
	static void checkAlphabet(String compact) {
		if (!compact.chars().allMatch(SignedForm::isCompact)) {
			throw new UntrustedMessageException(Reason.MALFORMED);
		}
	}

	private static boolean isCompact(int c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
				|| c == '.';
	}

	private void checkAudience(@Nullable Object audience) {
		String own = this.settings.audience();
		boolean matches = (audience instanceof List<?> several) ? several.contains(own)
				: audience == null || audience.equals(own);
		if (own != null && !matches) {
			throw new UntrustedMessageException(Reason.WRONG_AUDIENCE);
		}
	}

	private static long seconds(JWSHeader header, String name, long absent) {
		Object value = header.getCustomParam(name);
		if (value == null) {
			return absent;
		}
		if (value instanceof Number number) {
			return number.longValue();
		}
		throw new UntrustedMessageException(Reason.MALFORMED);
	}

	private static Key key(String id, KeyMaterial material, UsedSecrets used) {
		String property = KeyIds.property(SigningKeys.PREFIX, id);
		try {
			if (!material.isJwk()) {
				byte[] secret = material.hmacKey(property);
				used.add(property, secret);
				return new Key(id, JWSAlgorithm.HS256, new MACSigner(secret), new MACVerifier(secret));
			}
			Ed25519Key key = Ed25519Key.parse(material.jwk());
			String problem = GuessableKeys.problem(key.material());
			if (problem != null) {
				throw new InvalidKeyException(property, problem + ": make a new Ed25519 key");
			}
			used.add(property, key.material());
			return new Key(id, JWSAlgorithm.EdDSA, key.canSign() ? key : null, key);
		}
		catch (JOSEException | GeneralSecurityException | ParseException ex) {
			throw new InvalidKeyException(property, "cannot be used: give base64 of 32 or more random bytes, "
					+ "or a JWK with \"kty\":\"OKP\" and \"crv\":\"Ed25519\"");
		}
	}

	/**
	 * The content of a signed form.
	 *
	 * @param json the message's JSON
	 * @param isExpired whether the signature has expired
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Verified(byte[] json, boolean isExpired) {
	}

	private record Key(String id, JWSAlgorithm algorithm, @Nullable JWSSigner signer, JWSVerifier verifier) {
	}

}
