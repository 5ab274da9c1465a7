package dev.backgroundjobs.iteration;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The values of key columns or properties, of an item of {@link Sources#jdbc} or
 * {@link Sources#scroll}. In JSON each is a type of a closed list and a text, for example
 * {@code {"created_at": "localDateTime 2027-03-28T02:30:00.123456", "id": "long 7"}}, so
 * that it is read back as exactly what it was. No class name travels.
 *
 * @param values the values by name, in the order of the keys: {@code Boolean},
 * {@code Short}, {@code Integer}, {@code Long}, {@code BigInteger}, {@code BigDecimal},
 * {@code Float}, {@code Double}, {@code String}, {@code UUID}, {@code Instant},
 * {@code LocalDate}, {@code LocalTime}, {@code LocalDateTime} or {@code OffsetDateTime};
 * others and {@code null} are refused with an {@link IllegalStateException} that names
 * the key
 */
public record KeyCursor(Map<String, Object> values) {

	public KeyCursor {
		Map<String, Object> copy = new LinkedHashMap<>();
		values.forEach((name, value) -> {
			KeyType.of(name, value);
			copy.put(name, value);
		});
		values = Collections.unmodifiableMap(copy);
	}

	/**
	 * Return the values as they are written to JSON.
	 * @return type and text by name
	 */
	@JsonValue
	public Map<String, String> texts() {
		Map<String, String> texts = new LinkedHashMap<>();
		this.values.forEach((name, value) -> texts.put(name, KeyType.of(name, value).write(value)));
		return texts;
	}

	/**
	 * Return the cursor of values written to JSON.
	 * @param texts type and text by name
	 * @return the cursor
	 * @throws IllegalArgumentException when a text has an unknown type or is none of it
	 * @throws java.time.DateTimeException when a time cannot be read
	 */
	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	public static KeyCursor parse(Map<String, String> texts) {
		Map<String, Object> values = new LinkedHashMap<>();
		texts.forEach((name, text) -> values.put(name, KeyType.read(name, text)));
		return new KeyCursor(values);
	}

	@Override
	public String toString() {
		return this.values.toString();
	}

}
