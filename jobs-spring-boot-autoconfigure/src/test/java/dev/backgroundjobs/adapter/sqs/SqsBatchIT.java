package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Many messages in few requests, to a real SQS.
 */
class SqsBatchIT extends SqsApplicationFixture {

	@Test
	void sendsManyInRequestsOfTen() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			List<EnqueuedJob> enqueued = jobs(context)
				.enqueueAll(IntStream.range(0, 25).mapToObj((i) -> JobCall.of(Letters::send, "n" + i)));
			List<Message> messages = new ArrayList<>();
			while (messages.size() < 25) {
				messages.addAll(this.sqs.take(url));
			}
			assertThat(messages).extracting(Message::messageId)
				.containsExactlyInAnyOrderElementsOf(enqueued.stream().map(EnqueuedJob::backendId).toList());
			assertThat(messages).extracting((message) -> argument(read(context, message)))
				.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 25).mapToObj((i) -> "n" + i).toList());
		});
	}

	@Test
	void sendsOthersOfABatchThanTheOneThatIsTooLarge() {
		this.sqs.create("default");
		this.sqs.create("other");
		this.application.run((context) -> {
			List<JobMessage> messages = List.of(message("default", 10), message("default", 1_100_000),
					message("other", 300_000), message("nowhere", 10), message("default", 20));
			List<SendResult> results = context.getBean(JobBackend.class).enqueueAll(messages);
			assertThat(results).map(SendResult::getClass)
				.map(Class::getSimpleName)
				.containsExactly("Sent", "Failed", "Sent", "Failed", "Sent");
			assertThat(((SendResult.Failed) results.get(1)).cause())
				.hasMessageMatching("A message of job 'letters.send' has 1100\\d+ bytes with its attributes, and queue "
						+ "'default' takes 1048576: store the data and send its id");
			assertThat(((SendResult.Failed) results.get(3)).cause()).hasMessageContaining("SQS has no queue 'nowhere'");
		});
	}

	@Test
	void keepsARequestWithinTheLimitOfAllItsMessages() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			JobBackend backend = context.getBean(JobBackend.class);
			List<JobMessage> messages = IntStream.range(0, 5).mapToObj((i) -> message("default", 400_000)).toList();
			assertThat(backend.enqueueAll(messages)).allMatch((result) -> result instanceof SendResult.Sent);
			assertThat(count(url)).isEqualTo("5");
		});
	}

	@Test
	void gathersSingleSends() {
		String url = this.sqs.create("default");
		this.application.withPropertyValues("jobs.sqs.batch.enabled=true").run((context) -> {
			List<Thread> threads = IntStream.range(0, 20)
				.mapToObj((i) -> new Thread(() -> jobs(context).enqueue(Letters::send, "n" + i)))
				.toList();
			threads.forEach(Thread::start);
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(count(url)).isEqualTo("20");
		});
	}

	@Test
	void gathersDelayedMessages() {
		String url = this.sqs.create("default");
		this.application.withPropertyValues("jobs.sqs.batch.enabled=true").run((context) -> {
			jobs(context).enqueueIn(Duration.ofMinutes(10), Letters::send, "later");
			assertThat(count(url)).isEqualTo("0");
			assertThat(delayed(url)).isEqualTo("1");
		});
	}

	@Test
	void gathersAMessageOfAnySize() {
		String url = this.sqs.create("default");
		this.application.withPropertyValues("jobs.sqs.batch.enabled=true").run((context) -> {
			context.getBean(JobBackend.class).enqueue(message("default", 900_000));
			assertThat(count(url)).isEqualTo("1");
		});
	}

	@Test
	void saysWhyAGatheredSendFailed() {
		this.application
			.withPropertyValues("jobs.sqs.batch.enabled=true",
					"jobs.sqs.queues.default.url=" + this.sqs.endpoint() + "/000000000000/gone")
			.run((context) -> assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> jobs(context).enqueue(Letters::send, "lost"))
				.withMessageContaining("SQS has no queue"));
	}

}
