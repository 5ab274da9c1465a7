package dev.backgroundjobs.adapter.sqs;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * FIFO queues, and groups elsewhere, seen from the other side of a real SQS.
 */
class SqsFifoIT extends SqsApplicationFixture {

	private static final EncodedMessage NOTHING = new EncodedMessage(new byte[] { '{', '}' }, "application/json");

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
		assertThat(SqsEntry.of(message, NOTHING, true).deduplicationId()).isEqualTo(HexFormat.of().formatHex(hash));
		assertThat(SqsEntry.of(message, NOTHING, false).deduplicationId()).isNull();
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
		assertThat(SqsEntry.of(grouped, NOTHING, false).request("http://q", null).build().messageGroupId())
			.isEqualTo("tenant-1");
		assertThat(SqsEntry.of(grouped, NOTHING, false).batchEntry("0").messageGroupId()).isEqualTo("tenant-1");
		assertThat(
				SqsEntry.of(message("default", 0), NOTHING, false).request("http://q", null).build().messageGroupId())
			.isNull();
	}

	@Test
	void sendsTheGroupToAStandardQueue() {
		String url = this.sqs.create("default");
		this.application.run((context) -> {
			jobs(context).with(JobOptions.none().group("tenant-1")).enqueue(Letters::send, "fair");
			assertThat(group(only(url))).isEqualTo("tenant-1");
		});
	}

}
