package dev.backgroundjobs.message;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The ids of configured keys. They come out of environment variables, too, and out of
 * messages in another spelling.
 */
final class KeyIds {

	private KeyIds() {
	}

	static void check(String prefix, @Nullable String keyId, Collection<String> keys) {
		Map<String, String> ids = new LinkedHashMap<>();
		for (String id : keys) {
			String other = ids.put(MessageNames.withoutDashes(id), id);
			if (other != null) {
				throw new InvalidKeyException(property(prefix, id),
						"and '" + property(prefix, other) + "' differ only in dashes or capitals, which "
								+ "environment variables cannot carry: rename one");
			}
		}
		if (keyId != null && !ids.containsKey(MessageNames.withoutDashes(keyId))) {
			throw new InvalidKeyException(prefix + ".key-id", "is '" + keyId + "', which is none of the keys under '"
					+ prefix + ".keys': " + (keys.isEmpty() ? "add it there" : ids.values()));
		}
	}

	static String property(String prefix, String id) {
		return prefix + ".keys." + id;
	}

}
