package dev.backgroundjobs.message;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What is said of an argument that cannot travel: the field and the way out, and nothing
 * of the data.
 */
class ArgumentErrorsTests {

	private static final ArgumentCodec CODEC = new ArgumentCodec(JsonMapper.builder().build());

	@Test
	void namesTheFieldThatCannotBeRead() {
		assertThat(readError("order", "[{\"lines\":[{\"count\":1},{\"count\":\"many\"}]}]"))
			.isEqualTo("Argument 'argument' (" + Order.class.getName()
					+ ") of job 'job' cannot be read from the JSON that came, at 'lines[1].count' (InvalidFormatException)");
	}

	@Test
	void namesNoKeyOfAMap() {
		assertThat(readError("orders", "[{\"secret\":{\"lines\":[{\"count\":\"many\"}]}}]"))
			.endsWith("cannot be read from the JSON that came (InvalidFormatException)");
	}

	@Test
	void refusesANumberThatJacksonRefusesInAnotherWay() {
		ArgumentException error = catchThrowableOfType(ArgumentException.class,
				() -> binding("decimal").read("[1e-9999999999]"));
		assertThat(error).hasMessageEndingWith("cannot be read from the JSON that came (NumberFormatException)")
			.hasNoCause();
	}

	@Test
	void namesTheFieldThatThrows() {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> binding("lazy").write(List.of(new Lazy())))
			.withMessageEndingWith("cannot be written as JSON: 'lines' throws java.lang.IllegalStateException. Send a "
					+ "record with what the job needs, such as an id");
	}

	@Test
	void saysHowManyArgumentsThereAreOfWhatType() {
		assertThat(writeError("nothing", 1)).isEqualTo("Job 'job' takes no arguments, not 1");
		assertThat(writeError("decimal")).isEqualTo("Job 'job' takes 1 argument (BigDecimal), not 0");
		assertThat(writeError("two", "a")).isEqualTo("Job 'job' takes 2 arguments (List, long), not 1");
		assertThat(readError("two", "[[],1,2]"))
			.isEqualTo("Job 'job' takes 2 arguments (List, long), the message has more");
	}

	@Test
	void saysWhatToPassForAnotherType() {
		assertThat(writeError("two", List.of(), 5))
			.isEqualTo("Argument 'second' (long) of job 'job' is given a java.lang.Integer: pass a long");
	}

	@Test
	void asksForAConstructor() {
		assertThatExceptionOfType(ArgumentException.class).isThrownBy(() -> binding("closed").check())
			.withMessageEndingWith("cannot be read from JSON: it has no constructor that can be used. Give it one, or "
					+ "make it a record");
	}

	private static String readError(String method, String args) {
		return String
			.valueOf(catchThrowableOfType(ArgumentException.class, () -> binding(method).read(args)).getMessage());
	}

	private static String writeError(String method, @Nullable Object... arguments) {
		return String.valueOf(
				catchThrowableOfType(ArgumentException.class, () -> binding(method).write(Arrays.asList(arguments)))
					.getMessage());
	}

	private static ArgumentBinding binding(String name) {
		Method method = Arrays.stream(Jobs.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		return CODEC.binding("job", Jobs.class, method);
	}

	record Line(int count) {
	}

	record Order(List<Line> lines) {
	}

	static class Lazy {

		private final List<Line> lines = List.of();

		public List<Line> getLines() {
			throw new IllegalStateException("no session for " + this.lines);
		}

	}

	static class Closed {

		Closed(int a, int b) {
		}

	}

	static class Jobs {

		void nothing() {
		}

		void order(Order argument) {
		}

		void orders(Map<String, Order> argument) {
		}

		void decimal(BigDecimal argument) {
		}

		void two(List<String> first, long second) {
		}

		void lazy(Lazy argument) {
		}

		void closed(Closed argument) {
		}

	}

}
