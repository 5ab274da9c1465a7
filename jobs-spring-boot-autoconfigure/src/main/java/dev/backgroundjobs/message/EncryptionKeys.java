package dev.backgroundjobs.message;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The keys an application encrypts with and accepts. Immutable.
 *
 * @param keyId the id of the key to encrypt with, or {@code null} to encrypt nothing
 * @param keys the accepted keys by id
 */
public record EncryptionKeys(@Nullable String keyId, Map<String, KeyMaterial> keys) {

	static final String PREFIX = "jobs.encryption";

	private static final EncryptionKeys NONE = new EncryptionKeys(null, Map.of());

	/**
	 * Create keys.
	 * @throws InvalidKeyException when {@code keyId} names none of them, or two ids are
	 * one in an environment variable
	 */
	public EncryptionKeys {
		keys = Map.copyOf(keys);
		KeyIds.check(PREFIX, keyId, keys.keySet());
	}

	/**
	 * No keys: nothing is encrypted, and nothing can be decrypted.
	 * @return no keys
	 */
	public static EncryptionKeys none() {
		return NONE;
	}

}
