package dev.backgroundjobs.adapter.kubernetes;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.DefaultParameterNameDiscoverer;

/**
 * The arguments of a message by the names of the method's parameters, for a container
 * that knows nothing of messages.
 */
final class JobArguments {

	static final String VARIABLE_PREFIX = "JOBS_ARG_";

	/**
	 * A placeholder: a parameter, and perhaps a path of fields in it. After a dollar sign
	 * it is a variable of a shell.
	 */
	static final Pattern PLACEHOLDER = Pattern
		.compile("(?<!\\$)\\{([\\p{L}_][\\p{L}\\p{N}_]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_]*)*)}");

	// Numbers as they came: arguments may be money.
	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	private final Map<String, JsonNode> values;

	private JobArguments(Map<String, JsonNode> values) {
		this.values = values;
	}

	/**
	 * Read the arguments of a message.
	 * @param message the message
	 * @param method the method whose parameters they are for
	 */
	static JobArguments of(JobMessage message, Method method) {
		Map<String, JsonNode> values = new LinkedHashMap<>();
		JsonNode args = MAPPER.readTree(message.args());
		List<String> names = parameters(method);
		for (int i = 0; i < names.size(); i++) {
			values.put(names.get(i), args.path(i));
		}
		return new JobArguments(values);
	}

	/**
	 * The names of a method's parameters, none where the compiler did not keep them.
	 */
	static List<String> parameters(Method method) {
		@Nullable String @Nullable [] names = new DefaultParameterNameDiscoverer().getParameterNames(method);
		List<String> found = new ArrayList<>();
		if (names != null) {
			for (String name : names) {
				if (name != null) {
					found.add(name);
				}
			}
		}
		return found;
	}

	/**
	 * The variable that has an argument: {@code JOBS_ARG_ORDER_ID} for {@code orderId}.
	 */
	static String variable(String parameter) {
		return VARIABLE_PREFIX
				+ parameter.replaceAll("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})", "_")
					.replaceAll("[^A-Za-z0-9_]", "_")
					.toUpperCase(Locale.ROOT);
	}

	/**
	 * The arguments as variables, in the order of the parameters.
	 */
	Map<String, String> variables() {
		Map<String, String> variables = new LinkedHashMap<>();
		this.values.forEach((name, value) -> variables.put(variable(name), text(value)));
		return variables;
	}

	/**
	 * Put arguments in the place of placeholders. Braces around anything else stay.
	 * @param text the text
	 * @param isCode whether the text is run as a program, so that only numbers and
	 * booleans may become a part of it
	 * @throws JobException when an argument is neither and would be run
	 */
	String replace(String text, boolean isCode) {
		return PLACEHOLDER.matcher(text).replaceAll((match) -> {
			String name = match.group(1);
			int end = name.indexOf('.');
			JsonNode value = this.values.get((end < 0) ? name : name.substring(0, end));
			if (value == null) {
				return Matcher.quoteReplacement(match.group());
			}
			for (String field : (end < 0) ? new String[0] : name.substring(end + 1).split("\\.", -1)) {
				value = value.path(field);
			}
			// The declared type is checked at start-up; what arrived need not be of it.
			if (isCode && !value.isNumber() && !value.isBoolean()) {
				throw new JobException("Argument '" + name
						+ "' is no number or boolean, and would become a part of a script: read it from variable "
						+ variable(name.split("\\.", -1)[0]) + ", in a shell as \"$"
						+ variable(name.split("\\.", -1)[0]) + "\"");
			}
			return Matcher.quoteReplacement(DollarSigns.doubled(text(value)));
		});
	}

	private static String text(JsonNode value) {
		if (value.isMissingNode() || value.isNull()) {
			return "";
		}
		return value.isValueNode() ? value.asString() : value.toString();
	}

}
