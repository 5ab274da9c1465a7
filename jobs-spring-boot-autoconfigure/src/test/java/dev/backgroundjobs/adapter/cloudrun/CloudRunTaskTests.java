package dev.backgroundjobs.adapter.cloudrun;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import com.google.api.gax.rpc.UnavailableException;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a task makes of its variables, and what it tells Cloud Run.
 */
class CloudRunTaskTests {

	private static final Instant STARTED = Instant.parse("2026-07-01T12:00:00Z");

	private final TestCloudRun cloud = new TestCloudRun();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, CloudRunJobAutoConfiguration.class))
		.withPropertyValues(this.cloud.properties("default"));

	@AfterEach
	void stopCloud() {
		this.cloud.close();
	}

	@Test
	void isHereWhereThereIsAnExecution() {
		assertThat(task(Map.of()).isHere()).isFalse();
		assertThat(task(variables(0, 1, 1)).isHere()).isTrue();
	}

	@Test
	void aTaskThatIsAloneHasTheWholeMessage() {
		assertThat(task(variables(0, 1, 1)).part()).isNull();
	}

	@Test
	void aMessageThatSaysNothingIsForOneTask() {
		Map<String, String> variables = variables(0, 1, 1);
		variables.remove("JOBS_TASKS");
		assertThat(task(variables).part()).isNull();
	}

	@Test
	void oneOfSeveralTasksHasItsPart() {
		assertThat(task(variables(2, 3, 3)).part()).isEqualTo(new Delivery.Part(2, 3));
	}

	@ParameterizedTest
	@CsvSource({ "3, 5", "3, 1", "1, 3" })
	void refusesAnExecutionWithAnotherNumberOfTasks(int asked, int count) {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> task(variables(0, count, asked)).part())
			.withMessageStartingWith("is for " + asked + " task")
			.withMessageContaining(
					"its execution has " + count + " (CLOUD_RUN_TASK_COUNT): run it with --tasks=" + asked);
	}

	@Test
	void attemptsOfATaskAreRedeliveries() {
		Map<String, String> variables = variables(0, 1, 1);
		variables.put("CLOUD_RUN_TASK_ATTEMPT", "2");
		assertThat(task(variables).redeliveries()).isEqualTo(2);
		assertThat(task(Map.of()).redeliveries()).isZero();
	}

	@ParameterizedTest
	@EnumSource(value = Settlement.class,
			names = { "DONE", "REPLACED", "DUPLICATE", "EXPIRED", "DEAD_KEPT", "DEAD", "UNMATCHED" })
	void endsWellWhereNothingIsToRunAgain(Settlement settlement) {
		assertThat(task(Map.of()).exitCode(settlement)).isZero();
	}

	@ParameterizedTest
	@EnumSource(value = Settlement.class,
			names = { "DONE", "REPLACED", "DUPLICATE", "EXPIRED", "DEAD_KEPT", "DEAD", "UNMATCHED" },
			mode = EnumSource.Mode.EXCLUDE)
	void endsBadlyWhereSomethingIsLeft(Settlement settlement) {
		assertThat(task(Map.of()).exitCode(settlement)).isIn(65, 75);
	}

	@Test
	void ownsItsMessageUntilTheExecutionIsCancelled() {
		withExecution((task) -> {
			assertThat(task.isOwned()).isTrue();
			this.cloud.last().cancel();
			assertThat(task.isOwned()).isFalse();
		});
	}

	@Test
	void isTakenForOwnerWhereItMayNotAsk() {
		try (CapturedLog log = new CapturedLog()) {
			withExecution((task) -> {
				this.cloud.refuse(Status.PERMISSION_DENIED);
				assertThat(task.isOwned()).isTrue();
			});
			assertThat(log.lines()).anyMatch((line) -> line.contains("it needs run.executions.get"));
		}
	}

	@Test
	void knowsWhenCloudRunStopsIt() {
		Map<String, String> variables = variables(0, 1, 1);
		assertThat(task(variables).deadline()).isNull();
		variables.put("JOBS_TASK_TIMEOUT", "600");
		assertThat(task(variables).deadline()).isEqualTo(STARTED.plusSeconds(585));
	}

	@Test
	void countsTheTimeThatTheApplicationTookToStart() {
		new ApplicationContextRunner(() -> new AnnotationConfigApplicationContext() {

			@Override
			public long getStartupDate() {
				return super.getStartupDate() - 100_000;
			}

		}).withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, CloudRunJobAutoConfiguration.class))
			.withPropertyValues(this.cloud.properties("default"))
			.withPropertyValues("JOBS_TASK_TIMEOUT=600")
			.run((context) -> assertThat(context.getBean(CloudRunTask.class).deadline())
				.isBeforeOrEqualTo(Instant.now().plusSeconds(600 - 15 - 100)));
	}

	@Test
	void doesNotKnowWhileCloudRunIsAway() {
		withExecution((task) -> {
			this.cloud.refuse(Status.UNAVAILABLE);
			assertThatExceptionOfType(UnavailableException.class).isThrownBy(task::isOwned);
		});
	}

	private void withExecution(Consumer<CloudRunTask> test) {
		this.runner.run((context) -> {
			context.getBean(CloudRunJobBackend.class).enqueue(message());
			test.accept(new CloudRunTask(environment(this.cloud.last().variables(0)),
					context.getBean(CloudRunJobProperties.class), context.getBean(CloudRunExecutions.class), STARTED));
		});
	}

	private static JobMessage message() {
		return JobMessage
			.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", "[]", Instant.EPOCH)
			.build();
	}

	private static CloudRunTask task(Map<String, String> variables) {
		CloudRunJobProperties properties = new CloudRunJobProperties(null, null, null, 1, Map.of());
		return new CloudRunTask(environment(variables), properties, new CloudRunExecutions(() -> {
			throw new AssertionError("Nobody is to be asked");
		}, (backend, request, bytes) -> {
		}), STARTED);
	}

	private static Map<String, String> variables(int index, int count, int asked) {
		return new TreeMap<>(Map.of("CLOUD_RUN_JOB", "paperwork-default", "CLOUD_RUN_EXECUTION", "paperwork-default-0",
				"CLOUD_RUN_TASK_INDEX", Integer.toString(index), "CLOUD_RUN_TASK_COUNT", Integer.toString(count),
				"CLOUD_RUN_TASK_ATTEMPT", "0", "JOBS_TASKS", Integer.toString(asked)));
	}

	private static MockEnvironment environment(Map<String, String> variables) {
		MockEnvironment environment = new MockEnvironment();
		variables.forEach(environment::setProperty);
		return environment;
	}

}
