package dev.backgroundjobs.message;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The keys an application signs with and accepts. Immutable.
 *
 * @param keyId the id of the key to sign with, or {@code null} to sign nothing
 * @param keys the accepted keys by id
 * @param audience the application that signatures are meant for, or {@code null} to
 * neither write nor check it
 * @param maxAge how long a signature is accepted after the later of its making and the
 * message's {@code runAt}
 */
public record SigningKeys(@Nullable String keyId, Map<String, KeyMaterial> keys, @Nullable String audience,
		Duration maxAge) {

	/**
	 * Default of {@code maxAge}: above the retention of every platform, of which Cloud
	 * Tasks has the longest with 31 days.
	 */
	public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(32);

	static final String PREFIX = "jobs.signing";

	private static final SigningKeys NONE = new SigningKeys(null, Map.of(), null, DEFAULT_MAX_AGE);

	/**
	 * Create keys.
	 * @throws InvalidKeyException when {@code keyId} names none of them, or two ids are
	 * one in an environment variable
	 */
	public SigningKeys {
		keys = Map.copyOf(keys);
		KeyIds.check(PREFIX, keyId, keys.keySet());
	}

	/**
	 * No keys: nothing is signed, and no signature is accepted.
	 * @return no keys
	 */
	public static SigningKeys none() {
		return NONE;
	}

}
