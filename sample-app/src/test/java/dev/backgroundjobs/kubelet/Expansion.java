package dev.backgroundjobs.kubelet;

import java.util.Map;

/**
 * What Kubernetes does with {@code $(NAME)} in commands, arguments and variables: it
 * becomes the variable's value; where there is no such variable it stays as it is;
 * {@code $$} becomes {@code $}, so that {@code $$(NAME)} is never a reference. Nothing
 * else is special.
 */
final class Expansion {

	private Expansion() {
	}

	static String expand(String text, Map<String, String> variables) {
		StringBuilder expanded = new StringBuilder();
		int at = 0;
		while (at < text.length()) {
			char next = (at + 1 < text.length()) ? text.charAt(at + 1) : ' ';
			int end = (next == '(') ? text.indexOf(')', at + 2) : -1;
			if (text.charAt(at) != '$') {
				expanded.append(text.charAt(at++));
			}
			else if (next == '$') {
				expanded.append('$');
				at += 2;
			}
			else if (end > 0) {
				String reference = text.substring(at, end + 1);
				expanded.append(variables.getOrDefault(text.substring(at + 2, end), reference));
				at = end + 1;
			}
			else {
				expanded.append('$');
				at++;
			}
		}
		return expanded.toString();
	}

}
