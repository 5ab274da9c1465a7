package dev.backgroundjobs.message;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.backgroundjobs.InputCost;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of arguments on their way through JSON, whatever the application's mapper
 * is like.
 */
class ArgumentCodecTests {

	private static final JsonMapper DEFAULT = JsonMapper.builder().build();

	@Test
	void carriesARecord() {
		carries("request", new Request("a1", 3));
	}

	@Test
	void carriesAGenericList() {
		carries("requests", List.of(new Request("a1", 3), new Request("b", 4)));
	}

	@Test
	void carriesAMapWithOrderedKeys() {
		Map<String, Request> map = new LinkedHashMap<>();
		map.put("b", new Request("b", 1));
		map.put("a", new Request("a", 2));
		assertThat(carried("map", map)).isEqualTo(map)
			.satisfies((back) -> assertThat(((Map<?, ?>) back).keySet()).asString().isEqualTo("[b, a]"));
	}

	@Test
	void takesLittleMemoryForKeysThatAreNew() {
		// given
		ArgumentBinding binding = binding(DEFAULT, "map");
		String args = "[{\"a-0\":null,\"b-0\":null,\"c-0\":null,\"d-0\":null,\"e-0\":null}]";
		for (int i = 1; i < 2_000; i++) {
			binding.read(args.replace("0", String.valueOf(i)));
		}

		// then
		assertThat(InputCost.bytes(() -> binding.read(args))).isLessThan(20_000);
	}

	@Test
	void carriesAFilledOptional() {
		carries("optional", Optional.of(new Request("a", 1)));
	}

	@Test
	void carriesAnEmptyOptional() {
		carries("optional", Optional.empty());
	}

	@Test
	void carriesTimes() {
		carries("times", new Times(Instant.parse("2026-03-01T10:11:12.123456789Z"), LocalDate.of(2026, 2, 28),
				LocalDateTime.of(2026, 1, 1, 0, 0, 0, 1), Duration.ofNanos(1_000_000_001)));
	}

	@Test
	void keepsTheOffsetOfATime() {
		carries("offset", OffsetDateTime.parse("2026-03-01T10:11:12+02:00"));
	}

	@Test
	void carriesAnEnum() {
		carries("day", DayOfWeek.FRIDAY);
	}

	@Test
	void carriesAnEnumWithABody() {
		carries("shape", Shape.ROUND);
	}

	@Test
	void carriesAUuid() {
		carries("uuid", UUID.fromString("0198a6a2-94c8-7b0e-8f0a-000000000001"));
	}

	@Test
	void carriesPrimitivesAndTheirBoxes() {
		assertThat(roundTrip(DEFAULT, "numbers", 1, Long.MIN_VALUE, 0.1)).containsExactly(1, Long.MIN_VALUE, 0.1);
	}

	@Test
	void carriesBytes() {
		carries("bytes", new byte[] { 0, 1, -1, 127 });
	}

	@Test
	void carriesArrays() {
		carries("array", new Request[] { new Request("a", 1) });
	}

	@Test
	void carriesASet() {
		carries("set", Set.of("a", "b", "c"));
	}

	@Test
	void carriesNull() {
		assertThat(roundTrip(DEFAULT, "request", (Object) null)).containsExactly((Object) null);
	}

	@Test
	void carriesNoArgument() {
		assertThat(write(DEFAULT, "nothing")).isEqualTo("[]");
	}

	@Test
	void carriesABigInteger() {
		carries("integer", BigInteger.TWO.pow(70));
	}

	@Test
	void carriesTheScaleOfABigDecimal() {
		carries("decimal", new BigDecimal("1.10"));
	}

	@Test
	void carriesABigDecimalBeyondADouble() {
		carries("decimal", new BigDecimal("1e400"));
	}

	@Test
	void carriesNonAsciiText() {
		carries("text", "Grüße, 世界, \uD83D\uDE00, \u0000\u2028\"\\");
	}

	@Test
	void carriesNotANumber() {
		carries("number", Double.NaN);
	}

	@Test
	void carriesNestedPolymorphicValues() {
		carries("owner", new Owner(List.of(new Cat(9), new Dog("Rex"))));
	}

	@Test
	void carriesAPolymorphicArgument() {
		carries("animal", new Cat(9));
	}

	@Test
	void carriesASubclassThatNamesItsType() {
		carries("animals", List.of(new Dog("Rex")));
	}

