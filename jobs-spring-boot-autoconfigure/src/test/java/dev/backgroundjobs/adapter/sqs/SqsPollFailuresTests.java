package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

import static org.assertj.core.api.Assertions.assertThat;

class SqsPollFailuresTests {

	@Test
	void saysHowToNameAQueueThatIsNotThere() {
		assertThat(log(QueueDoesNotExistException.builder().message("no such queue").build()))
			.startsWith("ERROR SQS has no queue for queue 'letters'")
			.contains("'jobs.sqs.queues.letters.url'", "no such queue", "in 4 s");
	}

	@Test
	void saysWhichPermissionsThereMustBe() {
		assertThat(log(SqsException.builder().statusCode(403).message("not allowed").build())).startsWith("ERROR")
			.contains("sqs:ReceiveMessage", "not allowed", "in 4 s");
	}

	@Test
	void saysWhatToLookAtWhenSqsCannotBeAsked() {
		assertThat(log(SdkClientException.create("no route"))).startsWith("WARN")
			.contains("'jobs.sqs.endpoint'", "no route", "in 4 s");
	}

	@Test
	void looksForTheCauseOfWhatTheLookUpSays() {
		assertThat(log(new JobException("Queue 'letters' is not known",
				QueueDoesNotExistException.builder().message("no such queue").build())))
			.startsWith("ERROR SQS has no queue");
	}

	@Test
	void logsWhatItDoesNotKnow() {
		assertThat(log(new IllegalStateException("odd"))).startsWith("WARN Nothing could be received")
			.contains("in 4 s");
	}

	private static String log(RuntimeException failure) {
		try (CapturedLog log = new CapturedLog()) {
			SqsPollFailures.log("letters", failure, Duration.ofSeconds(4));
			return log.lines().get(0);
		}
	}

}
