package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.adapter.sqs.SqsAttributes.Redrive;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class SqsQueueCheckTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private static final Redrive ENOUGH = new Redrive("arn:aws:sqs:eu-west-1:123456789012:dead", 25);

	private static final Redrive FEW = new Redrive("arn:aws:sqs:eu-west-1:123456789012:dead", 4);

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, SqsJobAutoConfiguration.class))
		.withBean("letters", Letters.class)
		.withPropertyValues("jobs.backend=sqs");

	@Test
	void saysNothingWhereAllIsWell() {
		assertThat(warnings("default", false, false, LONG, ENOUGH)).isEmpty();
		assertThat(warnings("default", true, false, LONG, ENOUGH)).isEmpty();
	}

	@Test
	void warnsOfAPolicyThatCountsOutages() {
		assertThat(warnings("default", false, false, LONG, new Redrive(ENOUGH.arn(), 24))).singleElement()
			.asString()
			.contains("queue 'default' has a maxReceiveCount of 24", "25 or more");
	}

	@Test
	void warnsOfAFifoQueueThatGivesUpBeforeItsJobs() {
		assertThat(warnings("default", true, false, LONG, FEW)).hasSize(2)
			.last()
			.asString()
			.contains("Job 'letters.send' has 5 attempts, and SQS gives up after 4 on its FIFO queue 'default'");
	}

	@Test
	void warnsOfAMessageThatComesBackWhileItsJobRuns() {
		assertThat(warnings("default", false, false, Duration.ofSeconds(30), ENOUGH)).singleElement()
			.asString()
			.contains("Job 'letters.send' has a timeout of PT1M", "received again after PT30S", "VisibilityTimeout");
	}

	@Test
	void leavesVisibilityToTheWorker() {
		assertThat(warnings("default", false, true, Duration.ofSeconds(30), ENOUGH)).isEmpty();
	}

	@Test
	void warnsOfDeadJobsThatNobodyKeeps() {
		assertThat(warnings("default", false, false, LONG, null)).singleElement()
			.asString()
			.contains("Queue 'default' has no redrive policy", "'jobs.queues.default.dead-letter'");
	}

	@Test
	void saysNothingOfAQueueWithoutJobsHere() {
		assertThat(warnings("others", false, false, Duration.ofSeconds(30), null)).isEmpty();
	}

	@Test
	void saysNothingOfAQueueWithADeadLetter() {
		assertThat(warnings("default", false, false, LONG, null, "jobs.queues.default.dead-letter=dead")).isEmpty();
	}

	private List<String> warnings(String queue, boolean isFifo, boolean hasWorker, Duration visibility,
			@Nullable Redrive redrive, String... properties) {
		List<String> warnings = new ArrayList<>();
		this.application.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			SqsAttributes attributes = new SqsAttributes(null, SqsAttributes.MAX_BYTES, visibility, redrive);
			try (CapturedLog log = new CapturedLog()) {
				new SqsQueueCheck(context.getBean(BackendJobs.class), hasWorker).check(queue, isFifo, attributes);
				warnings.addAll(log.lines());
			}
		});
		return warnings;
	}

	static class Letters {

		@BackgroundJob(timeout = "60s")
		void send() {
		}

	}

}