	@Test
	void resolvesTheTypeVariableOfASuperclass() {
		ArgumentBinding binding = new ArgumentCodec(DEFAULT).binding("job", RequestImporter.class,
				method(Importer.class, "load"));
		assertThat(binding.read("[{\"id\":\"a\",\"count\":2}]")).containsExactly(new Request("a", 2));
	}

	@Test
	void readsAMessageFromBeforeTheRecordGainedAField() {
		assertThat(read(DEFAULT, "grown", "[{\"id\":\"a\"}]")).containsExactly(new Grown("a", null, 0, false));
	}

	@Test
	void readsAnOldMessageWithAMapperThatInsistsOnEveryField() {
		JsonMapper mapper = JsonMapper.builder()
			.enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
			.build();
		assertThat(read(mapper, "grown", "[{\"id\":\"a\"}]")).containsExactly(new Grown("a", null, 0, false));
	}

	@Test
	void ignoresFieldsThatTheRecordHasLost() {
		assertThat(read(DEFAULT, "request", "[{\"id\":\"a\",\"count\":2,\"gone\":{\"x\":[1]}}]"))
			.containsExactly(new Request("a", 2));
	}

	@Test
	void ignoresUnknownFieldsWithAMapperThatRefusesThem() {
		JsonMapper mapper = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
		assertThat(read(mapper, "request", "[{\"id\":\"a\",\"count\":2,\"gone\":1}]"))
			.containsExactly(new Request("a", 2));
	}

	@Test
	void takesAClassNameInTheArgumentsForAnUnknownField() {
		assertThat(read(DEFAULT, "request", "[{\"@class\":\"javax.naming.InitialContext\",\"id\":\"a\",\"count\":2}]"))
			.containsExactly(new Request("a", 2));
	}

	@Test
	void writesNoClassNameWithAMapperOfDefaultTyping() {
		// given
		JsonMapper mapper = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfSubType(Object.class).build(),
					DefaultTyping.NON_FINAL_AND_RECORDS)
			.build();

		// when
		String args = write(mapper, "request", new Request("a", 1));

