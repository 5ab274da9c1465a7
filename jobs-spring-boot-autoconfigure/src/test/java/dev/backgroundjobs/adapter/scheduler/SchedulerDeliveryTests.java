package dev.backgroundjobs.adapter.scheduler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.adapter.aws.AwsAutoConfiguration;
import dev.backgroundjobs.adapter.aws.LambdaEvents;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.delivery.DeliveryBatch;
import dev.backgroundjobs.delivery.MutableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of messages that EventBridge Scheduler has held, a {@link TestScheduler
 * double}, when it invokes the function of their queue.
 */
class SchedulerDeliveryTests {

	private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

	private final MutableClock clock = new MutableClock(START);

	private final Letters letters = new Letters();

	private TestScheduler scheduler;

	private ApplicationContextRunner runner;

	@BeforeEach
	void startScheduler() throws IOException {
		this.scheduler = new TestScheduler();
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, AwsAutoConfiguration.class,
					SchedulerJobAutoConfiguration.class))
			.withBean("letters", Letters.class, () -> this.letters)
			.withBean(Clock.class, () -> this.clock)
			.withBean(SchedulerJobCustomizer.class, TestScheduler::credentials)
			.withBean(RecordingJobBackend.class,
					() -> new RecordingJobBackend("platform", BackendCapabilities.none().withDurable()))
			.withPropertyValues("jobs.backend=platform", "jobs.queues.default.delay-backend=eventbridge-scheduler",
					"jobs.eventbridge-scheduler.region=eu-central-1",
					"jobs.eventbridge-scheduler.endpoint=" + this.scheduler.uri(),
					"jobs.eventbridge-scheduler.role-arn=arn:aws:iam::123456789012:role/scheduler",
					"jobs.eventbridge-scheduler.queues.default.target-arn="
							+ "arn:aws:lambda:eu-central-1:123456789012:function:jobs");
	}

	@AfterEach
	void stopScheduler() {
		this.scheduler.close();
	}

	@Test
	void runsAJobWhenItsTimeHasCome() {
		this.runner.run((context) -> {
			context.getBean(JobDispatcher.class).enqueueIn(Duration.ofHours(2), Letters::send, "Ada");
			this.clock.advance(Duration.ofHours(2));
			assertThat(deliverOne(context)).isEqualTo(200);
			assertThat(this.letters.sent).containsExactly("Ada, attempt 1");
		});
	}

	@Test
	void holdsAJobAgainThatWaitsLongerThanAYear() {
		this.runner.run((context) -> {
			context.getBean(JobDispatcher.class).enqueueIn(Duration.ofDays(400), Letters::send, "Ada");
			assertThat(times()).containsExactly("at(2027-11-22T10:00:00)");
			this.clock.advance(Duration.ofDays(365));
			assertThat(deliverOne(context)).isEqualTo(200);
			assertThat(this.letters.sent).isEmpty();
			assertThat(times()).containsExactly("at(2027-12-27T10:00:00)");
			this.clock.advance(Duration.ofDays(35));
			assertThat(deliverOne(context)).isEqualTo(200);
			assertThat(this.letters.sent).containsExactly("Ada, attempt 1");
		});
	}

	@Test
	void holdsAFailedJobUntilItsNextAttempt() {
		this.runner.run((context) -> {
			context.getBean(JobDispatcher.class).enqueueIn(Duration.ofHours(1), Letters::fail, "Bob");
			this.clock.advance(Duration.ofHours(1));
			assertThat(deliverOne(context)).isEqualTo(200);
			assertThat(times()).containsExactly("at(2026-11-22T11:10:00)");
			this.clock.advance(Duration.ofMinutes(10));
			assertThat(deliverOne(context)).isEqualTo(200);
			assertThat(this.letters.sent).containsExactly("Bob, attempt 1", "Bob, attempt 2");
		});
	}

	// As the schedule does, whose name is free again then.
	private int deliverOne(ApplicationContext context) {
		Iterator<String> names = this.scheduler.schedules.keySet().iterator();
		String name = names.next();
		assertThat(names).isExhausted();
		String input = this.scheduler.schedules.remove(name).get("Target").get("Input").asString();
		byte[] event = input.getBytes(StandardCharsets.UTF_8);
		return context.getBean(DeliveryBatch.class)
			.process(context.getBean(LambdaEvents.class).decode(event, this.clock.instant().plusSeconds(60)))
			.status();
	}

	private List<String> times() {
		return this.scheduler.schedules.values()
			.stream()
			.map((schedule) -> schedule.get("ScheduleExpression").asString())
			.toList();
	}

	static class Letters {

		final List<String> sent = new ArrayList<>();

		@BackgroundJob
		void send(String to) {
			this.sent.add(to + ", attempt " + JobContext.current().attempt());
		}

		@BackgroundJob(backoff = @Backoff(delay = "10m", jitterFactor = "0"))
		void fail(String to) {
			send(to);
			if (JobContext.current().attempt() == 1) {
				throw new IllegalStateException("not yet");
			}
		}

	}

}
