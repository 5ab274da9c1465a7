package dev.backgroundjobs.message;

import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Writes cursors as JSON and reads them back, and refuses those that do not come back as
 * they were: a job would go on somewhere else. Safe for use by several threads.
 */
public final class CursorCodec {

	private final JsonMapper mapper;

	CursorCodec(JsonMapper mapper) {
		// A cursor that has lost a field, a fraction or its type since it was written is
		// another position.
		this.mapper = mapper.rebuild()
			.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
			.withCoercionConfig(LogicalType.Textual,
					(config) -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
			.build();
	}

	/**
	 * Write a cursor.
	 * @param what says which cursor it is, for messages
	 * @param cursor the cursor
	 * @param type the type it is read back as
	 * @return its JSON, at most {@link IterationState#MAX_CURSOR_BYTES}
	 * @throws ArgumentException when it cannot travel
	 */
	public String write(String what, @Nullable Object cursor, Type type) {
		if (cursor == null) {
			throw new ArgumentException(what + " is null: a source says where each item is", null);
		}
		JavaType declared = this.mapper.constructType(type);
		if (!declared.getRawClass().isInstance(cursor) && !declared.isPrimitive()) {
			throw new ArgumentException(what + " is a " + cursor.getClass().getName() + ", the source declares "
					+ declared.toCanonical() + ": let cursorType() return the type of its cursors", null);
		}
		String json;
		try {
			json = ArgumentJson.write(this.mapper, what,
					(generator) -> this.mapper.writerFor(declared).writeValue(generator, cursor));
		}
		catch (JacksonException ex) {
			throw ArgumentErrors.notWritten(what + " (" + cursor.getClass().getName() + ")", ex);
		}
		json = json.substring(1, json.length() - 1);
		int bytes = json.getBytes(StandardCharsets.UTF_8).length;
		if (bytes > IterationState.MAX_CURSOR_BYTES) {
			throw new ArgumentException(what + " has " + bytes + " bytes of JSON, more than "
					+ IterationState.MAX_CURSOR_BYTES + ": use a key of the item, not the item", null);
		}
		String fault = fault(cursor, read(what, json, type), "");
		if (fault != null) {
			throw new ArgumentException(what + " does not come back from JSON as it was: " + fault
					+ ". Use a number, a string, or a record of such, and declare it in cursorType()", null);
		}
		return json;
	}

	/**
	 * Read a cursor.
	 * @param what says which cursor it is, for messages
	 * @param json its JSON
	 * @param type its type
	 * @return the cursor
	 * @throws ArgumentException when it is of another type
	 */
	public Object read(String what, String json, Type type) {
		JavaType declared = this.mapper.constructType(type);
		try (JsonParser parser = ArgumentJson.parser(this.mapper, json)) {
			Object cursor = this.mapper.readerFor(declared).readValue(parser);
			if (cursor != null && parser.nextToken() == null) {
				return cursor;
			}
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw ArgumentErrors.notRead(what + " of type " + declared.toCanonical(), true, ex);
		}
		throw new ArgumentException(what + " is null, which is no position", null);
	}

	/**
	 * Write a cursor that a caller gives, whose declared type is not known.
	 * @param job the job's name, for messages
	 * @param cursor the cursor
	 * @return its JSON
	 * @throws ArgumentException when it cannot be written, or is too long
	 */
	public String write(String job, Object cursor) {
		String json;
		try {
			json = ArgumentJson.write(this.mapper, job, (generator) -> this.mapper.writeValue(generator, cursor));
		}
		catch (JacksonException ex) {
			throw ArgumentErrors.notWritten("The start cursor of job '" + job + "'", ex);
		}
		json = json.substring(1, json.length() - 1);
		if (json.equals("null") || json.getBytes(StandardCharsets.UTF_8).length > IterationState.MAX_CURSOR_BYTES) {
			throw new ArgumentException("The start cursor of job '" + job + "' is null or has more than "
					+ IterationState.MAX_CURSOR_BYTES + " bytes of JSON: give a cursor that the job's source has given",
					null);
		}
		return json;
	}

	// Names types, never a value: a cursor may be the key of a person.
	private static @Nullable String fault(@Nullable Object before, @Nullable Object after, String path) {
		if (Objects.deepEquals(before, after)) {
			return null;
		}
		String at = path.isEmpty() ? "" : "at '" + path + "' ";
		if (before == null || after == null || !isSameKind(before, after)) {
			return at + "a " + name(before) + " has become a " + name(after);
		}
		if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
			for (Map.Entry<?, ?> entry : one.entrySet()) {
				String fault = fault(entry.getValue(), other.get(entry.getKey()), path + "[key]");
				if (fault != null) {
					return fault;
				}
			}
		}
		if (before instanceof List<?> one && after instanceof List<?> other && one.size() == other.size()) {
			for (int i = 0; i < one.size(); i++) {
				String fault = fault(one.get(i), other.get(i), path + "[" + i + "]");
				if (fault != null) {
					return fault;
				}
			}
		}
		if (before.getClass().isArray() && Array.getLength(before) == Array.getLength(after)) {
			for (int i = 0; i < Array.getLength(before); i++) {
				String fault = fault(Array.get(before, i), Array.get(after, i), path + "[" + i + "]");
				if (fault != null) {
					return fault;
				}
			}
		}
		return at + "a " + name(before) + " has become another, or has no equals()";
	}

	private static boolean isSameKind(Object before, Object after) {
		return before.getClass() == after.getClass() || (before instanceof List && after instanceof List)
				|| (before instanceof Map && after instanceof Map);
	}

	private static String name(@Nullable Object value) {
		return (value != null) ? value.getClass().getName() : "null";
	}

}
