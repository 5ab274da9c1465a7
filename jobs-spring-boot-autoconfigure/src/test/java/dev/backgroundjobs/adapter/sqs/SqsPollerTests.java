package dev.backgroundjobs.adapter.sqs;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;
import software.amazon.awssdk.services.sqs.model.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What SQS is told about the settlements of a processor that plays all of them.
 */
@Timeout(60)
class SqsPollerTests {

	private final RecordingSqs sqs = new RecordingSqs();

	private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

	private final DeliveryProcessor processor = Mockito.mock(DeliveryProcessor.class);

	private Duration waitTime = Duration.ZERO;

	private ThreadFactory jobThreads = Executors.defaultThreadFactory();

	private boolean isFifo;

	private boolean hasRedrivePolicy;

	private @Nullable SqsJobWorker worker;

	@AfterEach
	void stop() {
		if (this.worker != null) {
			this.worker.stop(Duration.ofSeconds(10));
		}
	}

	@ParameterizedTest
	@CsvSource({ "UNAVAILABLE, 0", "BUSY, 10", "RELEASED, 10", "UNMATCHED_RELEASED, 10", "DEAD_RELEASED, 10",
			"RELEASED_UNKNOWN, 30", "UNREADABLE, 600", "UNTRUSTED, 600" })
	void makesAReleasedMessageVisibleAfterTheTimeThatItsReasonTakes(Settlement settlement, int seconds) {
		settle((delivery) -> settlement);
		start(RecordingSqs.message("a", null, 1));
		await().until(() -> !this.sqs.changes.isEmpty());
		assertThat(this.sqs.changes).containsExactly("[a] " + seconds);
		assertThat(this.sqs.deletes).isEmpty();
	}

	@Test
	void deletesAnAcknowledgedMessage() {
		settle((delivery) -> Settlement.DEAD_KEPT);
		start(RecordingSqs.message("a", null, 1));
		await().until(() -> !this.sqs.deletes.isEmpty());
		assertThat(this.sqs.changes).isEmpty();
	}

	@Test
	void deletesNothingWhoseLeaseIsLost() {
		settle((delivery) -> {
			if (body(delivery).endsWith("a")) {
				delivery.lease().lose();
			}
			return Settlement.DONE;
		});
		start(RecordingSqs.message("a", null, 1), RecordingSqs.message("b", null, 1));
		await().until(() -> !this.sqs.deletes.isEmpty());
		assertThat(this.sqs.deletes).containsExactly(List.of("b"));
	}

	@Test
	void releasesAMessageWhoseProcessingThrowsAndGoesOn() {
		settle((delivery) -> {
			if (body(delivery).endsWith("a")) {
				throw new StackOverflowError("poison");
			}
			return Settlement.DONE;
		});
		start(RecordingSqs.message("a", null, 1), RecordingSqs.message("b", null, 1));
		await().until(() -> !this.sqs.deletes.isEmpty() && !this.sqs.changes.isEmpty());
		assertThat(this.sqs.changes).containsExactly("[a] 10");
		assertThat(this.sqs.deletes).containsExactly(List.of("b"));
	}

	@Test
	void saysHowOftenAMessageWasReceivedBeforeAndHowLongItIsKept() {
		start(RecordingSqs.message("a", null, 4));
		await().until(() -> !this.deliveries.isEmpty());
		Delivery delivery = this.deliveries.get(0);
		assertThat(delivery.redeliveries()).isEqualTo(3);
		assertThat(delivery.source()).isEqualTo("sqs");
		assertThat(delivery.traits()).containsExactlyInAnyOrder(Trait.TRUSTED, Trait.DURABLE);
		assertThat(delivery.deadline()).isBetween(Instant.now().plusSeconds(3_500), Instant.now().plusSeconds(3_601));
	}

	@Test
	void saysWhatIsTrueOfItsQueue() {
		this.isFifo = true;
		this.hasRedrivePolicy = true;
		start(RecordingSqs.message("a", "g", 1));
		await().until(() -> !this.deliveries.isEmpty());
		assertThat(this.deliveries.get(0).traits()).contains(Trait.ORDERED, Trait.DEAD_LETTERED);
	}

