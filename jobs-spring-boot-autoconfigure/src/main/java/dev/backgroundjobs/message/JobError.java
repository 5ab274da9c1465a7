package dev.backgroundjobs.message;

import java.nio.charset.StandardCharsets;

/**
 * The last failure of a job as its message carries it: no stack, no arguments.
 *
 * @param type the exception's class name
 * @param message the exception's message, shortened
 */
public record JobError(String type, String message) {

	// What successors may add to a message: error at most 1 KiB.
	private static final int MAX_BYTES = 1024 - 64;

	/**
	 * Describe a failure.
	 * @param failure the failure
	 * @return its description, at most 1 KiB in UTF-8
	 */
	public static JobError of(Throwable failure) {
		String type = shorten(failure.getClass().getName(), MAX_BYTES / 2);
		String message = (failure.getMessage() != null) ? failure.getMessage() : "";
		return new JobError(type, shorten(message, MAX_BYTES - type.length()));
	}

	// Control characters and quotes need up to six bytes in JSON, so they are counted so.
	private static String shorten(String text, int maxBytes) {
		int bytes = 0;
		int index = 0;
		while (index < text.length()) {
			int codePoint = text.codePointAt(index);
			int size = (codePoint < 0x20 || codePoint == '"' || codePoint == '\\') ? 6
					: Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
			if (bytes + size > maxBytes) {
				return text.substring(0, index);
			}
			bytes += size;
			index += Character.charCount(codePoint);
		}
		return text;
	}

}