		// then
		assertThat(args).isEqualTo("[{\"id\":\"a\",\"count\":1}]");
		assertThat(read(mapper, "request", args)).containsExactly(new Request("a", 1));
	}

	@Test
	void readsNoClassNameWithAMapperOfDefaultTyping() {
		JsonMapper mapper = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfSubType(Object.class).build(),
					DefaultTyping.NON_FINAL)
			.build();
		assertThat(read(mapper, "untyped", "[{\"value\":[\"java.io.File\",\"/etc/passwd\"]}]"))
			.containsExactly(new Untyped(List.of("java.io.File", "/etc/passwd")));
	}

	@Test
	void usesTheNamingOfTheMapper() {
		JsonMapper mapper = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
		assertThat(write(mapper, "camel", new Camel("a"))).isEqualTo("[{\"document_id\":\"a\"}]");
		assertThat(roundTrip(mapper, "camel", new Camel("a"))).containsExactly(new Camel("a"));
	}

	@Test
	void usesTheModulesOfTheMapper() {
		JacksonModule module = new SimpleModule().addSerializer(Long.class, ToStringSerializer.instance)
			.addSerializer(long.class, ToStringSerializer.instance);
		JsonMapper mapper = JsonMapper.builder().addModule(module).build();
		assertThat(write(mapper, "numbers", 1, 2L, 0.5)).isEqualTo("[1,\"2\",0.5]");
		assertThat(roundTrip(mapper, "numbers", 1, 2L, 0.5)).containsExactly(1, 2L, 0.5);
	}

	@Test
	void readsWhatAMapperWritesThatWrapsRoots() {
		JsonMapper mapper = JsonMapper.builder()
			.enable(SerializationFeature.WRAP_ROOT_VALUE)
			.enable(DeserializationFeature.UNWRAP_ROOT_VALUE)
			.build();
		assertThat(roundTrip(mapper, "request", new Request("a", 1))).containsExactly(new Request("a", 1));
	}

	@Test
	void readsWhatAMapperWritesThatUnwrapsSingleElements() {
		JsonMapper mapper = JsonMapper.builder()
			.enable(SerializationFeature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED)
			.enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
			.build();
		assertThat(roundTrip(mapper, "requests", List.of(new Request("a", 1))))
			.containsExactly(List.of(new Request("a", 1)));
	}

	@Test
	void readsWhatAMapperWritesThatIndents() {
		JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
		assertThat(roundTrip(mapper, "request", new Request("a", 1))).containsExactly(new Request("a", 1));
	}

	@Test
	void readsWhatAMapperWritesWithIndexesOfEnums() {
		JsonMapper mapper = JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_USING_INDEX).build();
		assertThat(roundTrip(mapper, "shape", Shape.ROUND)).containsExactly(Shape.ROUND);
	}

	@Test
	void writesJsonWithAMapperThatWritesNoQuotes() {
		JsonMapper mapper = JsonMapper.builder().disable(JsonWriteFeature.QUOTE_PROPERTY_NAMES).build();
		assertThat(write(mapper, "request", new Request("a", 1))).isEqualTo("[{\"id\":\"a\",\"count\":1}]");
	}

	@Test
	void writesJsonWithAMapperThatWritesNotANumberBare() {
		JsonMapper mapper = JsonMapper.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();
		assertThat(write(mapper, "number", Double.NaN)).isEqualTo("[\"NaN\"]");
	}

	@Test
	void writesNumbersAsTheMapperSays() {
		JsonMapper mapper = JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
		assertThat(roundTrip(mapper, "decimal", new BigDecimal("1e3")).length).isEqualTo(1);
	}

	@Test
	void refusesToWriteAKeyTwice() {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> write(DEFAULT, "twice", new Twice("a", Map.of("id", "b"))))
			.withMessageContaining("Argument 'argument'")
			.withMessageContaining("of job 'job'");
	}

	@Test
	void refusesASubclassWithoutTypeInformation() {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> write(DEFAULT, "base", new Derived("a", "b")))
			.withMessageContaining("Argument 'argument'")
			.withMessageContaining(Derived.class.getName())
			.withMessageContaining("declare @JsonTypeInfo");
	}

	@Test
	void refusesAValueOfAnotherType() {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> write(DEFAULT, "request", "secret"))
			.withMessageContaining("Argument 'argument'")
			.withMessageContaining("is given a java.lang.String")
			.withMessageNotContaining("secret");
	}

	@Test
	void refusesACycle() {
		Node node = new Node();
		node.next = node;
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> write(DEFAULT, "node", node))
			.withMessageContaining("Argument 'argument'")
			.withMessageContaining("'next': Direct self-reference leading to cycle");
	}

	@Test
	void refusesACycleWithAMapperThatBreaksCycles() {
		JsonMapper mapper = JsonMapper.builder().disable(SerializationFeature.FAIL_ON_SELF_REFERENCES).build();
		Node node = new Node();
		node.next = new Node();
		node.next.next = node;
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> write(mapper, "node", node))
			.withMessageContaining("refer to each other");
	}

	@Test
	void refusesTooManyArguments() {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> write(DEFAULT, "text", "a", "b"))
			.withMessageContaining("takes 1 argument (String), not 2");
	}

	@Test
	void refusesNullForAPrimitive() {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> write(DEFAULT, "numbers", null, 1L, 0.0))
			.withMessageContaining("cannot be null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "[1,2]", "[null,1,2]" })
	void refusesToReadAnotherNumberOfArguments(String args) {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> read(DEFAULT, "text", args))
			.withMessageContaining("job");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1]", "[true]", "[1.5]", "[[\"a\"]]", "[{}]" })
	void takesNothingButTextForText(String args) {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> read(DEFAULT, "text", args));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1.5,1,1]", "[true,1,1]", "[\"\",1,1]", "[null,1,1]", "[99999999999,1,1]", "[1,1,true]",
			"[1,1,\"\"]", "[1,\"x\",1]", "[[1],1,1]", "[1.0,1,1]" })
	void takesNothingButNumbersForNumbers(String args) {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> read(DEFAULT, "numbers", args));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[{\"id\":7,\"count\":1}]", "[{\"id\":\"a\",\"count\":1.5}]", "[[]]", "[\"\"]", "[7]",
			"[{\"id\":\"a\",\"count\":\"\"}]", "[{\"id\":[\"a\"],\"count\":1}]" })
	void takesNothingButItsFieldsForARecord(String args) {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> read(DEFAULT, "request", args));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[\"SUNDAYS\"]", "[6]", "[\"\"]", "[\"friday\"]" })
	void takesNothingButItsConstantsForAnEnum(String args) {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> read(DEFAULT, "day", args));
	}

	@Test
	void takesNoUnknownConstantForNull() {
		JsonMapper mapper = JsonMapper.builder().enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL).build();
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> read(mapper, "day", "[\"SUNDAYS\"]"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[{\"type\":\"cow\"}]", "[{\"type\":\"java.io.File\"}]", "[{}]", "[{\"lives\":1}]" })
	void takesNoUnknownTypeOfAnimal(String args) {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> read(DEFAULT, "animal", args));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[{\"id\":\"a\",\"count\":\"top-secret\"}]", "[\"top-secret\"]",
			"[{\"id\":{\"top-secret\":1}}]" })
	void showsNothingOfAValueThatCannotBeRead(String args) {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> read(DEFAULT, "request", args))
			.satisfies((ex) -> {
				java.io.StringWriter text = new java.io.StringWriter();
				ex.printStackTrace(new java.io.PrintWriter(text));
				assertThat(text.toString()).doesNotContain("secret");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "raw", "shapes", "closed" })
	void refusesAParameterThatNothingCanBeReadInto(String method) {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> binding(DEFAULT, method).check())
			.withMessageContaining("Argument 'argument'")
			.withMessageContaining("cannot be read from JSON");
	}

	@ParameterizedTest
	@ValueSource(strings = { "request", "requests", "map", "optional", "times", "day", "shape", "uuid", "numbers",
			"bytes", "array", "set", "integer", "decimal", "owner", "animal", "animals", "node", "grown", "untyped",
			"zoned" })
	void acceptsParametersThatCanBeRead(String method) {
		binding(DEFAULT, method).check();
	}

	@Test
	void leavesTheApplicationsMapperAsItIs() {
		// given
		JsonMapper mapper = JsonMapper.builder()
			.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
			.build();

		// when
		new ArgumentCodec(mapper);

		// then
		assertThat(mapper.isEnabled(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)).isTrue();
		assertThat(mapper.isEnabled(DeserializationFeature.ACCEPT_FLOAT_AS_INT)).isTrue();
	}

	@Test
	void noticesAFieldThatIsWrittenAndNotRead() {
		ArgumentBinding binding = binding(DEFAULT, "lossy");
		List<@Nullable Object> arguments = List.of(new Lossy(3));
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> binding.checkReadBack(arguments, binding.write(arguments)))
			.withMessageContaining("Argument 'argument'")
			.withMessageContaining("does not come back");
	}

	@Test
	void takesTheOrderOfASetForNoDifference() {
		ArgumentBinding binding = binding(DEFAULT, "bag");
		for (int size = 2; size < 12; size++) {
			Bag bag = new Bag();
			bag.values = new java.util.LinkedHashSet<>();
			for (int i = size; i > 0; i--) {
				bag.values.add("value " + i);
			}
			List<@Nullable Object> arguments = List.of(bag);
			binding.checkReadBack(arguments, binding.write(arguments));
		}
	}

	@Test
	void comparesWhatHasNoEquals() {
		ArgumentBinding binding = binding(DEFAULT, "node");
		List<@Nullable Object> arguments = List.of(new Node());
		binding.checkReadBack(arguments, binding.write(arguments));
	}

	@Test
	void writesAnotherServicesArgumentsAsTheyAre() {
		String args = new ArgumentCodec(DEFAULT).write("other.job", Arrays.asList(new Request("a", 1), null, 3));
		assertThat(args).isEqualTo("[{\"id\":\"a\",\"count\":1},null,3]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cut \uD83D", "\uDE00 cut", "\uD83D\uD83D\uDE00\uDE00", "\uDE00\uD83D" })
	void carriesHalfACharacterAsAnEscape(String text) {
		// when
		String args = write(DEFAULT, "text", text);

		// then
		assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(args)).isTrue();
		assertThat(read(DEFAULT, "text", args)).containsExactly(text);
	}

	@Test
	void refusesADepthThatNoReaderAccepts() {
		Node node = new Node();
		for (int i = 0; i < 99; i++) {
			Node outer = new Node();
			outer.next = node;
			node = outer;
		}
		Node deep = node;
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> write(DEFAULT, "node", deep))
			.withMessageContaining("more than 100 levels");
	}

	@Test
	void refusesANumberThatNoReaderAccepts() {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> write(DEFAULT, "integer", BigInteger.TEN.pow(1001)))
			.withMessageContaining("1000 in a number")
			.withMessageContaining("job 'job'");
	}

	@Test
	void refusesTextThatNoReaderAccepts() {
		assertThatExceptionOfType(ArgumentException.class)
			.isThrownBy(() -> write(DEFAULT, "text", "x".repeat(1_000_001)))
			.withMessageContaining("1000000 characters in a string");
	}

	private static void carries(String method, Object argument) {
		assertThat(carried(method, argument)).isEqualTo(argument);
	}

	private static @Nullable Object carried(String method, @Nullable Object argument) {
		return roundTrip(DEFAULT, method, argument)[0];
	}

	private static @Nullable Object[] roundTrip(JsonMapper mapper, String method, @Nullable Object... arguments) {
		return read(mapper, method, write(mapper, method, arguments));
	}

	private static String write(JsonMapper mapper, String method, @Nullable Object... arguments) {
		return binding(mapper, method).write(Arrays.asList(arguments));
	}

	private static @Nullable Object[] read(JsonMapper mapper, String method, String args) {
		return binding(mapper, method).read(args);
	}

	private static ArgumentBinding binding(JsonMapper mapper, String method) {
		return new ArgumentCodec(mapper).binding("job", Jobs.class, method(Jobs.class, method));
	}

	private static Method method(Class<?> type, String name) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	record Request(String id, int count) {
	}

	record Grown(String id, @Nullable String name, int count, boolean urgent) {
	}

	record Camel(String documentId) {
	}

	record Untyped(Object value) {
	}

	interface Closed {

	}

	record Times(Instant instant, LocalDate date, LocalDateTime dateTime, Duration duration) {
	}

	enum Shape {

		ROUND {

			@Override
			int corners() {
				return 0;
			}

		};

		abstract int corners();

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Cat.class, name = "cat"),
			@JsonSubTypes.Type(value = Dog.class, name = "dog") })
	sealed interface Animal {

	}

	record Cat(int lives) implements Animal {
	}

	record Dog(String name) implements Animal {
	}

	record Owner(List<Animal> animals) {
	}

	record Twice(String id, @JsonAnyGetter Map<String, String> others) {
	}

	static class Base {

		public final String id;

		Base(String id) {
			this.id = id;
		}

	}

	static class Derived extends Base {

		public final String more;

		Derived(String id, String more) {
			super(id);
			this.more = more;
		}

	}

	static class Node {

		public @Nullable Node next;

	}

	static class Bag {

		public Set<String> values = Set.of();

	}

	static class Lossy {

		private final int count;

		Lossy() {
			this(0);
		}

		Lossy(int count) {
			this.count = count;
		}

		public int getTotal() {
			return this.count;
		}

	}

	abstract static class Importer<T> {

		void load(T value) {
		}

	}

	static class RequestImporter extends Importer<Request> {

	}

	@SuppressWarnings("rawtypes")
	static class Jobs {

		void nothing() {
		}

		void request(Request argument) {
		}

		void requests(List<Request> argument) {
		}

		void map(Map<String, Request> argument) {
		}

		void optional(Optional<Request> argument) {
		}

		void times(Times argument) {
		}

		void offset(OffsetDateTime argument) {
		}

		void zoned(ZonedDateTime argument) {
		}

		void day(DayOfWeek argument) {
		}

		void shape(Shape argument) {
		}

		void uuid(UUID argument) {
		}

		void numbers(int first, Long second, double third) {
		}

		void number(double argument) {
		}

		void bytes(byte[] argument) {
		}

		void array(Request[] argument) {
		}

		void set(Set<String> argument) {
		}

		void integer(BigInteger argument) {
		}

		void decimal(BigDecimal argument) {
		}

		void text(String argument) {
		}

		void owner(Owner argument) {
		}

		void animal(Animal argument) {
		}

		void animals(List<Animal> argument) {
		}

		void grown(Grown argument) {
		}

		void camel(Camel argument) {
		}

		void untyped(Untyped argument) {
		}

		void twice(Twice argument) {
		}

		void base(Base argument) {
		}

		void node(Node argument) {
		}

		void bag(Bag argument) {
		}

		void lossy(Lossy argument) {
		}

		void raw(Closed argument) {
		}

		void shapes(Comparable argument) {
		}

		void closed(Thread.UncaughtExceptionHandler argument) {
		}

	}

}
