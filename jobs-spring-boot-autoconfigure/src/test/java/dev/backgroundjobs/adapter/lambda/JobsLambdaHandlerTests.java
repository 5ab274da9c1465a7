package dev.backgroundjobs.adapter.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import com.amazonaws.services.lambda.runtime.Context;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.aws.AwsAutoConfiguration;
import dev.backgroundjobs.adapter.aws.LambdaEvents;
import dev.backgroundjobs.adapter.inline.InlineJobAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the handler makes of one invocation, and how it starts an application. Under
 * Lambda's runtime client it runs in {@link LambdaHandlerIT}.
 */
class JobsLambdaHandlerTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);

	private final Letters letters = new Letters();

	private final ByteArrayOutputStream result = new ByteArrayOutputStream();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, AwsAutoConfiguration.class,
				InlineJobAutoConfiguration.class))
		.withBean("letters", Letters.class, () -> this.letters)
		.withBean(Clock.class, () -> CLOCK)
		.withPropertyValues("jobs.backend=inline");

	@Test
	void runsAJobAndSaysThatItIsDone() {
		this.runner.run((context) -> {
			handle(context, message("letters.send"));
			assertThat(this.letters.deadlines).hasSize(1);
			assertThat(this.result.toString(StandardCharsets.UTF_8)).isEqualTo("{\"settlement\":\"done\"}");
		});
	}

	@Test
	void keepsAReserveOfTheTimeThatIsLeft() {
		this.runner.run((context) -> {
			handle(context, message("letters.send"));
			assertThat(this.letters.deadlines).containsExactly(CLOCK.instant().plusSeconds(60 - 6));
		});
	}

	@Test
	void failsForAnEventThatIsNoJson() {
		this.runner.run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> handle(context, "{\"secret"))
			.withMessage("The event of invocation request-1 is no event of Lambda within the limits")
			.withNoCause());
	}

	@Test
	void failsForAnEventThatIsTooLarge() {
		this.runner.run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> handle(context, " ".repeat(LambdaEvents.MAX_BYTES + 1)))
			.withMessageContaining("has more than 7000000 bytes"));
	}

	@Test
	void failsWithoutAResultWhenTheEventIsToComeAgain() {
		this.runner.run((context) -> {
			assertThatExceptionOfType(JobException.class).isThrownBy(() -> handle(context, message("letters.unknown")))
				.withMessageMatching("The event of invocation request-1 is to come again \\(\\d+\\)")
				.withNoCause();
			assertThat(this.result.size()).isZero();
		});
	}

	@Test
	void startsAConfigurationThatHasNoMainMethod() {
		try (ConfigurableApplicationContext context = LambdaApplication.start(Plain.class)) {
			assertThat(context.getBeansOfType(Plain.class)).hasSize(1);
		}
	}

	@Test
	void refusesAMainMethodThatStartsNothing() {
		assertThatIllegalStateException().isThrownBy(() -> LambdaApplication.start(Idle.class))
			.withMessageContaining(Idle.class.getName() + " has started no Spring application")
			.withMessageContaining("MAIN_CLASS");
	}

	private void handle(ApplicationContext application, String event) throws IOException {
		Context invocation = Mockito.mock(Context.class);
		Mockito.when(invocation.getRemainingTimeInMillis()).thenReturn(60_000);
		Mockito.when(invocation.getAwsRequestId()).thenReturn("request-1");
		new JobsLambdaHandler(application)
			.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), this.result, invocation);
	}

	private static String message(String job) {
		JobMessage message = JobMessage
			.builder("01a20188-6a28-71f0-afe3-49c324578c12", job, "default", "[]", CLOCK.instant())
			.build();
		return new JobMessageCodec(SigningKeys.none(), CLOCK).encode(message).text();
	}

	static class Letters {

		final List<Instant> deadlines = new ArrayList<>();

		@BackgroundJob
		void send() {
			this.deadlines.add(JobContext.current().deadline());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Plain {

	}

	static class Idle {

		public static void main(String[] args) {
		}

	}

}
