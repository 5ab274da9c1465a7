package dev.backgroundjobs.adapter.sqs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.adapter.aws.AwsTarget;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.DeadLetterBackend;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobError;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is sent, seen from the other side of a real SQS.
 */
class SqsJobBackendIT {

	private final TestSqs sqs = new TestSqs();

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, SqsJobAutoConfiguration.class))
		.withBean(TestSqs.Credentials.class)
		.withBean("letters", Letters.class)
		.withPropertyValues(this.sqs.properties());

	@AfterEach
	void stop() {
		this.sqs.close();
	}

	@Test
	void sendsTheMessageWithWhatCanBeSeenOfIt() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			EnqueuedJob enqueued = jobs(context)
				.with(JobOptions.none()
					.header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
				.enqueue(Letters::send, "hello");
			Message message = only(url);
			assertThat(message.messageId()).isEqualTo(enqueued.backendId());
			assertThat(attribute(message, "job")).isEqualTo("letters.send");
			assertThat(attribute(message, "id")).isEqualTo(enqueued.id());
			assertThat(attribute(message, "queue")).isEqualTo("default");
			assertThat(attribute(message, "traceparent")).startsWith("00-4bf92f");
			JobMessage read = read(context, message);
			assertThat(read.args()).isEqualTo("[\"hello\"]");
			assertThat(read.attempt()).isEqualTo(1);
		});
	}

	@Test
	void leavesOutATraceContextThatIsNone() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			jobs(context).with(JobOptions.none().header("traceparent", "x".repeat(300))).enqueue(Letters::send, "long");
			assertThat(only(url).messageAttributes()).containsOnlyKeys("job", "id", "queue");
		});
	}

	@Test
	void carriesCharactersThatSqsDoesNotTake() {
		String url = this.sqs.create("default");
		String text = "\uFFFE \uFFFF \u0000 \u0001 \u001F \u007F \uD83D. \uDE00. Grüße 你好 😀 \u2028 \" \\";
		this.application.run((context) -> {
			jobs(context).with(JobOptions.none().header("tenant", "t\uFFFE")).enqueue(Letters::send, text);
			Message message = only(url);
			assertThat(message.body().chars()).noneMatch((c) -> c < ' ' || c > 0xFFFD);
			JobMessage read = read(context, message);
			assertThat(argument(read)).isEqualTo(text);
			assertThat(read.headers()).containsEntry("tenant", "t\uFFFE");
		});
	}

	@Test
	void carriesASignedMessageAsItIs() {
		String url = this.sqs.create("default");
		this.application
			.withPropertyValues("jobs.signing.key-id=k1",
					"jobs.signing.keys.k1=" + Base64.getEncoder().encodeToString(randomBytes()))
			.run((context) -> {
				jobs(context).enqueue(Letters::send, "\uFFFE");
				Message message = only(url);
				assertThat(message.body()).startsWith("ey");
				assertThat(argument(read(context, message))).isEqualTo("\uFFFE");
			});
	}

	@Test
	void usesTheAddressOrTheNameOfTheProperties() {
		String byUrl = this.sqs.create("letters-v2");
		String byName = this.sqs.create("letters-v3");
		this.application
			.withPropertyValues("jobs.sqs.queues.default.url=" + byUrl, "jobs.sqs.queues.bulkmail.name=letters-v3")
			.run((context) -> {
				jobs(context).enqueue(Letters::send, "by address");
				jobs(context).with(JobOptions.queue("bulk-mail")).enqueue(Letters::send, "by name");
				assertThat(only(byUrl).body()).contains("by address");
				assertThat(only(byName).body()).contains("by name");
				assertThat(context.getBean(SqsQueues.class).url("bulk-mail")).isEqualTo(byName);
			});
	}

	@Test
	void looksAQueueUpAgainThatWasNotThere() {
		this.application.run((context) -> {
			assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> jobs(context).enqueue(Letters::send, "too early"))
				.withMessageContainingAll("SQS has no queue 'default' for queue 'default'",
						"jobs.sqs.queues.default.url", "jobs.sqs.region");
			String url = this.sqs.create("default");
			jobs(context).enqueue(Letters::send, "in time");
			assertThat(only(url).body()).contains("in time");
		});
	}

	@Test
	void saysThatAnAddressLeadsToNoQueue() {
		this.application.withPropertyValues("jobs.sqs.queues.default.url=" + this.sqs.endpoint() + "/000000000000/gone")
			.run((context) -> assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> jobs(context).enqueue(Letters::send, "lost"))
				.withMessageContainingAll("SQS has no queue '" + this.sqs.endpoint() + "/000000000000/gone'",
						"jobs.sqs.queues.default.url"));
	}

	@Test
	void holdsADelayedMessageUntilItsTimeRoundedUp() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			Instant before = Instant.now();
			jobs(context).enqueueIn(Duration.ofMillis(1), Letters::send, "later");
			List<Message> messages = new ArrayList<>(this.sqs.take(url));
			while (messages.isEmpty()) {
				messages.addAll(this.sqs.take(url));
			}
			assertThat(Instant.now()).isAfterOrEqualTo(before.plusSeconds(1));
			assertThat(read(context, messages.get(0)).runAt()).isBefore(before.plusSeconds(1));
		});
	}

	@Test
	void delaysUpToFifteenMinutes() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			JobBackend backend = context.getBean(JobBackend.class);
			assertThat(backend.capabilities("default").maxDelay()).isEqualTo(Duration.ofMinutes(15));
			backend.enqueueAt(message("default", 0), Instant.now().plus(Duration.ofMinutes(15)));
			Map<QueueAttributeName, String> counts = this.sqs.client()
				.getQueueAttributes((request) -> request.queueUrl(url)
					.attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
				.attributes();
			assertThat(counts).containsValue("1");
		});
	}

	@Test
	void keepsTheOrderOfAGroupOnAFifoQueue() {
		String url = this.sqs.createFifo("ledger.fifo");
		this.application.withPropertyValues("jobs.sqs.queues.ledger.name=ledger.fifo").run((context) -> {
			JobDispatcher ledger = jobs(context).with(JobOptions.queue("ledger").group("account-1"));
			ledger.enqueue(Letters::send, "0");
			ledger.enqueueAll(IntStream.range(1, 4).mapToObj((i) -> JobCall.of(Letters::send, "" + i)));
			jobs(context).with(JobOptions.queue("ledger")).enqueue(Letters::send, "without");
			List<Message> messages = this.sqs.take(url);
			assertThat(messages).filteredOn((message) -> "account-1".equals(group(message)))
				.extracting((message) -> argument(read(context, message)))
				.containsExactly("0", "1", "2", "3");
			assertThat(messages).filteredOn((message) -> "ledger".equals(group(message)))
				.extracting((message) -> argument(read(context, message)))
				.containsExactly("without");
		});
	}

	@Test
	void takesAMessageOnceForItsKeyOnAFifoQueue() {
		String url = this.sqs.createFifo("ledger.fifo");
		this.application.withPropertyValues("jobs.sqs.queues.ledger.url=" + url).run((context) -> {
			JobBackend backend = context.getBean(JobBackend.class);
			assertThat(backend.capabilities("ledger").deduplicates()).isTrue();
			JobMessage message = message("ledger", 0);
			backend.enqueue(message);
			backend.enqueue(message);
			backend.enqueueAll(List.of(message, message.successor().build()));
			JobDispatcher keyed = jobs(context).with(JobOptions.queue("ledger").deduplicationKey("once"));
			keyed.enqueue(Letters::send, "key");
			keyed.enqueue(Letters::send, "key");
			assertThat(this.sqs.take(url)).extracting((taken) -> read(context, taken).deliveryKey())
				.hasSize(3)
				.startsWith(message.id() + ":0", message.id() + ":1");
		});
	}

	@Test
	void namesAMessageOfAFifoQueueByTheHashOfItsKey() throws Exception {
		JobMessage message = message("ledger", 0);
		byte[] hash = MessageDigest.getInstance("SHA-256").digest((message.id() + ":0").getBytes());
		assertThat(SqsEntry.of(message, "{}", true).deduplicationId()).isEqualTo(HexFormat.of().formatHex(hash));
		assertThat(SqsEntry.of(message, "{}", false).deduplicationId()).isNull();
	}

	@Test
	void refusesADelayOnAFifoQueue() {
		String url = this.sqs.createFifo("ledger.fifo");
		this.application.withPropertyValues("jobs.sqs.queues.ledger.url=" + url).run((context) -> {
			JobBackend backend = context.getBean(JobBackend.class);
			assertThatExceptionOfType(SchedulingNotSupportedException.class)
				.isThrownBy(() -> backend.enqueueAt(message("ledger", 0), Instant.now().plusSeconds(5)))
				.withMessageContaining("Queue 'ledger' is a FIFO queue, which cannot delay single messages")
				.withMessageContaining("job 'letters.send'");
			assertThatExceptionOfType(SchedulingNotSupportedException.class)
				.isThrownBy(() -> jobs(context).with(JobOptions.queue("ledger"))
					.enqueueIn(Duration.ofSeconds(5), Letters::send, "later"));
			assertThat(this.sqs.take(url)).isEmpty();
		});
	}

	@Test
	void sharesAStandardQueueFairlyByGroup() {
		JobMessage grouped = JobMessage
			.builder(UUID.randomUUID().toString(), "letters.send", "default", "[]", Instant.now())
			.group("tenant-1")
			.build();
		assertThat(SqsEntry.of(grouped, "{}", false).request("http://q", null).build().messageGroupId())
			.isEqualTo("tenant-1");
		assertThat(SqsEntry.of(grouped, "{}", false).batchEntry("0").messageGroupId()).isEqualTo("tenant-1");
		assertThat(SqsEntry.of(message("default", 0), "{}", false).request("http://q", null).build().messageGroupId())
			.isNull();
	}

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
	void takesTheLargestMessageOfItsCapabilities() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			JobBackend backend = context.getBean(JobBackend.class);
			int max = backend.capabilities().maxMessageBytes();
			assertThat(max).isEqualTo(1_048_576 - 512);
			JobMessageCodec codec = context.getBean(JobMessageCodec.class);
			int envelope = codec.encode(message("default", 0)).bytes().length;
			JobMessage largest = message("default", max - envelope);
			assertThat(codec.encode(largest).bytes()).hasSize(max);
			backend.enqueue(largest);
			assertThat(count(url)).isEqualTo("1");
		});
	}

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

	private static JobDispatcher jobs(ApplicationContext context) {
		return context.getBean(JobDispatcher.class);
	}

	private static byte[] randomBytes() {
		byte[] bytes = new byte[32];
		new SecureRandom().nextBytes(bytes);
		return bytes;
	}

	private static JobMessage message(String queue, int size) {
		return JobMessage
			.builder(UUID.randomUUID().toString(), "letters.send", queue, "[\"" + "x".repeat(size) + "\"]",
					Instant.parse("2026-06-01T12:00:00.123Z"))
			.build();
	}

	private Message only(String url) {
		List<Message> messages = this.sqs.take(url);
		assertThat(messages).hasSize(1);
		return messages.get(0);
	}

	private String count(String url) {
		return this.sqs.client()
			.getQueueAttributes((request) -> request.queueUrl(url)
				.attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
			.attributes()
			.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
	}

	private static String attribute(Message message, String name) {
		return message.messageAttributes().get(name).stringValue();
	}

	private static String group(Message message) {
		return message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID);
	}

	private static JobMessage read(ApplicationContext context, Message message) {
		return context.getBean(JobMessageCodec.class)
			.decode(message.body().getBytes(StandardCharsets.UTF_8), true)
			.message();
	}

	private static String argument(JobMessage message) {
		return JsonMapper.builder().build().readValue(message.args(), String[].class)[0];
	}

	static class Letters {

		@BackgroundJob
		void send(String text) {
		}

		@BackgroundJob(timeout = "60s")
		void print(String text) {
		}

	}

}
