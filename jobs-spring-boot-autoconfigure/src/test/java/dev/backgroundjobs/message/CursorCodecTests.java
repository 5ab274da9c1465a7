package dev.backgroundjobs.message;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which cursors travel, and which are refused since they would come back as another.
 */
class CursorCodecTests {

	private final CursorCodec codec = new ArgumentCodec(JsonMapper.builder().build()).cursors();

	static Stream<Arguments> cursorsThatTravel() {
		return Stream.of(Arguments.of(7L, Long.class), Arguments.of(7L, long.class), Arguments.of(1.1f, Float.class),
				Arguments.of(0.1 + 0.2, Double.class), Arguments.of(Double.NaN, Double.class),
				Arguments.of(new BigDecimal("1.10"), BigDecimal.class),
				Arguments.of(new BigDecimal("1E+3"), BigDecimal.class), Arguments.of("half \ud83d", String.class),
				Arguments.of("", String.class), Arguments.of('x', Character.class),
				Arguments.of(DayOfWeek.FRIDAY, DayOfWeek.class), Arguments.of(new UUID(1, 2), UUID.class),
				Arguments.of(Instant.parse("2026-01-01T00:00:00.123456789Z"), Instant.class),
				Arguments.of(LocalDate.of(2026, 2, 28), LocalDate.class),
				Arguments.of(OffsetDateTime.parse("2026-01-01T00:00:00+01:00"), OffsetDateTime.class),
				Arguments.of(new long[] { 1, 2 }, long[].class), Arguments.of(new byte[] { 1, 2 }, byte[].class),
				Arguments.of(List.of(1L, 2L), type(new TypeReference<List<Long>>() {
				})), Arguments.of(Map.of(DayOfWeek.MONDAY, 3L), type(new TypeReference<Map<DayOfWeek, Long>>() {
				})), Arguments.of(new Key("a", 7, null), Key.class), Arguments.of(new Before("x"), Position.class));
	}

	@ParameterizedTest
	@MethodSource("cursorsThatTravel")
	void comesBackAsItWas(Object cursor, Type type) {
		String json = this.codec.write("The cursor", cursor, type);
		assertThat(this.codec.read("The cursor", json, type)).isEqualTo(cursor);
	}

	static Stream<Arguments> cursorsThatBecomeAnother() {
		return Stream.of(
				// Its zone becomes UTC.
				Arguments.of(ZonedDateTime.parse("2026-01-01T00:00:00+01:00[Europe/Berlin]"), ZonedDateTime.class),
				Arguments.of(Map.of("key", 1.5f), Map.class),
				Arguments.of(new WithArray(new byte[] { 1 }), WithArray.class),
				Arguments.of(new BigDecimal("1.10"), Number.class), Arguments.of(List.of(5L), List.class),
				Arguments.of(new WithDerived(1), WithDerived.class));
	}

	@ParameterizedTest
	@MethodSource("cursorsThatBecomeAnother")
	void refusesWhatWouldComeBackAsAnother(Object cursor, Type type) {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> this.codec.write("The cursor of item 1", cursor, type))
			.withMessageStartingWith("The cursor of item 1");
	}

	@Test
	void refusesACursorWhoseFieldHasAnotherNameNow() {
		String json = this.codec.write("The cursor", new Key("a", 7, null), Key.class);
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> this.codec.read("The cursor", json, Renamed.class))
			.withMessageContaining("Renamed");
	}

	@Test
	void readsACursorWhoseFieldKeepsItsFormerNameAsAnAlias() {
		String json = this.codec.write("The cursor", new Key("a", 7, null), Key.class);
		assertThat(this.codec.read("The cursor", json, Aliased.class)).isEqualTo(new Aliased("a", 7, null));
	}

	@Test
	void refusesAFractionWhereAWholeNumberIsExpected() {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> this.codec.read("The cursor", "12.7", Long.class));
	}

	@Test
	void refusesACursorOfAnotherTypeOfSource() {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> this.codec.read("The cursor", "5", String.class));
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> this.codec.read("The cursor", "\"5\"", Long.class));
	}

	@ParameterizedTest
	@MethodSource("noPositions")
	void refusesWhatIsNoPosition(String json) {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> this.codec.read("The cursor", json, Long.class));
	}

	static Stream<String> noPositions() {
		return Stream.of("null", "1 2", "", "[1]", "{}", "\"x\"", "99999999999999999999");
	}

	@Test
	void namesNoValueInARefusal() {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> this.codec.write("The cursor", Map.of("secret-key", 1.5f), Map.class))
			.withMessageNotContaining("secret-key")
			.withMessageNotContaining("1.5");
	}

	private static Type type(TypeReference<?> reference) {
		return reference.getType();
	}

	record Key(String name, long id, @Nullable Integer shard) {
	}

	record Renamed(String name, long key, @Nullable Integer shard) {
	}

	record Aliased(String name, @JsonAlias("id") long key, @Nullable Integer shard) {
	}

	@SuppressWarnings("ArrayRecordComponent")
	record WithArray(byte[] bytes) {
	}

	record WithDerived(long id) {

		public boolean isFirst() {
			return this.id == 0;
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes({ @JsonSubTypes.Type(value = Before.class, name = "before"),
			@JsonSubTypes.Type(value = After.class, name = "after") })
	sealed interface Position {

	}

	record Before(String key) implements Position {
	}

	record After(String key) implements Position {
	}

}
