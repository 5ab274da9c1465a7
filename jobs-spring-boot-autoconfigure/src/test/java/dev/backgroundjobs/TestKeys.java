package dev.backgroundjobs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * Keys that are always the same, so that golden messages can be read for ever, and that
 * stand nowhere as text, so that nobody copies them.
 */
public final class TestKeys {

	/** An Ed25519 key pair as a JWK. */
	public static final String ED25519 = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
			+ "\"d\":\"WLBGvQdVKFni8zBZsXJ4tefg9ncoSiphJndfvoNk-DI\","
			+ "\"x\":\"aZLUcd22e6_SaBGmqTMIPBv5QWe8G-xUJcoOcN797OM\"}";

	/** The public half alone. */
	public static final String ED25519_PUBLIC = ED25519.replaceFirst("\"d\":\"[^\"]*\",", "");

	private TestKeys() {
	}

	/**
	 * Return the base64 of 32 bytes, which are good for signing and for encryption.
	 * @param name any name; each has a key of its own
	 * @return the key
	 */
	public static String secret(String name) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
			return Base64.getEncoder().encodeToString(hash);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
