package dev.backgroundjobs.delivery;

import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.LongStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.execution.DiscardedJobEvent;
import dev.backgroundjobs.execution.JobInterceptor;
import dev.backgroundjobs.execution.JobProgressEvent;
import dev.backgroundjobs.execution.JobProgressEvent.Phase;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.iteration.AbortIterationException;
import dev.backgroundjobs.iteration.CursorIterator;
import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.SplittableSource;
import dev.backgroundjobs.iteration.Steps;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageBuilder;
import dev.backgroundjobs.message.KeyMaterial;
import dev.backgroundjobs.message.SigningKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may not lose or repeat an item at unlikely places.
 */
@Timeout(60)
class IterationEdgeTests {

	private static final String RANGES = "[\"2\",\"5\"]";

	private final Jobs jobs = new Jobs();

	private final RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE);

	private Pipe pipe = new Pipe(this.jobs, this.platform);

	@AfterEach
	void close() {
		this.pipe.executor.close();
	}

	@Test
	void interceptorThatSwallowsTheFailureDoesNotEndTheIteration() {
		intercept((context, run) -> {
			try {
				run.proceed();
			}
			catch (IllegalStateException ex) {
				// As one that only logs.
			}
		});
		this.jobs.failAt = 2;
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().attempt()).isEqualTo(2);
		assertThat(state(this.platform.only()).cursor()).isEqualTo("1");
	}

	@Test
	void interceptorThatGoesOnTwiceVisitsNoItemTwice() {
		intercept((context, run) -> {
			try {
				run.proceed();
			}
			catch (IllegalStateException ex) {
				run.proceed();
			}
		});
		this.jobs.failAt = 2;
		JobMessage first = walk().build();
		assertThat(this.pipe.deliver(first)).isEqualTo(Settlement.REPLACED);
		assertThat(error(this.platform.only())).contains("'jobs.walk' was called twice in one run");
		this.jobs.failAt = -1;
		assertThat(this.pipe.deliver(due(this.platform.only()))).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.visited).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobs.walk", "jobs.steps" })
	void transactionAroundTheJobIsRefusedBeforeAnythingIsDone(String job) {
		TransactionTemplate transaction = new TransactionTemplate(new NoResource());
		intercept((context, run) -> transaction.executeWithoutResult((status) -> proceed(run)));
		assertThat(this.pipe.deliver(Pipe.message(job, "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.visited).isEmpty();
		assertThat(this.platform.only().attempt()).isEqualTo(2);
		assertThat(error(this.platform.only())).contains("A transaction is open around job '" + job + "'");
	}

	@Test
	void transactionAroundEachItemIsFine() {
		TransactionTemplate transaction = new TransactionTemplate(new NoResource());
		this.jobs.options = (iteration) -> iteration.around((item, action) -> transaction.execute((status) -> {
			this.jobs.visited.add(100 + item);
			return null;
		}));
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.visited).hasSize(8);
	}

	@Test
	void itemThatLeavesATransactionOpenIsNotCounted() {
		NoResource transactions = new NoResource();
		List<TransactionStatus> open = new ArrayList<>();
		this.jobs.action = (item) -> open.add(transactions.getTransaction(TransactionDefinition.withDefaults()));
		try {
			assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.REPLACED);
			assertThat(error(this.platform.only())).contains("A transaction is open after item 1");
			assertThat(this.platform.only().attempt()).as("no progress").isEqualTo(2);
			IterationState state = this.platform.only().iteration();
			assertThat(state).isNotNull();
			assertThat(state.cursor()).isNull();
			assertThat(state.processed()).isZero();
		}
		finally {
			open.forEach(transactions::rollback);
		}
	}

	@Test
	void interruptAfterTheEndDoesNotCompleteAgain() {
		intercept((context, run) -> {
			run.proceed();
			awaitInterrupt();
		});
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.completed).isEqualTo(1);
		assertThat(Thread.currentThread().isInterrupted()).as("left for others").isFalse();
	}

	@Test
	void completionThatWasInterruptedIsCalledAgainWithoutItems() {
		this.jobs.onComplete = this::awaitInterrupt;
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.events(JobProgressEvent.class)).extracting(JobProgressEvent::phase)
			.doesNotContain(Phase.COMPLETED);
		this.jobs.onComplete = () -> {
		};
		this.pipe.executor.open();
		assertThat(this.pipe.deliver(due(this.platform.only()))).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.visited).hasSize(8);
		assertThat(this.jobs.completed).isEqualTo(2);
	}

	@Test
	void interruptAtAnyMomentRepeatsAtMostTheItemInHand() throws Exception {
		ExecutorService other = Executors.newSingleThreadExecutor();
		this.jobs.action = (item) -> LockSupport.parkNanos(50_000);
		Random random = new Random(7);
		try {
			for (int i = 0; i < 200; i++) {
				this.jobs.visited.clear();
				int interrupts = interruptAtRandom(walk().build(), random, other);
				assertThat(this.jobs.visited).as("job %s", i).contains(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
				assertThat(this.jobs.visited.size()).as("job %s: %s", i, this.jobs.visited)
					.isLessThanOrEqualTo(8 + interrupts);
			}
		}
		finally {
			other.shutdownNow();
		}
	}

	private int interruptAtRandom(JobMessage first, Random random, ExecutorService other) throws Exception {
		JobMessage message = first;
		int deliveries = 0;
		while (true) {
			long nanos = random.nextLong(1_500_000);
			// As often as a shutdown is free, or a slow machine would use the attempts
			// up.
			boolean interrupts = ++deliveries <= 4;
			Future<?> interrupt = other.submit(() -> {
				LockSupport.parkNanos(nanos);
				if (interrupts) {
					this.pipe.processor.interruptRuns();
				}
			});
			Settlement settlement = this.pipe.deliver(message);
			assertThat(Thread.currentThread().isInterrupted()).as("left for others").isFalse();
			interrupt.get();
			this.pipe.executor.open();
			if (settlement == Settlement.DONE) {
				return Math.min(deliveries, 4);
			}
			assertThat(settlement).isEqualTo(Settlement.REPLACED);
			message = due(this.platform.sent.get(this.platform.sent.size() - 1));
		}
	}

	@Test
	void abortIsReportedAsTheEnd() {
		this.jobs.action = (item) -> {
			throw AbortIterationException.skipCallbacks("enough");
		};
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.DONE);
		assertThat(this.pipe.events(JobProgressEvent.class)).extracting(JobProgressEvent::phase)
			.containsExactly(Phase.STARTED, Phase.COMPLETED);
	}

	@Test
	void startThatWasInterruptedIsCalledAgain() {
		this.jobs.onStart = this::awaitInterrupt;
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.REPLACED);
		this.jobs.onStart = () -> {
		};
		this.pipe.executor.open();
		assertThat(this.pipe.deliver(due(this.platform.only()))).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.started).isEqualTo(2);
	}

	@Test
	void totalBelowZeroIsUnknown() {
		this.jobs.total = -1;
		this.jobs.stopAt = 2;
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.REPLACED);
		assertThat(state(this.platform.only()).total()).isNull();
		assertThat(this.pipe.deliver(due(this.platform.only()))).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.visited).hasSize(8);
	}

	@Test
	void clockThatIsSetBackLeavesAMessageThatCanBeRead() {
		this.jobs.stopAt = 2;
		this.jobs.action = (item) -> this.pipe.clock.advance(Duration.ofHours(-1));
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.REPLACED);
		assertThat(state(this.platform.only()).runtimeMillis()).isZero();
		assertThat(this.pipe.deliver(due(this.platform.only()))).isEqualTo(Settlement.DONE);
	}

	@Test
	void throttleThatWaitsForeverIsCutToWhatAMessageCanHold() {
		this.jobs.options = (iteration) -> iteration.throttle(() -> true, Duration.ofSeconds(Long.MAX_VALUE));
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.pipe.json(this.platform.only())).contains("\"runAt\":\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobs.walk", "jobs.steps", "jobs.nothing" })
	void keptRangesBecomePartsWhateverTheJobReturnsNow(String job) {
		IterationState state = IterationState.NEW.withRanges(List.of("2", "5"));
		assertThat(this.pipe.deliver(Pipe.message(job, "[]").iteration(state).build())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent).hasSize(3)
			.extracting(JobMessage::parallel)
			.extracting((part) -> (part != null) ? part.index() : -1)
			.containsExactly(0, 1, 2);
		assertThat(this.jobs.visited).isEmpty();
	}

	@Test
	void rangesAndBegunIterationsDoNotExpire() {
		Instant past = Pipe.NOW.minusSeconds(60);
		this.pipe.deliver(walk().expiresAt(past).iteration(IterationState.NEW.withRanges(List.of("2"))).build());
		assertThat(this.platform.sent).hasSize(2);
		assertThat(this.pipe.deliver(walk().expiresAt(past).iteration(begun("5", 6)).build()))
			.isEqualTo(Settlement.DONE);
		assertThat(this.jobs.visited).containsExactly(6L, 7L);
		assertThat(this.pipe.deliver(walk().expiresAt(past).build())).isEqualTo(Settlement.EXPIRED);
	}

	@Test
	void partsAreWalkedAlsoWhenTheJobIsParallelNoMore() {
		JobMessage part = walk().parallel(new ParallelPart("0198a6a2-94c8-7b0e-8f0a-000000000002", 1, 3))
			.iteration(IterationState.startingAfter("2", "5"))
			.build();
		assertThat(this.pipe.deliver(part)).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.visited).containsExactly(3L, 4L, 5L);
	}

	@Test
	void firstPartOfAJobThatHasStepsNowFailsLoudly() {
		JobMessage part = Pipe.message("jobs.steps", "[]")
			.parallel(new ParallelPart("0198a6a2-94c8-7b0e-8f0a-000000000002", 0, 3))
			.iteration(IterationState.startingAfter(null, "5"))
			.build();
		assertThat(this.pipe.deliver(part)).isEqualTo(Settlement.REPLACED);
		assertThat(error(this.platform.only())).contains("Return the iteration");
	}

	@Test
	void iterationThatWasThrottledAndHasStepsNowFailsLoudly() {
		JobMessage message = Pipe.message("jobs.steps", "[]").iteration(begun(null, 0)).build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.REPLACED);
		assertThat(error(this.platform.only())).contains("is in an iteration without steps");
	}

	@Test
	void stepsThatAreAnIterationNowFailLoudly() {
		IterationState state = new IterationState(null, List.of("one"), null, null, 0, null, 1, 0, 0, 0, List.of(),
				List.of(), Map.of());
		assertThat(this.pipe.deliver(walk().iteration(state).build())).isEqualTo(Settlement.REPLACED);
		assertThat(error(this.platform.only())).contains("is in its steps, after [one]");
		assertThat(this.jobs.visited).isEmpty();
	}

	@Test
	void failureIsTheItemsWhateverOnStopThrows() {
		this.jobs.action = (item) -> {
			throw new DiscardJobException("enough");
		};
		this.jobs.options = (iteration) -> iteration.onStop(() -> {
			throw new IllegalStateException("on top");
		});
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.DONE);
		assertThat(this.pipe.events(DiscardedJobEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.cause().getSuppressed()).hasSize(1));
	}

	@Test
	void errorOfAProgressListenerFailsNoSlice() {
		this.pipe.listener = (event) -> {
			throw new AssertionError("a listener in Kotlin with TODO()");
		};
		assertThat(this.pipe.deliver(walk().build())).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.completed).isEqualTo(1);
	}

	@Test
	void failureAfterProgressForgetsFormerShutdowns() {
		this.jobs.failAt = 3;
		this.pipe.deliver(walk().interruptions(4).build());
		assertThat(this.platform.only().interruptions()).isZero();
	}

	@Test
	void rangesThatWouldMakeTheMessageTooLargeAreRefused() {
		assertThat(this.pipe.deliver(Pipe.message("jobs.longEnds", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(error(this.platform.only())).contains("The ends of the 64 parts of job 'jobs.longEnds' have")
			.contains("more than 6144")
			.contains("fewer parts");
	}

	@Test
	void deadCopyGoesOnWhereItStoppedWhenItIsMovedBack() {
		this.pipe = new Pipe(this.jobs, List.of(this.platform),
				Map.of("default", new QueueSettings(null, null, "dead")), ProcessorSettings.DEFAULTS, List.of());
		this.jobs.failAt = 5;
		assertThat(this.pipe.deliver(walk().iteration(begun("4", 5)).attempt(5).build()))
			.isEqualTo(Settlement.DEAD_KEPT);
		this.jobs.failAt = -1;
		JobMessage copy = this.platform.only();
		assertThat(copy.attempt()).isEqualTo(1);
		assertThat(this.pipe.deliver(copy)).isEqualTo(Settlement.DONE);
		assertThat(this.jobs.visited).containsExactly(5L, 6L, 7L);
	}

	@Test
	void hopKeepsTheState() {
		JobMessage message = walk().iteration(begun("3", 4)).runAt(Pipe.NOW.plusSeconds(60)).build();
		assertThat(this.pipe.deliver(message)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.only().iteration()).isEqualTo(message.iteration());
		assertThat(this.jobs.visited).isEmpty();
	}

	@Test
	void sliceAndPartsOfASignedMessageAreSignedOrNotSent() {
		Map<String, KeyMaterial> keys = Map.of("k1", KeyMaterial.of(TestKeys.secret("k1")));
		Pipe signing = new Pipe(this.jobs, this.platform, new SigningKeys("k1", keys, null, Duration.ofDays(1)));
		Pipe verifying = new Pipe(this.jobs, this.platform, new SigningKeys(null, keys, null, Duration.ofDays(1)));
		this.jobs.stopAt = 2;
		assertThat(verifying.deliver(signing.json(walk().build()))).isEqualTo(Settlement.RELEASED);
		String parent = signing.json(walk().iteration(IterationState.NEW.withRanges(List.of("2"))).build());
		assertThat(verifying.deliver(parent)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
		assertThat(signing.deliver(parent)).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent).hasSize(2);
	}

	@Test
	void sliceForgetsHowOftenTheJobWasUnknown() {
		this.jobs.stopAt = 2;
		this.pipe.deliver(walk().unknown(39).build());
		assertThat(this.platform.only().unknown()).isZero();
	}

	@Test
	void slowItemsEndTheSliceBeforeTheDeadline() {
		this.jobs.action = (item) -> this.pipe.clock.advance(Duration.ofSeconds(20));
		Settlement settlement = this.pipe.deliver(walk().build(), Pipe.NOW.plusSeconds(100), new Lease());
		assertThat(settlement).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.visited).as("10 s are kept, and a fifth item would take until then").hasSize(4);
		assertThat(this.platform.only().attempt()).isEqualTo(1);
	}

	@Test
	void oneSlowItemEndsTheSliceEarlyThoughTheOthersAreFast() {
		this.jobs.action = (item) -> this.pipe.clock.advance(Duration.ofSeconds((item == 0) ? 50 : 1));
		this.pipe.deliver(walk().build(), Pipe.NOW.plusSeconds(100), new Lease());
		assertThat(this.jobs.visited).containsExactly(0L);
	}

	@Test
	void itemThatOutlastsTheDeadlineUsesAnAttempt() {
		this.jobs.action = (item) -> {
			// A thread may wake for no reason.
			while (item == 1 && !Thread.currentThread().isInterrupted()) {
				LockSupport.parkNanos(1_000_000);
			}
		};
		assertThat(this.pipe.deliver(Pipe.message("jobs.limited", "[]").build())).isEqualTo(Settlement.REPLACED);
		assertThat(error(this.platform.only())).contains("jobs.limited");
		assertThat(this.platform.only().attempt()).as("the first after progress").isEqualTo(2);
		assertThat(state(this.platform.only()).cursor()).isEqualTo("0");
	}

	@Test
	void lostLeaseSendsNothing() {
		Lease lease = new Lease();
		this.jobs.action = (item) -> {
			if (item == 3) {
				lease.lose();
			}
		};
		assertThat(this.pipe.deliver(walk().build(), null, lease)).isEqualTo(Settlement.RELEASED);
		assertThat(this.platform.sent).isEmpty();
		assertThat(this.jobs.visited).containsExactly(0L, 1L, 2L, 3L);
		assertThat(this.jobs.completed).isZero();
	}

	private void intercept(JobInterceptor interceptor) {
		this.pipe.executor.close();
		this.pipe = new Pipe(this.jobs, List.of(this.platform), Map.of(), ProcessorSettings.DEFAULTS,
				List.of(interceptor));
	}

	private void awaitInterrupt() {
		this.pipe.processor.interruptRuns();
		while (!Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(100_000);
		}
	}

	private static void proceed(JobInterceptor.Run run) {
		try {
			run.proceed();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static JobMessageBuilder walk() {
		return Pipe.message("jobs.walk", "[]");
	}

	private static IterationState begun(@Nullable String cursor, long processed) {
		return new IterationState(null, List.of(), cursor, null, processed, null, 1, 0, 0, 0, List.of(), List.of(),
				Map.of());
	}

	private static JobMessage due(JobMessage message) {
		return message.withRunAt(null);
	}

	private static IterationState state(JobMessage message) {
		IterationState state = message.iteration();
		assertThat(state).isNotNull();
		return (state != null) ? state : IterationState.NEW;
	}

	private static String error(JobMessage message) {
		return (message.error() != null) ? message.error().message() : "";
	}

	/** Jobs of 8 items. */
	static class Jobs {

		final List<Long> visited = new ArrayList<>();

		int started;

		int completed;

		long failAt = -1;

		long stopAt = -1;

		long total = 8;

		LongAction action = (item) -> {
		};

		Runnable onStart = () -> {
		};

		Runnable onComplete = () -> {
		};

		Function<Iteration<Long>, Iteration<Long>> options = (iteration) -> iteration;

		@BackgroundJob
		Iteration<Long> walk() {
			return this.options.apply(Iteration.over(new IterationPropertiesTests.Numbers(0, 8, () -> {
			}, this.total)).each(this::visit).onStart(() -> {
				this.started++;
				this.onStart.run();
			}).onComplete(() -> {
				this.completed++;
				this.onComplete.run();
			}));
		}

		@BackgroundJob(timeout = "300ms")
		Iteration<Long> limited() {
			return walk();
		}

		@BackgroundJob
		Steps steps() {
			return Steps.first("one", () -> visit(0L)).then("two", () -> visit(1L));
		}

		@BackgroundJob
		@Nullable Iteration<Long> nothing() {
			return null;
		}

		@BackgroundJob
		Iteration<String> longEnds() {
			return Iteration.over(new LongCursors()).each((item) -> {
			}).parallel(64);
		}

		private void visit(Long item) {
			if (item == this.failAt) {
				throw new IllegalStateException("planned");
			}
			if (item == this.stopAt) {
				this.stopAt = -1;
				JobContext.current().requestStop();
			}
			this.action.accept(item);
			this.visited.add(item);
		}

	}

	/** A source whose cursors are long. */
	static class LongCursors implements SplittableSource<String, String> {

		@Override
		public CursorIterator<String, String> iterate(@Nullable String cursor) {
			throw new IllegalStateException("not walked");
		}

		@Override
		public Type cursorType() {
			return String.class;
		}

		@Override
		public List<String> split(int count) {
			return LongStream.range(1, count).mapToObj((i) -> "x".repeat(200) + i).toList();
		}

		@Override
		public CursorSource<String, String> range(@Nullable String after, @Nullable String last) {
			return this;
		}

	}

	/** Works on an item. */
	interface LongAction {

		void accept(long item);

	}

	/** Transactions of nothing. */
	static class NoResource extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			// Nothing to begin.
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			// Nothing to commit.
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			// Nothing to roll back.
		}

	}

}
