package dev.backgroundjobs.adapter.sqs;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.aws.AwsTarget;
import dev.backgroundjobs.backend.DeadLetterBackend;
import dev.backgroundjobs.message.JobError;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Dead copies, and what a real SQS says of its queues.
 */
class SqsDeadLetterIT extends SqsApplicationFixture {

	@Test
	void putsADeadCopyIntoTheQueueOfTheRedrivePolicy() {
		this.sqs.create("default", "default-dlq", 30);
		this.application.run((context) -> {
			JobMessage copy = message("default", 5).successor()
				.error(new JobError("java.io.IOException", "gone"))
				.build();
			DeadLetterBackend backend = context.getBean(SqsJobBackend.class);
			assertThat(backend.enqueueDead(copy)).isEqualTo("default-dlq");
			Message kept = only(this.sqs.create("default-dlq"));
			JobMessage read = read(context, kept);
			assertThat(read.deliveryKey()).isEqualTo(copy.id() + ":1");
			assertThat(read.error()).isEqualTo(new JobError("java.io.IOException", "gone"));
			assertThat(attribute(kept, "queue")).isEqualTo("default");
		});
	}

	@Test
	void keepsNoDeadCopyWithoutARedrivePolicy() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			assertThat(context.getBean(SqsJobBackend.class).enqueueDead(message("default", 5))).isNull();
			assertThat(count(url)).isEqualTo("0");
		});
	}

	@Test
	void failsADeadCopyWhoseQueueIsNotThere() {
		this.application.run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> context.getBean(SqsJobBackend.class).enqueueDead(message("default", 5)))
			.withMessageContaining("SQS has no queue 'default'"));
	}

	@Test
	void knowsTheArnOfAQueue() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			AwsTarget target = context.getBean(AwsTarget.class);
			assertThat(target.backend()).isEqualTo("sqs");
			assertThat(target.arn("default")).isEqualTo(this.sqs.arn(url)).endsWith(":default");
		});
	}

	@Test
	void warnsOnceOfAPolicyThatGivesUpBeforeWeDo() {
		this.sqs.create("default", "default-dlq", 3);
		try (CapturedLog log = new CapturedLog()) {
			this.application.run((context) -> {
				assertThat(log.lines()).noneMatch((line) -> line.contains("maxReceiveCount"));
				jobs(context).enqueue(Letters::send, "a");
				jobs(context).enqueue(Letters::send, "b");
				assertThat(log.lines()).filteredOn((line) -> line.startsWith("WARN"))
					.anySatisfy((line) -> assertThat(line).contains("queue 'default' has a maxReceiveCount of 3",
							"Set it to 25 or more"))
					.anySatisfy((line) -> assertThat(line).contains("Job 'letters.print' has a timeout of PT1M",
							"received again after PT30S"))
					.hasSize(2);
			});
		}
	}

}
