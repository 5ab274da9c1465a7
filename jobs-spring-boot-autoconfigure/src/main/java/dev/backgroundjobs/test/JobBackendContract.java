package dev.backgroundjobs.test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.PartialEnqueueException;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.test.ContractApplication.ContractJobs;
import dev.backgroundjobs.test.ContractApplication.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every backend does, over whatever stands behind it: extend it once for a backend,
 * and JUnit runs the same sentences against that. A backend that cannot do a thing says
 * so in its capabilities, and refuses it with a sentence; no test is skipped.
 * <p>
 * Each test starts an application with the backend and what {@link #configurations()} and
 * {@link #properties()} add. Needs {@code spring-boot-starter-test}.
 */
@Timeout(180)
public abstract class JobBackendContract extends DeliveryContract {

	@Test
	void runsAJobWithItsArgument() {
		Order order = new Order("o-1", new BigDecimal("12.50"), Instant.parse("2026-06-01T12:00:00.123Z"),
				List.of("a", "b"));
		EnqueuedJob enqueued = jobs().enqueue(ContractJobs::take, order);
		awaitRuns("take " + order + " attempt 1");
		assertThat(enqueued.job()).isEqualTo("contractJobs.take");
		assertThat(enqueued.queue()).isEqualTo("default");
		assertThat(enqueued.backendId()).isNotNull();
		assertThat(enqueued.runAt()).isNull();
	}

	@Test
	void carriesTextOfEveryScript() {
		String text = "Grüße, Καλημέρα, привет, 你好, שלום, 😀 \u0000 \u2028 \" \\ </script>";
		jobs().enqueue(ContractJobs::say, text);
		awaitRuns("say " + text);
	}

	@Test
	void carriesALargeArgument() {
		// Of a backend for small messages, what is large for it.
		String text = "é".repeat(Math.min(50_000, (firstMessageBytes() - 1024) / 2));
		jobs().enqueue(ContractJobs::say, text);
		awaitRuns("say " + text);
	}

	@Test
	void refusesAMessageThatIsTooLarge() {
		String text = "x".repeat(capabilities().maxMessageBytes());
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> jobs().enqueue(ContractJobs::say, text))
			.withMessageMatching("(?s).*(bytes|beyond a limit).*");
		jobs().enqueue(ContractJobs::say, "next");
		awaitRuns("say next");
	}

	@Test
	void runsAJobByItsName() {
		jobs().enqueue("contractJobs.say", "by name");
		awaitRuns("say by name");
	}

	@Test
	void carriesHeadersWithTheMessage() {
		jobs().with(JobOptions.none().header("tenant", "t-1")).enqueue(ContractJobs::readHeader);
		awaitRuns("header t-1");
	}

	@Test
	void runsWhatAJobEnqueues() {
		jobs().enqueue(ContractJobs::chain, 3);
		awaitRuns("chain 3", "chain 2", "chain 1", "chain 0");
	}

	@Test
	void runsEachJobOnceThatSeveralThreadsEnqueue() {
		List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
			.mapToObj((thread) -> CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 25; i++) {
					jobs().enqueue(ContractJobs::say, thread + "-" + i);
				}
			}, (task) -> new Thread(task).start()))
			.toList();
		threads.forEach(CompletableFuture::join);
		await("100 runs", () -> recorder().runs().size() >= 100);
		assertThat(recorder().runs()).hasSize(100).doesNotHaveDuplicates();
	}

	@Test
	void runsEveryJobOfABulk() {
		List<EnqueuedJob> enqueued = jobs()
			.enqueueAll(IntStream.range(0, 25).mapToObj((i) -> JobCall.of(ContractJobs::say, "n" + i)));
		assertThat(enqueued).hasSize(25).extracting(EnqueuedJob::id).doesNotHaveDuplicates();
		awaitRuns(IntStream.range(0, 25).mapToObj((i) -> "say n" + i).toArray(String[]::new));
	}

	@Test
	void saysWhichJobsOfABulkFailedAndRunsTheOthers() {
		List<JobCall> calls = List.of(JobCall.of(ContractJobs::say, "first"), JobCall.of("no.such.job"),
				JobCall.of(ContractJobs::say, "x".repeat(capabilities().maxMessageBytes())),
				JobCall.of(ContractJobs::say, "last"));
		assertThatExceptionOfType(PartialEnqueueException.class).isThrownBy(() -> jobs().enqueueAll(calls))
			.satisfies((ex) -> {
				assertThat(ex.enqueued()).hasSize(2);
				assertThat(ex.failed()).extracting((failure) -> failure.call())
					.containsExactly(calls.get(1), calls.get(2));
			});
		awaitRuns("say first", "say last");
	}

	@Test
	void answersForEachMessageOfABatchInItsOrder() {
		List<JobMessage> messages = new ArrayList<>();
		IntStream.range(0, 12).forEach((i) -> messages.add(message("contractJobs.say", "[\"b" + i + "\"]")));
		List<SendResult> results = jobBackend().enqueueAll(messages);
		assertThat(results).hasSize(12).allMatch((result) -> result instanceof SendResult.Sent);
		awaitRuns(IntStream.range(0, 12).mapToObj((i) -> "say b" + i).toArray(String[]::new));
	}

	@Test
	void waitsForTheTimeOfADelayedJobOrRefusesIt() {
		Duration delay = Duration.ofMillis(700);
		if (capabilities().maxDelay().isZero()) {
			assertThatExceptionOfType(SchedulingNotSupportedException.class)
				.isThrownBy(() -> jobs().enqueueIn(delay, ContractJobs::say, "later"))
				.withMessageContaining("jobs.queues.default.delay-backend");
			return;
		}
		Instant before = now();
		EnqueuedJob enqueued = jobs().enqueueIn(delay, ContractJobs::say, "later");
		jobs().enqueue(ContractJobs::say, "now");
		awaitRuns("say now", "say later");
		assertThat(recorder().time("say later")).isAfterOrEqualTo(before.plus(delay));
		assertThat(enqueued.runAt()).isAfterOrEqualTo(before.plus(delay));
	}

	@Test
	void roundsATimeUpAndNeverDeliversEarly() {
		JobMessage message = message("contractJobs.say", "[\"on time\"]");
		Instant time = now().plusMillis(700).plusNanos(999_999);
		if (capabilities().maxDelay().isZero()) {
			assertThatExceptionOfType(SchedulingNotSupportedException.class)
				.isThrownBy(() -> jobBackend().enqueueAt(message, time));
			return;
		}
		jobBackend().enqueueAt(message, time);
		awaitRuns("say on time");
		assertThat(recorder().time("say on time")).isAfterOrEqualTo(time);
	}

	@Test
	void runsAJobAtOnceWhoseTimeHasPassed() {
		jobs().enqueueAt(now().minusSeconds(60), ContractJobs::say, "overdue");
		awaitRuns("say overdue");
	}

	@Test
	void takesAJobOnceForEachKeyWhereItCan() {
		JobDispatcher keyed = jobs().with(JobOptions.none().deduplicationKey("once"));
		EnqueuedJob first = keyed.enqueue(ContractJobs::say, "k");
		EnqueuedJob second = keyed.enqueue(ContractJobs::say, "k");
		assertThat(first.duplicate()).isFalse();
		assertThat(second.duplicate()).isEqualTo(capabilities().deduplicates());
		jobs().enqueue(ContractJobs::say, "last");
		awaitRuns(capabilities().deduplicates() ? new String[] { "say k", "say last" }
				: new String[] { "say k", "say k", "say last" });
	}

	@Test
	void runsAJobOnceThatIsEnqueuedTwiceWithItsId() {
		JobDispatcher same = jobs().with(JobOptions.none().id(UUID.randomUUID().toString()));
		same.enqueue(ContractJobs::say, "i");
		same.enqueue(ContractJobs::say, "i");
		jobs().enqueue(ContractJobs::say, "last");
		awaitRuns("say i", "say last");
	}

	@Test
	void runsAMessageOnceThatIsSentTwice() {
		JobMessage message = message("contractJobs.say", "[\"m\"]");
		jobBackend().enqueue(message);
		try {
			jobBackend().enqueue(message);
		}
		catch (DuplicateMessageException ex) {
			// Refused, as it may be.
		}
		jobs().enqueue(ContractJobs::say, "last");
		awaitRuns("say m", "say last");
	}

	@Test
	void runsHigherPrioritiesFirstWhereItCan() {
		jobs().enqueue(ContractJobs::enqueueByPriority);
		awaitRuns("say priority 1", "say priority 5", "say priority 9");
		if (capabilities().priorities()) {
			assertThat(recorder().runs()).containsExactly("say priority 9", "say priority 5", "say priority 1");
		}
	}

}
