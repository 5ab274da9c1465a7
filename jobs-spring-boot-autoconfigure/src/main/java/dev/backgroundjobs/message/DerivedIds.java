package dev.backgroundjobs.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Ids of jobs that follow from something else, so that whoever computes one twice gets
 * the same: UUIDs of version 8 (RFC 9562) from SHA-256.
 */
public final class DerivedIds {

	private DerivedIds() {
	}

	/**
	 * Derive an id.
	 * @param parts what it follows from; the same parts in the same order give the same
	 * id
	 * @return a UUID
	 */
	public static String of(String... parts) {
		MessageDigest digest = sha256();
		for (String part : parts) {
			byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
			// With their lengths, so that no two lists of parts are the same bytes.
			digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
			digest.update(bytes);
		}
		ByteBuffer hash = ByteBuffer.wrap(digest.digest());
		long high = (hash.getLong() & ~0xF000L) | 0x8000L;
		long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
		return new UUID(high, low).toString();
	}

	/**
	 * Hash a key, for platforms that name what they take by one of limited length. Hashes
	 * do not begin alike, as keys may.
	 * @param key the key
	 * @return its SHA-256 as 64 lower-case hexadecimal digits
	 */
	public static String hash(String key) {
		return HexFormat.of().formatHex(sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
