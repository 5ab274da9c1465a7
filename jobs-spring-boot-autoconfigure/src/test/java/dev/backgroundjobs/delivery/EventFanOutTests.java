package dev.backgroundjobs.delivery;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.message.JobMessage;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several jobs that one event starts, and crashes in between.
 */
@Timeout(60)
class EventFanOutTests {

	private final Jobs jobs = new Jobs();

	private final RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE);

	private final Pipe pipe = new Pipe(this.jobs, this.platform);

	private final CloudEvent event = CloudEventBuilder.v1()
		.withId("e-1")
		.withSource(URI.create("/test"))
		.withType("com.example.many")
		.withExtension("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
		.build();

	@Test
	void allAreEnqueuedAndNoneIsRun() {
		assertThat(this.pipe.deliver(this.event)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent).extracting(JobMessage::job)
			.containsExactlyInAnyOrder("jobs.first", "jobs.second", "jobs.third");
		assertThat(this.platform.sent).allSatisfy((message) -> {
			assertThat(message.seq()).isZero();
			assertThat(message.attempt()).isEqualTo(1);
			assertThat(message.id()).matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
			assertThat(message.headers()).containsEntry("ce-id", "e-1").containsKey("traceparent");
		});
		assertThat(this.jobs.runs).isEmpty();
	}

	@Test
	void aRepeatOfTheEventSendsNothingAgainHere() {
		this.pipe.deliver(this.event);
		assertThat(this.pipe.deliver(this.event)).isEqualTo(Settlement.DUPLICATE);
		assertThat(this.platform.sent).hasSize(3);
	}

	@Test
	void aRepeatElsewhereHasTheSameKeys() {
		this.pipe.deliver(this.event);
		Set<String> keys = keys(this.platform);
		RecordingBackend other = new RecordingBackend("platform", Pipe.CAPABLE);
		new Pipe(new Jobs(), other).deliver(this.event);
		assertThat(keys(other)).isEqualTo(keys);
	}

	@Test
	void aCrashInBetweenLosesNoneAndDoublesNone() {
		this.platform.loseAnswer = true;
		try {
			this.pipe.deliver(this.event);
		}
		catch (Error ex) {
			// The process dies after the first was taken.
			assertThat(this.platform.sent).hasSize(1);
		}
		this.platform.loseAnswer = false;
		assertThat(new Pipe(new Jobs(), this.platform).deliver(this.event)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent).hasSize(3);
		assertThat(keys(this.platform)).hasSize(3);
	}

	@Test
	void aPlatformThatIsDownForGoodReleasesTheEvent() {
		this.platform.failuresToCome = Integer.MAX_VALUE;
		assertThat(this.pipe.deliver(this.event)).isEqualTo(Settlement.RELEASED);
		this.platform.failuresToCome = 0;
		assertThat(this.pipe.deliver(this.event)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent).hasSize(3);
	}

	@Test
	void oneJobRunsAtOnceAndItsRetryIsAMessage() {
		CloudEvent single = CloudEventBuilder.from(this.event).withType("com.example.single").build();
		assertThat(this.pipe.deliver(single)).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.runs).containsExactly("single");
		assertThat(this.platform.only().attempt()).isEqualTo(2);
		assertThat(this.platform.only().seq()).isEqualTo(1);
		assertThat(this.platform.only().queue()).isEqualTo("events");
	}

	@Test
	void aJobThatMayNeedLongerThanTheDeliveryIsEnqueued() {
		CloudEvent event = CloudEventBuilder.from(this.event).withType("com.example.long").build();
		Instant ackDeadline = Pipe.NOW.plusSeconds(10);
		Delivery delivery = Delivery.pushed(new byte[0], true, 0, ackDeadline).of(event);
		assertThat(this.pipe.processor.process(delivery)).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.runs).isEmpty();
		assertThat(this.platform.only().seq()).isZero();
		assertThat(this.pipe.deliver(this.platform.only())).isEqualTo(Settlement.DONE);
		assertThat(this.pipe.deliver(event)).isEqualTo(Settlement.DUPLICATE);
		assertThat(this.jobs.runs).containsExactly("long");
	}

	@Test
	void aJobThatMayNeedLongerRunsAtOnceWhereThereIsTime() {
		CloudEvent event = CloudEventBuilder.from(this.event).withType("com.example.long").build();
		Delivery delivery = Delivery.pushed(new byte[0], true, 0, Pipe.NOW.plusSeconds(600)).of(event);
		assertThat(this.pipe.processor.process(delivery)).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.runs).containsExactly("long");
	}

	@Test
	void anEventNobodyVouchesForIsRefused() {
		Delivery untrusted = Delivery.pushed(new byte[0], false, 0, null).of(this.event);
		assertThat(this.pipe.processor.process(untrusted)).isEqualTo(Settlement.UNTRUSTED);
		assertThat(this.platform.sent).isEmpty();
	}

	private static Set<String> keys(RecordingBackend backend) {
		return backend.sent.stream().map(JobMessage::deliveryKey).collect(Collectors.toSet());
	}

	static class Jobs {

		final List<String> runs = new ArrayList<>();

		@BackgroundJob
		@OnEvent(type = "com.example.many")
		void first() {
			this.runs.add("first");
		}

		@BackgroundJob
		@OnEvent(type = "com.example.m*")
		void second() {
			this.runs.add("second");
		}

		@BackgroundJob
		@OnEvent(type = "com.example.many", source = "/test")
		void third() {
			this.runs.add("third");
		}

		@BackgroundJob(queue = "events")
		@OnEvent(type = "com.example.single")
		void single() {
			this.runs.add("single");
			throw new IllegalStateException("on purpose");
		}

		@BackgroundJob(timeout = "10m", maxAttempts = "1")
		@OnEvent(type = "com.example.long")
		void takesLong() {
			this.runs.add("long");
		}

	}

}
