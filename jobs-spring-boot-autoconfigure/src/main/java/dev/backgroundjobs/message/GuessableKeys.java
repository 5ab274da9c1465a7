package dev.backgroundjobs.message;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntUnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Finds keys that somebody typed or copied instead of making them. A key of 32 random
 * bytes is taken for one of these less than once in a million times.
 */
final class GuessableKeys {

	// RFC 7515 A.1, RFC 7520 3.5 and 3.6, RFC 8037 A.1 (private and public half).
	private static final Set<String> PUBLISHED = Set.of(
			"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
			"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG+Onbc6mxCcYg", "AAPapAv4LbFbiVawEjagUBluYqN5rhna+8nuldDvOx8",
			"nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo");

	private static final List<String> WORDS = List.of("secret", "password", "changeme", "example", "sample", "replace");

	private GuessableKeys() {
	}

	/**
	 * Return what is wrong with a key of at least 32 bytes, as the rest of a sentence.
	 * @return the problem, or {@code null}
	 */
	static @Nullable String problem(byte[] key) {
		String text = Base64.getEncoder().withoutPadding().encodeToString(key);
		if (PUBLISHED.contains(text)) {
			return "is a sample key that is printed in a standard";
		}
		if (repeats(key.length, (i) -> key[i]) || repeats(text.length(), text::charAt)) {
			return "repeats itself";
		}
		if (counts(key.length, (i) -> key[i]) || counts(text.length(), text::charAt)) {
			return "counts up or down";
		}
		if (isReadable(key)) {
			return "is readable text in base64 instead of random bytes";
		}
		if (isWords(text)) {
			return "is words or hex digits instead of base64 of random bytes";
		}
		return null;
	}

	// The same few elements again and again.
	private static boolean repeats(int length, IntUnaryOperator element) {
		for (int period = 1; period <= length / 2; period++) {
			int i = period;
			while (i < length && element.applyAsInt(i) == element.applyAsInt(i - period)) {
				i++;
			}
			if (i == length) {
				return true;
			}
		}
		return false;
	}

	// The same step more often than not: 0, 1, 2 …, or one element and a few others.
	private static boolean counts(int length, IntUnaryOperator element) {
		int[] steps = new int[512];
		for (int i = 1; i < length; i++) {
			int step = element.applyAsInt(i) - element.applyAsInt(i - 1);
			if (++steps[step + 256] * 2 > length) {
				return true;
			}
		}
		return false;
	}

	private static boolean isReadable(byte[] key) {
		for (byte b : key) {
			if (b < ' ' || b == 0x7F) {
				return false;
			}
		}
		return true;
	}

	// Base64 of random bytes has capitals and small letters.
	private static boolean isWords(String text) {
		String lower = text.toLowerCase(Locale.ROOT);
		return text.equals(lower) || text.equals(text.toUpperCase(Locale.ROOT))
				|| WORDS.stream().anyMatch(lower::contains);
	}

}
