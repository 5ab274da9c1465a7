package dev.backgroundjobs.message;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.backgroundjobs.InputCost;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever JSON comes as arguments, it becomes what the method declares or is refused,
 * without showing it; and what it became can be sent on.
 */
class ArgumentFuzzTests {

	private static final ArgumentCodec CODEC = new ArgumentCodec(JsonMapper.builder().build());

	private static final JobMessageCodec MESSAGES = new JobMessageCodec(SigningKeys.none(), Clock.systemUTC());

	private static final List<ArgumentBinding> BINDINGS = Arrays.stream(Jobs.class.getDeclaredMethods())
		.filter((method) -> !method.isSynthetic())
		.sorted(java.util.Comparator.comparing(Method::getName))
		.map((method) -> CODEC.binding(method.getName(), Jobs.class, method))
		.toList();

	// Without a value or a key of what came. The fuzzer's instrumentation drops the names
	// of parameters.
	private static final String REFUSALS = "(Argument ('[a-z]+'|\\d) \\([\\w.<>,\\[\\]$]+\\) of job '[a-z]+' (cannot be "
			+ "null|is given more levels than it has|cannot be read from the JSON that came(, at '(\\[\\d+]|\\.?"
			+ "(id|count|price|due|lines|next|radius|shapes))+')? \\(\\w+\\)(\\. The names of constructor parameters .*)?)"
			+ "|Job '[a-z]+' takes (no|1|2|3) arguments?( \\([\\w, \\[\\]]+\\))?, the message has (more|fewer))";

	/**
	 * The input is the field {@code args} of a message.
	 */
	@FuzzTest
	void bindsArgumentsOrRefusesThem(byte[] args) {
		String read = argumentsOf(args);
		if (read == null) {
			return;
		}
		for (ArgumentBinding binding : BINDINGS) {
			Object bound = InputCost.limited(args, () -> bind(binding, read));
			if (bound instanceof ArgumentException refusal) {
				assertThat(refusal).hasNoCause();
				assertThat(refusal.getMessage()).matches(REFUSALS);
			}
			else {
				String written = binding.write(Arrays.asList((@Nullable Object[]) bound));
				assertThat(binding.write(Arrays.asList(binding.read(written)))).isEqualTo(written);
			}
		}
	}

	private static Object bind(ArgumentBinding binding, String args) {
		try {
			return binding.read(args);
		}
		catch (ArgumentException ex) {
			return ex;
		}
	}

	// What the executor is given has been read as a part of a message.
	private static @Nullable String argumentsOf(byte[] args) {
		String message = "{\"v\":1,\"id\":\"0198a6a2-94c8-7b0e-8f0a-000000000001\",\"seq\":0,\"job\":\"a\",\"queue\":"
				+ "\"b\",\"attempt\":1,\"enqueuedAt\":\"2026-03-01T10:11:12.345Z\",\"args\":";
		byte[] start = message.getBytes(StandardCharsets.UTF_8);
		byte[] body = Arrays.copyOf(start, start.length + args.length + 1);
		System.arraycopy(args, 0, body, start.length, args.length);
		body[body.length - 1] = '}';
		try {
			return MESSAGES.decode(body, true).message().args();
		}
		catch (UnreadableMessageException ex) {
			return null;
		}
	}

	@SuppressWarnings("unused")
	static class Jobs {

		void nothing() {
		}

		void order(Order order) {
		}

		void numbers(int small, long large, double fraction) {
		}

		void boxes(@Nullable Integer small, @Nullable Boolean flag, @Nullable Float fraction) {
		}

		void exact(BigInteger integer, BigDecimal decimal) {
		}

		void texts(String text, List<String> texts, Map<String, List<Order>> orders) {
		}

		void values(UUID id, DayOfWeek day, byte[] bytes) {
		}

		void places(URI uri, Locale locale, Currency currency) {
		}

		void networks(InetAddress address, ZoneId zone, char letter) {
		}

		void times(Instant instant, Duration duration, LocalDate date) {
		}

		void offsets(OffsetDateTime offset, ZonedDateTime zoned, Date date) {
		}

		void maybes(Optional<Order> order, Set<Period> periods, int[] numbers) {
		}

		void shape(Shape shape) {
		}

	}

	record Order(String id, int count, @Nullable BigDecimal price, @Nullable Instant due, List<String> lines,
			@Nullable Order next) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Circle.class, name = "circle"),
			@JsonSubTypes.Type(value = Group.class, name = "group") })
	sealed interface Shape permits Circle, Group {

	}

	record Circle(double radius) implements Shape {
	}

	record Group(List<Shape> shapes) implements Shape {
	}

}
