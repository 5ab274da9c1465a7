package dev.backgroundjobs.adapter.sqs;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is sent, seen from the other side of a real SQS.
 */
class SqsSendIT extends SqsApplicationFixture {

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
			assertThat(delayed(url)).isEqualTo("1");
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

	private static byte[] randomBytes() {
		byte[] bytes = new byte[32];
		new SecureRandom().nextBytes(bytes);
		return bytes;
	}

}
