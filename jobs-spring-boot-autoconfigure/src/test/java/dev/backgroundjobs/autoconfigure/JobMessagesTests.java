package dev.backgroundjobs.autoconfigure;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.local.LocalJobAutoConfiguration;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JobMessagesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, JobsAutoConfiguration.class,
				LocalJobAutoConfiguration.class))
		.withBean(Reports.class);

	@Test
	void makesTheMessageThatACallWouldBeSentAs() {
		JobMessage message = message((messages) -> messages.of(JobCall.of(Reports::generate, 42, "a")));
		assertThat(message.job()).isEqualTo("reports.generate");
		assertThat(message.queue()).isEqualTo("reports");
		assertThat(message.args()).isEqualTo("[42,\"a\"]");
	}

	@Test
	void readsTypedArgumentsIntoTheParameters() {
		assertThat(
				message((messages) -> messages.of("reports.generate", " [42, \"${user.home} $(x) \\\"ü\\n\"] ")).args())
			.isEqualTo("[42,\"${user.home} $(x) \\\"ü\\n\"]");
		assertThat(message((messages) -> messages.of("reports.each", "[[1,2]]")).args()).isEqualTo("[[1,2]]");
	}

	@Test
	void takesNoArgumentsForAnEmptyList() {
		assertThat(message((messages) -> messages.of("reports.clean", null)).args()).isEqualTo("[]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "42", "{\"digits\":42}", "\"[1]\"", "", "nonsense" })
	void refusesArgumentsThatAreNoArray(String args) {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> message((messages) -> messages.of("reports.clean", args)))
			.withMessageContaining("The arguments of job 'reports.clean' are no JSON array")
			.withMessageContaining("such as [42, \"text\"]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			[42]            | fewer
			[42,"a",1]      | more
			["x","a"]       | 'number'
			[42,"a"         | JSON
			[42,"a"] trailing | JSON
			""")
	void refusesArgumentsThatTheJobDoesNotTake(String args, String said) {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> message((messages) -> messages.of("reports.generate", args)))
			.withMessageContaining(said);
	}

	@Test
	void namesTheNearestJob() {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> message((messages) -> messages.of("reports.generat", "[]")))
			.withMessageContaining("did you mean 'reports.generate'?");
	}

	private JobMessage message(java.util.function.Function<JobMessages, JobMessage> make) {
		AtomicReference<@Nullable JobMessage> message = new AtomicReference<>();
		AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
		this.runner.run((context) -> {
			try {
				message.set(make.apply(context.getBean(JobMessages.class)));
			}
			catch (RuntimeException ex) {
				failure.set(ex);
			}
		});
		if (failure.get() != null) {
			throw failure.get();
		}
		return message.get();
	}

	static class Reports {

		@BackgroundJob(queue = "reports")
		void generate(int number, String text) {
		}

		@BackgroundJob
		void each(List<Integer> numbers) {
		}

		@BackgroundJob
		void clean() {
		}

	}

}
