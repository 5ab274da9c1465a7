package dev.backgroundjobs.adapter.kubernetes;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes takes for names, labels and quantities. Each method returns what is
 * wrong with a value, to stand after it in a sentence, or {@code null}.
 */
final class KubernetesSyntax {

	// The whole of an object's annotations, keys and values.
	static final int MAX_ANNOTATION_BYTES = 256 * 1024;

	private static final BigDecimal MIN_MEMORY = BigDecimal.valueOf(1024 * 1024);

	private static final int MAX_LABEL = 63;

	private static final int MAX_SUBDOMAIN = 253;

	private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

	private static final Pattern SUBDOMAIN = Pattern
		.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

	private static final Pattern VARIABLE = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");

	private static final Pattern QUANTITY = Pattern
		.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\\d{1,3})?");

	private KubernetesSyntax() {
	}

	/**
	 * A quantity of bytes. No container runs with less than a mebibyte, but who forgets
	 * the unit asks for it.
	 */
	static @Nullable String memory(String text) {
		String problem = quantity(text);
		if (problem == null && Quantity.parse(text).getNumericalAmount().compareTo(MIN_MEMORY) < 0) {
			return "is below 1Mi, which no container runs with: give a unit, such as 512Mi or 2Gi";
		}
		return problem;
	}

	static @Nullable String label(String name) {
		return (name.length() <= MAX_LABEL && LABEL.matcher(name).matches()) ? null
				: "is no name that Kubernetes takes here: give up to 63 lower-case letters, digits and dashes, "
						+ "beginning and ending with a letter or digit";
	}

	static @Nullable String subdomain(String name) {
		return (name.length() <= MAX_SUBDOMAIN && SUBDOMAIN.matcher(name).matches()) ? null
				: "is no name of an object in Kubernetes: give up to 253 lower-case letters, digits, dashes and dots, "
						+ "beginning and ending with a letter or digit";
	}

	static @Nullable String key(String key) {
		int slash = key.indexOf('/');
		String name = key.substring(slash + 1);
		boolean isValid = name.length() <= MAX_LABEL && NAME.matcher(name).matches()
				&& (slash < 0 || subdomain(key.substring(0, slash)) == null);
		return isValid ? null : "is no key: give up to 63 letters, digits, dashes, underscores and dots, beginning and "
				+ "ending with a letter or digit, and before it perhaps a domain and a slash";
	}

	static @Nullable String labelValue(String value) {
		return (value.isEmpty() || (value.length() <= MAX_LABEL && NAME.matcher(value).matches())) ? null
				: "is no value of a label: give up to 63 letters, digits, dashes, underscores and dots, beginning and "
						+ "ending with a letter or digit, or write it as an annotation";
	}

	static @Nullable String variable(String name) {
		return VARIABLE.matcher(name).matches() ? null
				: "is no name of a variable: give letters, digits, underscores, dots and dashes, not beginning with a "
						+ "digit";
	}

	static @Nullable String quantity(String quantity) {
		BigDecimal amount = amount(quantity);
		if (amount == null) {
			return "is no quantity: give a number, with a unit perhaps, as in 500m or 2 (CPU), 512Mi or 2Gi (memory)";
		}
		return (amount.signum() < 0) ? "is below 0: give a number above" : null;
	}

	/**
	 * A quantity as a number, or {@code null} when it is none.
	 */
	static @Nullable BigDecimal amount(String quantity) {
		return QUANTITY.matcher(quantity).matches() ? Quantity.parse(quantity).getNumericalAmount() : null;
	}

	/**
	 * The size of annotations as Kubernetes counts it.
	 */
	static long bytes(Map<String, String> annotations) {
		long bytes = 0;
		for (Map.Entry<String, String> entry : annotations.entrySet()) {
			bytes += MessageCarrier.bytes(entry.getKey()) + MessageCarrier.bytes(entry.getValue());
		}
		return bytes;
	}

}
