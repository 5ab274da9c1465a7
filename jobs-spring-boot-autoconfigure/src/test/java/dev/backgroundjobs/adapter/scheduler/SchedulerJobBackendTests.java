package dev.backgroundjobs.adapter.scheduler;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.adapter.aws.AwsTarget;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The schedules that the backend creates through the SDK, and what it makes of the
 * answers. EventBridge Scheduler is a {@link TestScheduler double}.
 */
class SchedulerJobBackendTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

	private static final Instant LATER = Instant.parse("2026-11-23T09:30:00.001Z");

	private static final String QUEUE = "arn:aws:sqs:eu-central-1:123456789012:letters";

	private static final String FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:jobs";

	private TestScheduler scheduler;

	private ApplicationContextRunner runner;

	@BeforeEach
	void startScheduler() throws IOException {
		this.scheduler = new TestScheduler();
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, SchedulerJobAutoConfiguration.class))
			.withBean("letters", Letters.class)
			.withBean(Clock.class, () -> Clock.fixed(NOW, ZoneOffset.UTC))
			.withBean(SchedulerJobCustomizer.class, TestScheduler::credentials)
			.withBean(RecordingJobBackend.class,
					() -> new RecordingJobBackend("platform", BackendCapabilities.none().withDurable()))
			.withBean(AwsTarget.class, Platform::new)
			.withPropertyValues("jobs.backend=platform", "jobs.queues.default.delay-backend=eventbridge-scheduler",
					"jobs.eventbridge-scheduler.region=eu-central-1",
					"jobs.eventbridge-scheduler.endpoint=" + this.scheduler.uri(),
					"jobs.eventbridge-scheduler.role-arn=arn:aws:iam::123456789012:role/scheduler",
					"jobs.eventbridge-scheduler.group-name=paperwork",
					"jobs.eventbridge-scheduler.dead-letter-arn=" + QUEUE + "-dead");
	}

	@AfterEach
	void stopScheduler() {
		this.scheduler.close();
	}

	@Test
	void createsAScheduleThatDeliversOnceAndIsDeleted() {
		run((context) -> {
			String backendId = backend(context).enqueueAt(message(), LATER);
			JsonNode schedule = this.scheduler.schedules.get(backendId);
			assertThat(this.scheduler.schedules).hasSize(1);
			assertThat(backendId).matches("[0-9a-f]{64}");
			assertThat(schedule.get("ClientToken").asString()).isEqualTo(backendId);
			assertThat(schedule.get("GroupName").asString()).isEqualTo("paperwork");
			assertThat(schedule.get("ScheduleExpression").asString()).isEqualTo("at(2026-11-23T09:30:01)");
			assertThat(schedule.get("ScheduleExpressionTimezone").asString()).isEqualTo("UTC");
			assertThat(schedule.get("FlexibleTimeWindow").get("Mode").asString()).isEqualTo("OFF");
			assertThat(schedule.get("ActionAfterCompletion").asString()).isEqualTo("DELETE");
		});
	}

	@Test
	void deliversTheMessageWhereItsQueueIs() {
		run((context) -> {
			backend(context).enqueueAt(message(), LATER);
			JsonNode target = target();
			assertThat(target.get("Arn").asString()).isEqualTo(QUEUE);
			assertThat(target.get("RoleArn").asString()).isEqualTo("arn:aws:iam::123456789012:role/scheduler");
			assertThat(target.get("RetryPolicy").get("MaximumRetryAttempts").asInt()).isEqualTo(185);
			assertThat(target.get("RetryPolicy").get("MaximumEventAgeInSeconds").asInt()).isEqualTo(86_400);
			assertThat(target.get("DeadLetterConfig").get("Arn").asString()).isEqualTo(QUEUE + "-dead");
			JsonNode input = JSON.readTree(target.get("Input").asString());
			assertThat(input.get("job").asString()).isEqualTo("letters.send");
			assertThat(input.get("args").get(0).asString()).isEqualTo("Grüße");
		});
	}

	@Test
	void deliversToTheTargetThatIsConfigured() {
		run((context) -> {
			backend(context).enqueueAt(message(), LATER);
			assertThat(target().get("Arn").asString()).isEqualTo(FUNCTION);
			assertThat(target().get("RetryPolicy").get("MaximumRetryAttempts").asInt()).isEqualTo(3);
			assertThat(target().get("RetryPolicy").get("MaximumEventAgeInSeconds").asInt()).isEqualTo(3_600);
		}, "jobs.eventbridge-scheduler.queues.default.target-arn=" + FUNCTION,
				"jobs.eventbridge-scheduler.max-attempts=3", "jobs.eventbridge-scheduler.max-age=1h");
	}

	@Test
	void sendsAProtectedMessageToAQueueAsItIsAndToAFunctionAsOneJsonString() {
		String[] signing = { "jobs.signing.keys.k1=" + TestKeys.secret("k1"), "jobs.signing.key-id=k1",
				"jobs.eventbridge-scheduler.queues.other.target-arn=" + FUNCTION };
		run((context) -> {
			String toQueue = backend(context).enqueueAt(message(), LATER);
			String toFunction = backend(context).enqueueAt(
					JobMessage.builder("01a20188-6a28-71f0-afe3-49c324578c13", "x.y", "other", "[]", NOW).build(),
					LATER);
			String form = "[\\w-]+\\.[\\w-]+\\.[\\w-]+";
			assertThat(input(toQueue)).matches(form);
			assertThat(JSON.readTree(input(toFunction)).asString()).matches(form);
		}, signing);
	}

	@Test
	void escapesCharactersThatNoQueueTakes() {
		run((context) -> {
			JobMessage message = JobMessage
				.builder("01a20188-6a28-71f0-afe3-49c324578c17", "x.y", "default", "[\"a\uFFFEb\uFFFFc\"]", NOW)
				.build();
			String input = input(backend(context).enqueueAt(message, LATER));
			assertThat(input).contains("[\"a\\uFFFEb\\uFFFFc\"]");
			assertThat(JSON.readTree(input).get("args").get(0).asString()).isEqualTo("a\uFFFEb\uFFFFc");
		});
	}

	@Test
	void enqueuesADelayedJobThatIsDeliveredLikeAnyOther() {
		run((context) -> {
			EnqueuedJob enqueued = context.getBean(JobDispatcher.class)
				.enqueueIn(Duration.ofHours(2), Letters::send, "Ada");
			JsonNode message = JSON.readTree(input(enqueued.backendId()));
			assertThat(message.get("runAt").asString()).startsWith("2026-11-22T12:00:00");
			assertThat(message.has("relay")).isFalse();
		});
	}

	@Test
	void schedulesNothingForAMomentThatMayHavePassedWhenItIsAsked() {
		run((context) -> {
			backend(context).enqueueAt(message(), NOW.plusSeconds(1));
			assertThat(this.scheduler.schedules.values().iterator().next().get("ScheduleExpression").asString())
				.isEqualTo("at(2026-11-22T10:00:10)");
		});
	}

	@Test
	void takesAMessageThatIsThereAlreadyForCreated() {
		run((context) -> {
			String first = backend(context).enqueueAt(message(), LATER);
			assertThat(backend(context).enqueueAt(message(), LATER)).isEqualTo(first);
			assertThat(this.scheduler.schedules).hasSize(1);
		});
	}

	@Test
	void namesTheScheduleOfASuccessorDifferently() {
		run((context) -> {
			backend(context).enqueueAt(message(), LATER);
			backend(context).enqueueAt(message().successor().build(), LATER);
			assertThat(this.scheduler.schedules).hasSize(2);
		});
	}

	@Test
	void saysThatAUsersKeyWasThereBefore() {
		run((context) -> {
			JobDispatcher jobs = context.getBean(JobDispatcher.class)
				.with(JobOptions.none().deduplicationKey("letter-7"));
			EnqueuedJob first = jobs.enqueueIn(Duration.ofHours(2), Letters::send, "Ada");
			assertThat(first.backendId()).isNotNull();
			JobMessage second = JobMessage
				.builder("01a20188-6a28-71f0-afe3-49c324578c14", "letters.send", "default", "[]", NOW)
				.deduplicationKey("letter-7")
				.build();
			assertThatExceptionOfType(DuplicateMessageException.class)
				.isThrownBy(() -> backend(context).enqueueAt(second, LATER));
		});
	}

	@Test
	void runsNothingAtOnce() {
		run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> backend(context).enqueue(message()))
			.withMessageContaining("'jobs.queues.default.delay-backend'"));
	}

	@Test
	void onlyDelays() {
		run((context) -> {
			BackendCapabilities capabilities = backend(context).capabilities();
			assertThat(capabilities.delaysOnly()).isTrue();
			assertThat(capabilities.durable()).isTrue();
			assertThat(capabilities.deduplicates()).isTrue();
			assertThat(capabilities.maxDelay()).isEqualTo(Duration.ofDays(365));
			assertThat(capabilities.maxMessageBytes()).isEqualTo(255_000);
		});
	}

	@Test
	void refusesAQueueOfWhichNobodyKnowsWhereItIs() {
		run((context) -> {
			JobMessage message = JobMessage.builder("01a20188-6a28-71f0-afe3-49c324578c15", "x.y", "lost", "[]", NOW)
				.build();
			assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(context).enqueueAt(message, LATER))
				.withMessageContaining("set 'jobs.eventbridge-scheduler.queues.lost.target-arn'");
		});
	}

	@Test
	void refusesAQueueThatKeepsOrder() {
		run((context) -> {
			JobMessage message = JobMessage.builder("01a20188-6a28-71f0-afe3-49c324578c16", "x.y", "fifo", "[]", NOW)
				.build();
			assertThatExceptionOfType(JobException.class).isThrownBy(() -> backend(context).enqueueAt(message, LATER))
				.withMessageContaining("Queue 'fifo' is '" + QUEUE + ".fifo', which keeps the order");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					404 | ResourceNotFoundException     | no group 'paperwork'. Create it, or set 'jobs.eventbridge-scheduler.group-name'
					403 | AccessDeniedException         | scheduler:CreateSchedule
					429 | ThrottlingException           | takes no more schedules for now
					402 | ServiceQuotaExceededException | as many schedules as the account may have
					400 | ValidationException           | 'jobs.eventbridge-scheduler.role-arn'
					500 | InternalServerException       | EventBridge Scheduler refuses it
					""")
	void saysWhatToDoWhenAScheduleIsRefused(int status, String type, String advice) {
		this.scheduler.refuse(status, type);
		run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> backend(context).enqueueAt(message(), LATER))
			.withMessageContaining("queue 'default'")
			.withMessageContaining(advice)
			.withCauseInstanceOf(software.amazon.awssdk.core.exception.SdkException.class));
	}

	private void run(Assertions assertions, String... properties) {
		this.runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			assertions.accept(context);
		});
	}

	private static SchedulerJobBackend backend(ApplicationContext context) {
		return context.getBean(SchedulerJobBackend.class);
	}

	private JsonNode target() {
		assertThat(this.scheduler.schedules).hasSize(1);
		return this.scheduler.schedules.values().iterator().next().get("Target");
	}

	private String input(@Nullable String name) {
		return this.scheduler.schedules.get(name).get("Target").get("Input").asString();
	}

	private static JobMessage message() {
		return JobMessage.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", "[\"Grüße\"]", NOW)
			.build();
	}

	/**
	 * Knows where the queues of the backend {@code platform} are.
	 */
	static final class Platform implements AwsTarget {

		@Override
		public String backend() {
			return "platform";
		}

		@Override
		public @Nullable String arn(String queue) {
			return switch (queue) {
				case "lost" -> null;
				case "fifo" -> QUEUE + ".fifo";
				default -> QUEUE;
			};
		}

	}

	static class Letters {

		@BackgroundJob
		void send(String to) {
		}

	}

	@FunctionalInterface
	private interface Assertions {

		void accept(ApplicationContext context);

	}

}
