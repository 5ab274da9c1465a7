package dev.backgroundjobs.sample.conversion;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts, script by script, the characters that no bundled font can draw.
 */
class MissingCharacters {

	private final Map<String, Integer> counts = new TreeMap<>();

	void add(int codePoint) {
		this.counts.merge(kind(codePoint), 1, Integer::sum);
	}

	void addAll(MissingCharacters others) {
		others.counts.forEach((kind, count) -> this.counts.merge(kind, count, Integer::sum));
	}

	/**
	 * Return what to tell the user.
	 * @return one sentence for each script
	 */
	Stream<String> warnings() {
		return this.counts.entrySet()
			.stream()
			.map((entry) -> (entry.getValue() == 1)
					? "1 " + entry.getKey() + " character cannot be drawn with the bundled fonts and appears as #"
					: entry.getValue() + " " + entry.getKey()
							+ " characters cannot be drawn with the bundled fonts and appear as #");
	}

	private static String kind(int codePoint) {
		if (Character.getType(codePoint) == Character.PRIVATE_USE) {
			return "private-use";
		}
		UnicodeScript script = UnicodeScript.of(codePoint);
		return switch (script) {
			case COMMON, INHERITED, UNKNOWN -> "symbol or emoji";
			default -> Arrays.stream(script.name().split("_"))
				.map((word) -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(" "));
		};
	}

}
