package dev.backgroundjobs.message;

import java.util.Base64;

/**
 * The secret of a key as it is configured: base64 (either alphabet), or a JWK as JSON.
 * Never shows itself.
 */
public final class KeyMaterial {

	private static final String MAKE_ONE = ": make a key with 'openssl rand -base64 32'";

	private final String text;

	private KeyMaterial(String text) {
		this.text = text;
	}

	/**
	 * Create key material.
	 * @param text base64, or a JWK as JSON
	 * @return the key material
	 */
	public static KeyMaterial of(String text) {
		return new KeyMaterial(text.strip());
	}

	boolean isJwk() {
		return this.text.startsWith("{");
	}

	String jwk() {
		return this.text;
	}

	/**
	 * Return a key for HS256.
	 */
	byte[] hmacKey(String property) {
		byte[] key = bytes(property);
		if (key.length < 32) {
			throw new InvalidKeyException(property, "has " + key.length + " bytes, HS256 needs 32 or more" + MAKE_ONE);
		}
		return notGuessable(property, key);
	}

	/**
	 * Return a key for A256GCM.
	 */
	byte[] aesKey(String property) {
		byte[] key = bytes(property);
		if (key.length != 32) {
			throw new InvalidKeyException(property,
					"has " + key.length + " bytes, A256GCM needs exactly 32" + MAKE_ONE);
		}
		return notGuessable(property, key);
	}

	private byte[] bytes(String property) {
		if (this.text.isEmpty()) {
			throw new InvalidKeyException(property, "is empty: set it, or remove it");
		}
		if (this.text.startsWith("${") && this.text.endsWith("}")) {
			throw new InvalidKeyException(property,
					"is a placeholder that nothing resolves: set the environment variable or property it names");
		}
		try {
			return Base64.getDecoder().decode(this.text.replace('-', '+').replace('_', '/'));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidKeyException(property, "is not base64" + MAKE_ONE);
		}
	}

	private static byte[] notGuessable(String property, byte[] key) {
		String problem = GuessableKeys.problem(key);
		if (problem != null) {
			throw new InvalidKeyException(property, problem + MAKE_ONE);
		}
		return key;
	}

	@Override
	public String toString() {
		return "******";
	}

}
