package dev.backgroundjobs.message;

import java.lang.reflect.Modifier;

import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.InvalidDefinitionException;

import org.springframework.util.ReflectionUtils;

/**
 * Says why an argument cannot travel. Names classes and their fields, never a value or a
 * key of a map.
 */
final class ArgumentErrors {

	private static final String NO_NAMES = ". The names of constructor parameters are not known: compile with -parameters, "
			+ "as Spring Boot's build plugins do";

	private ArgumentErrors() {
	}

	static ArgumentException notWritten(String argument, JacksonException ex) {
		return new ArgumentException(argument + " cannot be written as JSON: " + whyNotWritten(ex)
				+ ". Send a record with what the job needs, such as an id", ex);
	}

	private static String whyNotWritten(JacksonException ex) {
		if (ex instanceof StreamConstraintsException) {
			return "it has more than " + MessageLimits.MAX_DEPTH + " levels, as objects have that refer to each other";
		}
		Throwable cause = ex.getCause();
		String where = field(ex);
		if (cause != null && !(cause instanceof JacksonException)) {
			return (where.isEmpty() ? "it" : "'" + where + "'") + " throws " + cause.getClass().getName();
		}
		// Of these texts Jackson's are about classes only.
		String what = (ex instanceof InvalidDefinitionException) ? ex.getOriginalMessage()
				: ex.getClass().getSimpleName();
		return (where.isEmpty() ? "" : "'" + where + "': ") + what;
	}

	// The texts of parsers show values, so they go no further.
	static ArgumentException notRead(String argument, boolean namesKnown, RuntimeException ex) {
		String where = (ex instanceof JacksonException known) ? field(known) : "";
		return new ArgumentException(
				argument + " cannot be read from the JSON that came" + (where.isEmpty() ? "" : ", at '" + where + "'")
						+ " (" + ex.getClass().getSimpleName() + ")" + (namesKnown ? "" : NO_NAMES),
				null);
	}

	static ArgumentException notReadable(String argument, boolean namesKnown, Class<?> type) {
		boolean open = type == Object.class || Modifier.isAbstract(type.getModifiers());
		return new ArgumentException(argument + " cannot be read from JSON: "
				+ (open ? "give it a type that says what it holds, such as a record, or an interface with @JsonTypeInfo"
						: "it has no constructor that can be used. Give it one, or make it a record")
				+ (namesKnown ? "" : NO_NAMES), null);
	}

	// As far as the path goes through fields: what is in no class came with the data.
	private static String field(JacksonException ex) {
		StringBuilder path = new StringBuilder();
		for (JacksonException.Reference reference : ex.getPath()) {
			Object from = reference.from();
			String name = reference.getPropertyName();
			if (name == null) {
				path.append('[').append(reference.getIndex()).append(']');
				continue;
			}
			Class<?> type = (from instanceof Class<?> known) ? known : (from != null) ? from.getClass() : Object.class;
			if (ReflectionUtils.findField(type, name) == null) {
				break;
			}
			path.append(path.isEmpty() ? "" : ".").append(name);
		}
		return path.toString();
	}

}
