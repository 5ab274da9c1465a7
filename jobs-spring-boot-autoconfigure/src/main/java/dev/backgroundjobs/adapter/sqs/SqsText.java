package dev.backgroundjobs.adapter.sqs;

import java.nio.charset.StandardCharsets;

/**
 * Text as SQS takes it: tab, line feed, carriage return, and from the space on everything
 * but U+FFFE, U+FFFF and halves of a character.
 */
final class SqsText {

	private SqsText() {
	}

	/**
	 * Write the characters that SQS does not take as escapes. They can only stand in
	 * strings of JSON: its own grammar has none of them, and signed and encrypted forms
	 * are ASCII. Whoever reads the text reads the same message.
	 * @param json the text of a message
	 */
	static String escaped(String json) {
		int first = 0;
		while (first < json.length() && isTaken(json, first)) {
			first++;
		}
		if (first == json.length()) {
			return json;
		}
		StringBuilder escaped = new StringBuilder(json.length() + 64).append(json, 0, first);
		for (int i = first; i < json.length(); i++) {
			char c = json.charAt(i);
			if (isTaken(json, i)) {
				escaped.append(c);
			}
			else {
				escaped.append(String.format("\\u%04X", (int) c));
			}
		}
		return escaped.toString();
	}

	private static boolean isTaken(String json, int index) {
		char c = json.charAt(index);
		if (c < ' ') {
			return c == '\t' || c == '\n' || c == '\r';
		}
		if (Character.isHighSurrogate(c)) {
			return index + 1 < json.length() && Character.isLowSurrogate(json.charAt(index + 1));
		}
		if (Character.isLowSurrogate(c)) {
			return index > 0 && Character.isHighSurrogate(json.charAt(index - 1));
		}
		return c < '\uFFFE';
	}

	/**
	 * Return the bytes of a text, as SQS counts them.
	 */
	static int bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

}
