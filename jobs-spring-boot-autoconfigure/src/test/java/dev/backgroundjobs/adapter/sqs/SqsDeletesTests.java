package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.backend.BackendRequests;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SqsDeletesTests {

	private static final SqsPollSettings SETTINGS = new SqsPollSettings("letters", false, 10, Duration.ofSeconds(20),
			Duration.ofSeconds(60), Duration.ofHours(1), Duration.ofSeconds(10));

	private final RecordingSqs sqs = new RecordingSqs();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final SqsDeletes deletes = new SqsDeletes("letters",
			new SqsInbox(() -> this.sqs, () -> "url", SETTINGS, BackendRequests.NONE), this.timer, Runnable::run);

	@AfterEach
	void stop() {
		this.timer.shutdownNow();
	}

	@Test
	void deletesTenAtOnce() {
		List<String> handles = IntStream.range(0, 10).mapToObj((i) -> "m" + i).toList();
		handles.forEach(this::add);
		assertThat(this.sqs.deletes).containsExactly(handles);
	}

	@Test
	void deletesThoseOfAMomentTogether() {
		add("a");
		add("b");
		await().until(() -> !this.sqs.deletes.isEmpty());
		assertThat(this.sqs.deletes).containsExactly(List.of("a", "b"));
	}

	@Test
	void deletesOnceMoreWhatCouldNotBeDeleted() {
		this.sqs.refuses = (handle) -> (handle.equals("a") && this.sqs.deletes.size() == 1) ? "!InternalError" : null;
		add("a");
		add("b");
		await().until(() -> this.sqs.deletes.size() == 2);
		assertThat(this.sqs.deletes).containsExactly(List.of("a", "b"), List.of("a"));
	}

	@Test
	void saysWhatItGivesUp() throws InterruptedException {
		this.sqs.isDown = true;
		try (CapturedLog log = new CapturedLog()) {
			add("a");
			this.deletes.flush(System.nanoTime() + Duration.ofSeconds(20).toNanos());
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN 1 messages of queue 'letters' are done and could not be deleted");
			assertThat(log.failures()).contains("The network is down");
		}
		assertThat(this.sqs.deletes).hasSize(2);
	}

	@Test
	void doesNotAskAgainForWhatIsSomebodyElses() throws InterruptedException {
		this.sqs.refuses = (handle) -> "ReceiptHandleIsInvalid";
		add("a");
		this.deletes.flush(System.nanoTime() + Duration.ofSeconds(20).toNanos());
		assertThat(this.sqs.deletes).hasSize(1);
	}

	@Test
	void deletesAtOnceOnceItIsFlushed() throws InterruptedException {
		add("a");
		this.deletes.flush(System.nanoTime());
		assertThat(this.sqs.deletes).containsExactly(List.of("a"));
		add("b");
		assertThat(this.sqs.deletes).containsExactly(List.of("a"), List.of("b"));
	}

	private void add(String handle) {
		this.deletes.add(handle, () -> {
		});
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

}
