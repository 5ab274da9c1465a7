package dev.backgroundjobs.adapter.aws;

import org.jspecify.annotations.Nullable;

/**
 * Reads the variable that tells Lambda Web Adapter which statuses are failures: codes and
 * ranges, separated by commas.
 */
final class ErrorStatusCodes {

	private ErrorStatusCodes() {
	}

	/**
	 * Return whether all statuses of errors are failures, 400 to 599.
	 * @param text the variable's value
	 */
	static boolean coverAll(@Nullable String text) {
		boolean[] covered = new boolean[600];
		for (String part : (text != null) ? text.split(",", -1) : new String[0]) {
			String[] ends = part.strip().split("-", 2);
			int from = code(ends[0]);
			int to = code(ends[ends.length - 1]);
			for (int code = from; code >= 100 && code <= to && code < 600; code++) {
				covered[code] = true;
			}
		}
		for (int code = 400; code < 600; code++) {
			if (!covered[code]) {
				return false;
			}
		}
		return true;
	}

	private static int code(String text) {
		String code = text.strip();
		return code.matches("[0-9]{3}") ? Integer.parseInt(code) : -1;
	}

}
