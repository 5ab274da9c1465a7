package dev.backgroundjobs.iteration;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class KeyCursorTests {

	private final JsonMapper json = JsonMapper.builder().build();

	static Object[] values() {
		return new Object[] { true, (short) -1, Integer.MIN_VALUE, Long.MAX_VALUE, new BigInteger("9".repeat(30)),
				new BigDecimal("1.00"), new BigDecimal("1E+3"), 0.1f, Double.MIN_VALUE, Double.NaN, "",
				"a b\"\né\uD83D\uDE00", " int 5", UUID.fromString("0199c9a0-0000-7000-8000-000000000001"),
				Instant.parse("2027-03-28T01:30:00.123456789Z"), LocalDate.of(2027, 3, 28), LocalTime.of(2, 30),
				LocalTime.of(23, 59, 59, 1), LocalDateTime.parse("2027-03-28T02:30:00.123456"),
				OffsetDateTime.parse("2027-10-31T02:30:00.000000001+02:00") };
	}

	@ParameterizedTest
	@MethodSource("values")
	void readsBackExactlyWhatItWrote(Object value) {
		KeyCursor cursor = new KeyCursor(Map.of("key", value));
		KeyCursor read = this.json.readValue(this.json.writeValueAsString(cursor), KeyCursor.class);
		assertThat(read).isEqualTo(cursor);
		assertThat(read.values().get("key")).isEqualTo(value).hasSameClassAs(value);
	}

	@Test
	void writesTypesByAShortNameInTheOrderOfTheKeys() {
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("state", "open");
		values.put("id", 7L);
		assertThat(this.json.writeValueAsString(new KeyCursor(values)))
			.isEqualTo("{\"state\":\"string open\",\"id\":\"long 7\"}");
	}

	@Test
	void refusesOtherTypesWithTheirNameAndTheKey() {
		assertThatIllegalStateException().isThrownBy(() -> new KeyCursor(Map.of("changed", new java.sql.Timestamp(0))))
			.withMessageStartingWith(
					"Key 'changed' is a java.sql.Timestamp, which cannot be kept in a cursor; these can: ");
	}

	@Test
	void refusesUnknownTags() {
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> this.json.readValue("{\"id\":\"java.io.File name\"}", KeyCursor.class))
			.withMessageContaining("Key 'id' of the cursor begins with none of: boolean, short");
	}

	@Test
	void copiesWhatItIsMadeOf() {
		Map<String, Object> values = new LinkedHashMap<>(Map.of("id", 1));
		KeyCursor cursor = new KeyCursor(values);
		values.put("id", 2);
		assertThat(cursor.values()).containsEntry("id", 1).isUnmodifiable();
	}

}
