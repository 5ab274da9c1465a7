package dev.backgroundjobs.sample.conversion;

import java.util.regex.Pattern;

/**
 * The name of an object in a bucket. It comes from whoever may write there, and is used
 * as the name of a file or a part of an address: names that could mean anything else than
 * themselves are refused.
 *
 * @param value the name, parts between slashes
 */
record ObjectName(String value) {

	private static final Pattern DOCX = Pattern.compile("\\.docx$", Pattern.CASE_INSENSITIVE);

	/**
	 * Create a name.
	 * @throws IllegalArgumentException when it is refused
	 */
	ObjectName {
		for (String part : value.split("/", -1)) {
			if (part.isEmpty() || part.equals(".") || part.equals("..")) {
				throw new IllegalArgumentException("The name of object '" + printable(value)
						+ "' is refused: a part between its slashes is empty, '.' or '..'");
			}
		}
		if (value.indexOf('\\') >= 0 || !printable(value).equals(value)) {
			throw new IllegalArgumentException("The name of object '" + printable(value)
					+ "' is refused: it has a backslash or a control character");
		}
	}

	/**
	 * Return the name of the object's PDF.
	 */
	ObjectName pdf() {
		return new ObjectName(DOCX.matcher(this.value).replaceFirst("") + ".pdf");
	}

	private static String printable(String name) {
		return name.replaceAll("\\p{Cntrl}", "?");
	}

}
