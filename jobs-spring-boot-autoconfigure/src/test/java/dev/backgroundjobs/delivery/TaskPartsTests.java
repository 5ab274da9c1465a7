package dev.backgroundjobs.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.ParallelBackend;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One message that several tasks get, each of which makes its own part of it.
 */
@Timeout(60)
class TaskPartsTests {

	private final Jobs jobs = new Jobs();

	private final Tasks platform = new Tasks();

	private final Pipe pipe = new Pipe(this.jobs, this.platform);

	@AfterEach
	void close() {
		this.pipe.executor.close();
	}

	@Test
	void sendsOneMessageWithTheRangesForAllParts() {
		JobMessage message = walk().build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.REPLACED);
		JobMessage parent = this.platform.parts.get(0);
		assertThat(this.platform.parts).hasSize(1);
		assertThat(this.platform.sent).isEmpty();
		assertThat(this.platform.counts).containsExactly(3);
		assertThat(parent.id()).isEqualTo(message.id());
		assertThat(parent.seq()).isEqualTo(1);
		assertThat(parent.parallel()).isNull();
		assertThat(state(parent).ranges()).hasSize(2);
		assertThat(this.jobs.visited).isEmpty();
	}

	@Test
	void eachTaskWalksItsRangeAndAllOfThemEverythingOnce() {
		this.pipe.deliver(walk().build());
		for (int i = 0; i < 3; i++) {
			assertThat(deliver(this.platform.parts.get(0), i, 3)).isEqualTo(Settlement.DONE);
		}
		assertThat(this.jobs.visited).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
		assertThat(this.jobs.seen).containsExactlyInAnyOrder("0 of 3", "1 of 3", "2 of 3");
	}

	@Test
	void releasesTheMessageWhenTheExecutionOfThePartsCouldNotBeStarted() {
		this.platform.failures = Integer.MAX_VALUE;
		Delivery delivery = Delivery.pulled(this.pipe.bytes(walk().build()), "platform", true, 0)
			.withDeadline(Pipe.NOW.plusMillis(300));
		assertThat(this.pipe.processor.process(delivery)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.parts).isEmpty();
	}

	@Test
	void startsTheExecutionOnceWhenTheFirstTryFails() {
		this.platform.failures = 1;
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.parts).hasSize(1);
	}

	@Test
	void startsTheSamePartsAgainForAMessageThatHasItsRanges() {
		IterationState state = IterationState.NEW.withRanges(List.of("2", "5"));
		assertThat(this.pipe.deliver(walk().iteration(state).build())).isEqualTo(Settlement.REPLACED);
		assertThat(state(this.platform.parts.get(0)).ranges()).containsExactly("2", "5");
		assertThat(this.platform.counts).containsExactly(3);
	}

	@Test
	void keyOfATaskIsTheSameInEachOfItsAttemptsAndNoOtherTasks() {
		this.pipe.deliver(walk().build());
		JobMessage parent = this.platform.parts.get(0);
		Set<String> keys = new HashSet<>();
		for (int i = 0; i < 3; i++) {
			JobMessage part = Parts.of(parent, new Delivery.Part(i, 3));
			assertThat(Parts.of(parent, new Delivery.Part(i, 3)).deliveryKey()).isEqualTo(part.deliveryKey());
			keys.add(part.deliveryKey());
		}
		assertThat(keys).hasSize(3).doesNotContain(parent.deliveryKey());
	}

	@Test
	void partsHaveWaitedSinceTheyWereCut() {
		JobMessage delayed = Pipe.message("jobs.walk", "[]").runAt(Pipe.NOW.plusSeconds(3600)).build();
		this.pipe.clock.advance(Duration.ofSeconds(3605));
		assertThat(this.pipe.deliver(delayed)).isEqualTo(Settlement.REPLACED);
		JobMessage part = Parts.of(this.platform.parts.get(0), new Delivery.Part(1, 3));
		assertThat(part.enqueuedAt()).isEqualTo(Pipe.NOW.plusSeconds(3605));
		assertThat(part.runAt()).isNull();
	}

	@Test
	void aTaskThatIsRunAgainIsADuplicateWhereItWasSettled() {
		this.pipe.deliver(walk().build());
		JobMessage parent = this.platform.parts.get(0);
		assertThat(deliver(parent, 1, 3)).isEqualTo(Settlement.DONE);
		List<Long> visited = List.copyOf(this.jobs.visited);
		assertThat(deliver(parent, 1, 3)).isEqualTo(Settlement.DUPLICATE);
		assertThat(this.jobs.visited).isEqualTo(visited);
	}

	@Test
	void whatReplacesATaskIsOneMessageWithItsIndex() {
		this.pipe.deliver(walk().build());
		this.jobs.stopAt = 1;
		assertThat(deliver(this.platform.parts.get(0), 0, 3)).isEqualTo(Settlement.REPLACED);
		JobMessage successor = this.platform.sent.get(0);
		assertThat(this.platform.parts).hasSize(1);
		assertThat(successor.parallel()).isEqualTo(new ParallelPart(this.platform.parts.get(0).id(), 0, 3));
		assertThat(successor.seq()).isEqualTo(1);
		assertThat(this.pipe.deliver(successor.withRunAt(null))).isEqualTo(Settlement.DONE);
		assertThat(new TreeSet<>(this.jobs.visited)).hasSameSizeAs(this.jobs.visited);
	}

	@Test
	void aDifferentNumberOfTasksRunsNothing() {
		this.pipe.deliver(walk().build());
		assertThat(deliver(this.platform.parts.get(0), 0, 2)).isEqualTo(Settlement.UNREADABLE);
		assertThat(this.jobs.visited).isEmpty();
	}

	@Test
	void aPlainJobIsRunInEachTaskAndKnowsWhichItIs() {
		JobMessage message = Pipe.message("jobs.render", "[]").build();
		for (int i = 0; i < 3; i++) {
			assertThat(deliver(message, i, 3)).isEqualTo(Settlement.DONE);
		}
		assertThat(this.jobs.seen).containsExactly("0 of 3", "1 of 3", "2 of 3");
	}

	@Test
	void aFailedTaskIsTriedAgainAloneWithItsIndex() {
		this.jobs.fails = true;
		assertThat(deliver(Pipe.message("jobs.render", "[]").build(), 2, 3)).isEqualTo(Settlement.REPLACED);
		JobMessage retry = this.platform.sent.get(0);
		assertThat(this.platform.parts).isEmpty();
		assertThat(retry.attempt()).isEqualTo(2);
		assertThat(retry.parallel()).extracting((part) -> (part != null) ? part.index() : -1).isEqualTo(2);
	}

	@Test
	void eachTaskOfAMessageThatIsEarlyPutsItsOwnPartOff() {
		Instant runAt = Pipe.NOW.plusSeconds(60);
		JobMessage early = Pipe.message("jobs.render", "[]").runAt(runAt).build();
		assertThat(deliver(early, 1, 3)).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.seen).isEmpty();
		JobMessage successor = this.platform.sent.get(0);
		assertThat(successor.runAt()).isEqualTo(runAt);
		assertThat(successor.parallel()).isNotNull();
	}

	@Test
	void eachTaskOfAMessageThatHasExpiredIsNotStarted() {
		JobMessage expired = Pipe.message("jobs.render", "[]").expiresAt(Pipe.NOW.minusSeconds(60)).build();
		assertThat(deliver(expired, 0, 3)).isEqualTo(Settlement.EXPIRED);
	}

	@Test
	void aTaskOfAnAttemptKeepsCounting() {
		this.jobs.fails = true;
		JobMessage last = Pipe.message("jobs.render", "[]").attempt(5).build();
		assertThat(deliver(last, 0, 3)).isEqualTo(Settlement.DEAD);
	}

	@Test
	void aMessageOfANewerVersionIsNotTakenForOneOfThis() {
		String newer = this.pipe.json(Pipe.message("jobs.render", "[]").build()).replace("\"v\":1", "\"v\":2");
		Settlement settlement = this.pipe.processor
			.process(Delivery.pulled(newer.getBytes(java.nio.charset.StandardCharsets.UTF_8), "platform", true, 0)
				.as(new Delivery.Part(0, 3)));
		assertThat(settlement).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.seen).isEmpty();
		assertThat(this.platform.sent.get(0).v()).isEqualTo(2);
		assertThat(this.platform.sent.get(0).unknown()).isEqualTo(1);
	}

	private Settlement deliver(JobMessage message, int index, int count) {
		return this.pipe.processor.process(
				Delivery.pulled(this.pipe.bytes(message), "platform", true, 0).as(new Delivery.Part(index, count)));
	}

	private static JobMessageBuilder walk() {
		return Pipe.message("jobs.walk", "[]");
	}

	private static IterationState state(JobMessage message) {
		return (message.iteration() != null) ? message.iteration() : IterationState.NEW;
	}

	static class Jobs {

		final List<Long> visited = new ArrayList<>();

		final List<String> seen = new ArrayList<>();

		long stopAt = -1;

		boolean fails;

		@BackgroundJob
		Iteration<Long> walk() {
			return Iteration.over(Sources.range(0, 8)).each(this::visit).onStart(this::see).parallel(3);
		}

		@BackgroundJob
		void render() {
			if (this.fails) {
				throw new IllegalStateException("planned");
			}
			see();
		}

		private void visit(Long item) {
			if (item == this.stopAt) {
				this.stopAt = -1;
				JobContext.current().requestStop();
			}
			this.visited.add(item);
		}

		private void see() {
			ParallelPart part = JobContext.current().parallel();
			this.seen.add((part != null) ? part.index() + " of " + part.count() : "alone");
		}

	}

	/** A platform that runs a message in several tasks. */
	static final class Tasks implements JobBackend, ParallelBackend {

		final List<JobMessage> sent = new ArrayList<>();

		final List<JobMessage> parts = new ArrayList<>();

		final List<Integer> counts = new ArrayList<>();

		int failures;

		@Override
		public String name() {
			return "tasks";
		}

		@Override
		public String enqueue(JobMessage message) {
			this.sent.add(message);
			return "one";
		}

		@Override
		public String enqueueAt(JobMessage message, @Nullable Instant time) {
			return enqueue(message);
		}

		@Override
		public String enqueueParts(JobMessage message, int count) {
			if (this.failures > 0) {
				this.failures--;
				throw new IllegalStateException("the platform is down");
			}
			this.parts.add(message);
			this.counts.add(count);
			return "several";
		}

		@Override
		public BackendCapabilities capabilities() {
			return BackendCapabilities.none().withDurable().withMaxDelay(Duration.ofDays(1));
		}

	}

}