	@Test
	void takesNoGroupOfAStandardQueueForOneThatKeepsOrder() {
		start(RecordingSqs.message("a", "tenant", 1));
		await().until(() -> !this.deliveries.isEmpty());
		assertThat(this.deliveries.get(0).is(Trait.ORDERED)).isFalse();
	}

	@Test
	void processesAnEventOfSomebodyElseAsSuch() {
		String body = """
				{"version":"0","id":"1","detail-type":"order.placed","source":"com.example.shop","account":"1",
				"time":"2026-11-22T10:00:00Z","region":"eu-central-1","resources":[],"detail":{"number":7}}""";
		start(RecordingSqs.message("a", null, 1).toBuilder().body(body).build(), RecordingSqs.message("b", null, 1));
		await().until(() -> this.deliveries.size() == 2);
		assertThat(this.deliveries)
			.extracting((delivery) -> (delivery.event() != null) ? delivery.event().getType() : "")
			.containsExactlyInAnyOrder("order.placed", "");
	}

	@Test
	void countsNoAttemptForWhatWentBackWithoutARun() {
		this.isFifo = true;
		settle((delivery) -> body(delivery).endsWith("a") && delivery.redeliveries() == 0 ? Settlement.RELEASED
				: Settlement.DONE);
		start(RecordingSqs.message("a", "tenant", 1), RecordingSqs.message("b", "tenant", 1));
		await().until(() -> this.sqs.changes.size() == 2);
		this.sqs.batches.add(List.of(RecordingSqs.message("a", "tenant", 2), RecordingSqs.message("b", "tenant", 2)));
		await().until(() -> this.deliveries.size() == 3);
		assertThat(this.deliveries).extracting(SqsPollerTests::body, Delivery::redeliveries)
			.containsExactly(tuple("body of a", 0), tuple("body of a", 1), tuple("body of b", 0));
	}

	@Test
	void deletesAMessageOfSeveralEventsOnceAllAreAcknowledged() {
		String records = """
				{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-11-22T10:00:00Z",
				"awsRegion":"eu-central-1","s3":{"bucket":{"name":"b"},"object":{"key":"1","sequencer":"1"}}},
				{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-11-22T10:00:00Z",
				"awsRegion":"eu-central-1","s3":{"bucket":{"name":"b"},"object":{"key":"2","sequencer":"2"}}}]}""";
		settle((delivery) -> Objects.requireNonNull(delivery.event()).getSubject().endsWith("2") ? Settlement.RELEASED
				: Settlement.DONE);
		start(RecordingSqs.message("a", null, 1).toBuilder().body(records).build());
		await().until(() -> !this.sqs.changes.isEmpty());
		assertThat(this.deliveries).hasSize(2);
		assertThat(this.sqs.deletes).isEmpty();
	}

	@Test
	void asksForAsManyAsItCanRunAndTenAtMost() {
		this.waitTime = Duration.ofSeconds(1);
		start(25);
		await().until(() -> !this.sqs.receives.isEmpty());
		assertThat(this.sqs.receives.get(0).maxNumberOfMessages()).isEqualTo(10);
		assertThat(this.sqs.receives.get(0).visibilityTimeout()).isEqualTo(60);
		assertThat(this.sqs.receives.get(0).waitTimeSeconds()).isEqualTo(1);
	}

	@Test
	void asksForNoMoreThanItsFreeSlots() {
		CountDownLatch release = new CountDownLatch(1);
		settle((delivery) -> {
			awaitQuietly(release);
			return Settlement.DONE;
		});
		this.sqs.batches.add(List.of(RecordingSqs.message("a", null, 1), RecordingSqs.message("b", null, 1)));
		start(3);
		await().until(() -> this.sqs.receives.size() >= 2);
		assertThat(this.sqs.receives.get(1).maxNumberOfMessages()).isEqualTo(1);
		release.countDown();
	}

