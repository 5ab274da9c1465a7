package dev.backgroundjobs.adapter.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;

/**
 * What Kubernetes makes of variables, command and arguments before a container starts:
 * {@code $(NAME)} is the value of a variable defined before, or stays where there is
 * none, and {@code $$} is one dollar sign. Our model of it, by its documentation.
 */
final class KubernetesExpansion {

	private KubernetesExpansion() {
	}

	/**
	 * The variables that the process has.
	 */
	static Map<String, String> environment(Container container) {
		Map<String, String> environment = new LinkedHashMap<>();
		for (EnvVar variable : container.getEnv()) {
			if (variable.getValueFrom() == null) {
				String value = (variable.getValue() != null) ? variable.getValue() : "";
				environment.put(variable.getName(), expand(value, environment));
			}
		}
		return environment;
	}

	/**
	 * The arguments that the process has, its command before them.
	 */
	static List<String> words(Container container) {
		Map<String, String> environment = environment(container);
		return ForeignContainer.words(container).stream().map((word) -> expand(word, environment)).toList();
	}

	static String expand(String text, Map<String, String> variables) {
		StringBuilder expanded = new StringBuilder();
		int i = 0;
		while (i < text.length()) {
			char next = (i + 1 < text.length()) ? text.charAt(i + 1) : ' ';
			int end = text.indexOf(')', i);
			if (text.charAt(i) == '$' && next == '$') {
				expanded.append('$');
				i += 2;
			}
			else if (text.charAt(i) == '$' && next == '(' && end > 0) {
				String reference = text.substring(i, end + 1);
				expanded.append(variables.getOrDefault(text.substring(i + 2, end), reference));
				i = end + 1;
			}
			else {
				expanded.append(text.charAt(i++));
			}
		}
		return expanded.toString();
	}

}
