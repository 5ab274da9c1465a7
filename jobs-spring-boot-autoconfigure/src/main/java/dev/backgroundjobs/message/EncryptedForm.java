package dev.backgroundjobs.message;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.KeyLengthException;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.util.Base64URL;
import dev.backgroundjobs.message.UntrustedMessageException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The encrypted form of a message: a compact JWE (RFC 7516) around its signed form, or
 * around its JSON. Safe for use by several threads.
 */
final class EncryptedForm {

	// Content types leave out "application/" (RFC 7516, 4.1.12).
	private static final String SIGNED = "JOSE";

	private static final String PLAIN = "json";

	private static final int IV_BYTES = 12;

	private static final int TAG_BYTES = 16;

	private final Map<String, Key> keys = new HashMap<>();

	private final @Nullable Key encryptionKey;

	EncryptedForm(EncryptionKeys settings, UsedSecrets used) {
		SecureRandom random = new SecureRandom();
		settings.keys()
			.forEach((id, material) -> this.keys.put(MessageNames.withoutDashes(id), key(id, material, used, random)));
		String keyId = settings.keyId();
		this.encryptionKey = (keyId != null) ? this.keys.get(MessageNames.withoutDashes(keyId)) : null;
	}

	boolean encrypts() {
		return this.encryptionKey != null;
	}

	byte[] encrypt(byte[] content, boolean isSigned) {
		Key key = this.encryptionKey;
		if (key == null) {
			throw new IllegalStateException("There is no key to encrypt with");
		}
		JWEHeader header = new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM).keyID(key.id)
			.contentType(isSigned ? SIGNED : PLAIN)
			.build();
		JWEObject jwe = new JWEObject(header, new Payload(content));
		try {
			jwe.encrypt(key.encrypter);
		}
		catch (JOSEException ex) {
			throw new IllegalStateException("Key '" + key.id + "' cannot encrypt", ex);
		}
		return jwe.serialize().getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Decrypt. Nothing but the header is read before the tag is checked, and without
	 * compression the content is shorter than its form.
	 */
	Decrypted decrypt(String compact) {
		JWEObject jwe = parse(compact);
		JWEHeader header = jwe.getHeader();
		Key key = (header.getKeyID() != null) ? this.keys.get(MessageNames.withoutDashes(header.getKeyID())) : null;
		if (key == null) {
			throw new UntrustedMessageException(Reason.UNKNOWN_KEY);
		}
		if (!JWEAlgorithm.DIR.equals(header.getAlgorithm())
				|| !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
				|| header.getCompressionAlgorithm() != null || header.getCriticalParams() != null) {
			throw new UntrustedMessageException(Reason.WRONG_ALGORITHM);
		}
		if (jwe.getEncryptedKey() != null || length(jwe.getIV()) != IV_BYTES || length(jwe.getAuthTag()) != TAG_BYTES) {
			throw new UntrustedMessageException(Reason.MALFORMED);
		}
		try {
			jwe.decrypt(key.decrypter);
		}
		catch (JOSEException ex) {
			throw new UntrustedMessageException(Reason.NOT_DECRYPTABLE);
		}
		return new Decrypted(jwe.getPayload().toBytes(), isSigned(header));
	}

	/**
	 * Return whether there is a signed form in an encrypted one that was decrypted
	 * before.
	 */
	static boolean holdsSigned(String compact) {
		return isSigned(parse(compact).getHeader());
	}

	private static boolean isSigned(JWEHeader header) {
		String type = header.getContentType();
		return SIGNED.equalsIgnoreCase(type) || ("application/" + SIGNED).equalsIgnoreCase(type);
	}

	private static JWEObject parse(String compact) {
		SignedForm.checkAlphabet(compact);
		try {
			return JWEObject.parse(compact);
		}
		// Some fields of a header make Nimbus throw others than it declares.
		catch (ParseException | RuntimeException ex) {
			throw new UntrustedMessageException(Reason.MALFORMED);
		}
	}

	private static int length(@Nullable Base64URL part) {
		return (part != null) ? part.decode().length : 0;
	}

	private static Key key(String id, KeyMaterial material, UsedSecrets used, SecureRandom random) {
		String property = KeyIds.property(EncryptionKeys.PREFIX, id);
		byte[] secret = material.aesKey(property);
		used.add(property, secret);
		try {
			DirectEncrypter encrypter = new DirectEncrypter(secret);
			encrypter.getJCAContext().setSecureRandom(random);
			return new Key(id, encrypter, new DirectDecrypter(secret));
		}
		catch (KeyLengthException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The content of an encrypted form.
	 *
	 * @param content the signed form or the JSON
	 * @param isSigned whether it is the signed form
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Decrypted(byte[] content, boolean isSigned) {
	}

	private record Key(String id, DirectEncrypter encrypter, DirectDecrypter decrypter) {
	}

}
