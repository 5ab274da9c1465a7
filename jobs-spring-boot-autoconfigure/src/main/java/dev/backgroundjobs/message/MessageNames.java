package dev.backgroundjobs.message;

import java.util.Collection;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What names on the wire may look like. Checked when they are declared, sent and read, so
 * that a name can stand in a log or a platform's field as it is.
 */
public final class MessageNames {

	/** Longest name of a job. */
	public static final int MAX_JOB_LENGTH = 128;

	/** Longest name of a queue. */
	public static final int MAX_QUEUE_LENGTH = 40;

	/** Longest name of a group, SQS's limit. */
	public static final int MAX_GROUP_LENGTH = 128;

	private static final int MAX_PRINTED = 200;

	private MessageNames() {
	}

	/**
	 * Return whether a text can be the name of a job: letters, digits, dots, dashes and
	 * underscores of ASCII, 1 to 128 characters.
	 * @param name the text
	 * @return whether it can
	 */
	public static boolean isJob(String name) {
		if (name.isEmpty() || name.length() > MAX_JOB_LENGTH) {
			return false;
		}
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (!isLetter(c) && !isDigit(c) && c != '.' && c != '-' && c != '_') {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return whether a text can be the name of a queue: lower-case letters, digits and
	 * single dashes, starting with a letter, not ending with a dash, 1 to 40 characters.
	 * @param name the text
	 * @return whether it can
	 */
	public static boolean isQueue(String name) {
		if (name.isEmpty() || name.length() > MAX_QUEUE_LENGTH || !isLetter(name.charAt(0)) || name.endsWith("-")
				|| name.contains("--")) {
			return false;
		}
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (!(c >= 'a' && c <= 'z') && !isDigit(c) && c != '-') {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return whether a text can name a group: printable characters of ASCII but the
	 * space, 1 to 128.
	 * @param group the text
	 * @return whether it can
	 */
	public static boolean isGroup(String group) {
		return !group.isEmpty() && group.length() <= MAX_GROUP_LENGTH
				&& group.chars().allMatch((c) -> c > ' ' && c < 127);
	}

	/**
	 * Return a text of somebody else's as it can stand in a log: of one line and no great
	 * length.
	 * @param text the text, or {@code null}
	 * @return its first 200 characters, with a question mark for each that is neither a
	 * printable character of ASCII nor a letter
	 */
	public static String printable(@Nullable String text) {
		if (text == null) {
			return "";
		}
		StringBuilder printed = new StringBuilder();
		for (int i = 0; i < text.length() && i < MAX_PRINTED; i++) {
			char c = text.charAt(i);
			printed.append(((c >= ' ' && c < 127) || (c > 127 && Character.isLetter(c))) ? c : '?');
		}
		return (text.length() > MAX_PRINTED) ? printed.append("...").toString() : printed.toString();
	}

	/**
	 * Return whether a text is a UUID in its usual spelling.
	 * @param id the text
	 * @return whether it is
	 */
	public static boolean isId(String id) {
		if (id.length() != 36) {
			return false;
		}
		for (int i = 0; i < id.length(); i++) {
			char c = id.charAt(i);
			boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
			if (dash ? c != '-' : !isDigit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return the form in which queues and key ids are compared with keys of properties:
	 * an environment variable can carry neither dashes nor capitals.
	 * @param name the name
	 * @return the name without dashes, in lower case
	 */
	public static String withoutDashes(String name) {
		return name.replace("-", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the candidate closest to a name that is none of them, for messages.
	 * @param name the name
	 * @param candidates the names there are
	 * @return the closest, or {@code null} when none is close
	 */
	public static @Nullable String nearest(String name, Collection<String> candidates) {
		String nearest = null;
		int least = Math.max(2, name.length() / 3);
		for (String candidate : candidates) {
			int distance = distance(withoutDashes(name), withoutDashes(candidate));
			if (distance < least || (distance == least && nearest == null)) {
				least = distance;
				nearest = candidate;
			}
		}
		return nearest;
	}

	// Levenshtein, row by row.
	private static int distance(String a, String b) {
		int[] row = new int[b.length() + 1];
		for (int j = 0; j < row.length; j++) {
			row[j] = j;
		}
		for (int i = 1; i <= a.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j < row.length; j++) {
				int change = diagonal + ((a.charAt(i - 1) != b.charAt(j - 1)) ? 1 : 0);
				diagonal = row[j];
				row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[b.length()];
	}

	private static boolean isLetter(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

}
