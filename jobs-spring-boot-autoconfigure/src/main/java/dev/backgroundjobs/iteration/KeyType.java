package dev.backgroundjobs.iteration;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The types a key's value may have. Their names are on the wire; a class name never is.
 */
enum KeyType {

	BOOLEAN("boolean", Boolean.class),

	SHORT("short", Short.class),

	INT("int", Integer.class),

	LONG("long", Long.class),

	BIG_INTEGER("bigInteger", BigInteger.class),

	BIG_DECIMAL("bigDecimal", BigDecimal.class),

	FLOAT("float", Float.class),

	DOUBLE("double", Double.class),

	STRING("string", String.class),

	UUID("uuid", java.util.UUID.class),

	INSTANT("instant", Instant.class),

	LOCAL_DATE("localDate", LocalDate.class),

	LOCAL_TIME("localTime", LocalTime.class),

	LOCAL_DATE_TIME("localDateTime", LocalDateTime.class),

	OFFSET_DATE_TIME("offsetDateTime", OffsetDateTime.class);

	private final String tag;

	private final Class<?> type;

	KeyType(String tag, Class<?> type) {
		this.tag = tag;
		this.type = type;
	}

	/**
	 * Return the type of a value.
	 */
	static KeyType of(String name, @Nullable Object value) {
		if (value == null) {
			throw new IllegalStateException(
					("Key '%s' is null in a row. Where it is null there is no position to go on "
							+ "from, and rows would be left out: leave them out by name ('%s is not null'), or order by "
							+ "columns that are never null")
						.formatted(name, name));
		}
		for (KeyType candidate : values()) {
			if (candidate.type == value.getClass()) {
				return candidate;
			}
		}
		throw new IllegalStateException("Key '%s' is a %s, which cannot be kept in a cursor; these can: %s"
			.formatted(name, value.getClass().getName(), names()));
	}

	/**
	 * Write a value of this type as a tag, a space, and its text.
	 */
	String write(Object value) {
		return this.tag + " " + value;
	}

	static Object read(String name, String text) {
		int space = text.indexOf(' ');
		for (KeyType candidate : values()) {
			if (space == candidate.tag.length() && text.startsWith(candidate.tag)) {
				return candidate.parse(text.substring(space + 1));
			}
		}
		throw new IllegalArgumentException("Key '%s' of the cursor begins with none of: %s".formatted(name, names()));
	}

	private Object parse(String text) {
		return switch (this) {
			case BOOLEAN -> booleanOf(text);
			case SHORT -> Short.valueOf(text);
			case INT -> Integer.valueOf(text);
			case LONG -> Long.valueOf(text);
			case BIG_INTEGER -> new BigInteger(text);
			case BIG_DECIMAL -> new BigDecimal(text);
			case FLOAT -> Float.valueOf(text);
			case DOUBLE -> Double.valueOf(text);
			case STRING -> text;
			case UUID -> java.util.UUID.fromString(text);
			case INSTANT -> Instant.parse(text);
			case LOCAL_DATE -> LocalDate.parse(text);
			case LOCAL_TIME -> LocalTime.parse(text);
			case LOCAL_DATE_TIME -> LocalDateTime.parse(text);
			case OFFSET_DATE_TIME -> OffsetDateTime.parse(text);
		};
	}

	private static Boolean booleanOf(String text) {
		return switch (text) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
		};
	}

	private static String names() {
		return Arrays.stream(values()).map((each) -> each.tag).collect(Collectors.joining(", "));
	}

}
