package dev.backgroundjobs.message;

import java.util.Arrays;
import java.util.Base64;

/**
 * The secret of a key as it is configured: base64 (either alphabet), or a JWK as JSON.
 * Never shows itself.
 */
public final class KeyMaterial {

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

	byte[] bytes(String property) {
		if (this.text.startsWith("${") && this.text.endsWith("}")) {
			throw new InvalidKeyException(property,
					"is a placeholder that nothing resolves: set the environment " + "variable or property it names");
		}
		byte[] bytes;
		try {
			bytes = Base64.getDecoder().decode(this.text.replace('-', '+').replace('_', '/'));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidKeyException(property, "is not base64: make a key with 'openssl rand -base64 32'");
		}
		if (bytes.length < 32) {
			throw new InvalidKeyException(property, "has " + bytes.length
					+ " bytes, HS256 needs 32 or more: make a key with 'openssl rand -base64 32'");
		}
		byte[] same = new byte[bytes.length];
		Arrays.fill(same, bytes[0]);
		if (Arrays.equals(bytes, same)) {
			throw new InvalidKeyException(property, "repeats one byte: make a key with 'openssl rand -base64 32'");
		}
		return bytes;
	}

	@Override
	public String toString() {
		return "******";
	}

}