	@Test
	void givesBackTheRestOfAGroupAfterTheOneThatFailedAndForAsLong() {
		this.isFifo = true;
		settle((delivery) -> {
			if (body(delivery).endsWith("g2")) {
				delivery.lease().releaseAfter(Duration.ofSeconds(7));
				return Settlement.RELEASED;
			}
			return Settlement.DONE;
		});
		start(RecordingSqs.message("g1", "g", 1), RecordingSqs.message("g2", "g", 1),
				RecordingSqs.message("g3", "g", 1), RecordingSqs.message("g4", "g", 1),
				RecordingSqs.message("h1", "h", 1));
		await().until(() -> this.sqs.changes.size() == 2 && !this.sqs.deletes.isEmpty());
		assertThat(this.sqs.changes).containsExactly("[g2] 7", "[g3, g4] 7");
		assertThat(this.deliveries).extracting(SqsPollerTests::body)
			.containsExactlyInAnyOrder("body of g1", "body of g2", "body of h1");
		await().until(() -> this.sqs.deletes.stream().mapToInt(List::size).sum() == 2);
	}

	@Test
	void asksSqsForNoLongerTimeThanThereIs() {
		settle((delivery) -> {
			delivery.lease().releaseAfter(Duration.ofDays(2));
			return Settlement.RELEASED;
		});
		start(RecordingSqs.message("a", null, 1));
		await().until(() -> !this.sqs.changes.isEmpty());
		assertThat(this.sqs.changes).containsExactly("[a] " + (12 * 3_600 - 30));
	}

	@Test
	void waitsForTheRunsAndGivesBackWhatIsNotDoneInTime() {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		settle((delivery) -> {
			started.countDown();
			awaitQuietly(release);
			return Settlement.DONE;
		});
		start(RecordingSqs.message("a", null, 1));
		awaitQuietly(started);
		Objects.requireNonNull(this.worker).stop(Duration.ofMillis(700));
		assertThat(this.sqs.changes).containsExactly("[a] 0");
		assertThat(this.deliveries.get(0).lease().isLost()).isTrue();
		release.countDown();
		assertThat(this.sqs.deletes).isEmpty();
	}

	// What is done and not deleted would run once more, elsewhere.
	@Test
	void deletesBeforeItsEndWhateverIsDoneThen() throws InterruptedException {
		this.isFifo = true;
		CountDownLatch next = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		AtomicInteger threads = new AtomicInteger();
		this.jobThreads = (action) -> {
			if (threads.incrementAndGet() == 2) {
				// The one that has done the first is kept here.
				next.countDown();
				awaitQuietly(go);
			}
			return new Thread(action);
		};
		start(RecordingSqs.message("g1", "g", 1), RecordingSqs.message("g2", "g", 1));
		next.await();
		Objects.requireNonNull(this.worker).stop(Duration.ofMillis(700));
		assertThat(this.sqs.deletes).containsExactly(List.of("g1"));
		go.countDown();
	}

	private void settle(Function<Delivery, Settlement> settlement) {
		BDDMockito.given(this.processor.process(ArgumentMatchers.any())).willAnswer((call) -> {
			Delivery delivery = call.getArgument(0);
			this.deliveries.add(delivery);
			return settlement.apply(delivery);
		});
	}

	private void start(Message... messages) {
		this.sqs.batches.add(List.of(messages));
		start(10);
	}

	private void start(int concurrency) {
		if (Mockito.mockingDetails(this.processor).getStubbings().isEmpty()) {
			settle((delivery) -> Settlement.DONE);
		}
		SqsWorkerQueues queues = new SqsWorkerQueues(() -> List.of("letters"), (queue) -> "url", (queue) -> this.isFifo,
				(queue) -> concurrency, (queue) -> this.hasRedrivePolicy);
		SqsJobProperties.Worker properties = new SqsJobProperties.Worker(true, concurrency, this.waitTime,
				Duration.ofSeconds(60), Duration.ofHours(1), Duration.ofSeconds(10));
		this.worker = new SqsJobWorker(queues, properties, () -> this.sqs, BackendRequests.NONE, this.processor,
				Clock.systemUTC(),
				(prefix) -> prefix.equals("jobs-sqs-letters-") ? this.jobThreads : Executors.defaultThreadFactory());
		this.worker.start();
	}

	private static String body(Delivery delivery) {
		return new String(delivery.body(), StandardCharsets.UTF_8);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

}
