package dev.backgroundjobs.message;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The secrets of all keys while they are read: each has one use and one id, so that what
 * is taken away is gone, and what leaks opens nothing else.
 */
final class UsedSecrets {

	private final Map<ByteBuffer, String> properties = new HashMap<>();

	void add(String property, byte[] secret) {
		String other = this.properties.putIfAbsent(ByteBuffer.wrap(secret), property);
		if (other != null) {
			throw new InvalidKeyException(property,
					"is the same key as '" + other + "': give each id and each use a key of its own");
		}
	}

}
