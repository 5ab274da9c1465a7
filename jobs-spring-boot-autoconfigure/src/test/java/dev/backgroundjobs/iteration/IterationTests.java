package dev.backgroundjobs.iteration;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.JobProgress;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.execution.JobProgressEvent;
import dev.backgroundjobs.execution.JobProgressEvent.Phase;
import dev.backgroundjobs.iteration.Tours.Range;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobRun;
import dev.backgroundjobs.test.JobsTester;
import dev.backgroundjobs.test.TestJobBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * How iterations run: slices, callbacks, failures, throttles, cursors.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
@AutoConfigureJobsTester
class IterationTests {

	@Autowired
	JobDispatcher dispatcher;

	@Autowired
	JobsTester jobs;

	@Autowired
	TestJobBackend backend;

	@Autowired
	Tours tours;

	@Autowired
	Application application;

	@BeforeEach
	void reset() {
		this.tours.reset();
		this.application.events.clear();
	}

	@Test
	void visitsEveryItemOnceAndIsDone() {
		List<JobRun> runs = count(0, 5);
		assertThat(runs).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertVisitedOnce(0, 5);
		assertThat(this.tours.opened).as("sources left open").isZero();
	}

	@Test
	void goesOnAfterTheLastFinishedItemWhenItIsInterrupted() {
		this.jobs.nextRun(Tours::count).isInterruptedAfter(2);
		List<JobRun> runs = count(0, 5);
		assertThat(runs).extracting(JobRun::settlement).containsExactly(Settlement.REPLACED, Settlement.DONE);
		assertVisitedOnce(0, 5);
	}

	@Test
	void isInterruptedAfterEveryItemAndStillVisitsEachOnce() {
		this.jobs.nextRun(Tours::count).isInterruptedAfterEveryItem();
		assertThat(count(0, 5)).hasSize(6);
		assertVisitedOnce(0, 5);
	}

	@Test
	void isInterruptedAtATime() {
		Instant noon = this.jobs.now().plusSeconds(100);
		this.tours.action = (item) -> this.jobs.advance(Duration.ofSeconds(40));
		this.jobs.nextRun(Tours::count).isInterruptedAt(noon);
		enqueue(0, 5);
		assertThat(this.jobs.runDue()).hasSize(1);
		assertThat(this.tours.visits).hasSize(3);
		this.jobs.drain();
		assertVisitedOnce(0, 5);
	}

	@Test
	void interruptedSlicesAreNoAttempts() {
		this.jobs.nextRun(Tours::count).isInterruptedAfterEveryItem();
		assertThat(count(0, 8)).extracting((run) -> run.job().attempt()).containsOnly(1);
	}

	@Test
	void theNextSliceWaitsAMoment() {
		this.jobs.nextRun(Tours::count).isInterruptedAfter(1);
		enqueue(0, 2);
		Instant before = this.jobs.now();
		this.jobs.runDue();
		assertThat(this.backend.waiting()).singleElement()
			.satisfies((next) -> assertThat(next.runAt()).isBetween(before.plusSeconds(1), before.plusSeconds(3)));
	}

	@Test
	void emptySourceIsStartedAndCompleted() {
		this.tours.options = this::withCallbacks;
		assertThat(count(3, 3)).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.tours.log).containsExactly("start", "complete");
	}

	@Test
	void callsBackOnceAtTheStartAndTheEndAndAroundEverySlice() {
		this.tours.options = this::withCallbacks;
		this.jobs.nextRun(Tours::count).isInterruptedAfter(1);
		this.jobs.nextRun(Tours::count).isInterruptedAfter(1);
		count(0, 3);
		assertThat(this.tours.log).containsExactly("start", "item 0", "stop", "resume", "item 1", "stop", "resume",
				"item 2", "complete");
	}

	@Test
	void callsSeveralCallbacksOfAKindInTheirOrder() {
		this.tours.options = (iteration) -> iteration.onStart(this.tours.says("one")).onStart(this.tours.says("two"));
		count(0, 0);
		assertThat(this.tours.log).containsExactly("one", "two");
	}

	@Test
	void refusesAStartCursorOfNull() {
		assertThatNullPointerException().isThrownBy(() -> JobOptions.none().startCursor(nullCursor()))
			.withMessageContaining("leave it out");
	}

	@Test
	void startIsCalledAgainOnlyIfItFailed() {
		AtomicInteger starts = new AtomicInteger();
		this.tours.options = (iteration) -> iteration.onStart(() -> {
			if (starts.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
		}).onResume(this.tours.says("resume"));
		this.jobs.nextRun(Tours::count).isInterruptedAfter(1);
		count(0, 2);
		assertThat(starts).hasValue(2);
		assertThat(this.tours.log).containsExactly("item 0", "item 1");
	}

	@Test
	void completionThatFailsIsTriedAgainWithoutItems() {
		AtomicInteger completions = new AtomicInteger();
		this.tours.options = (iteration) -> iteration.onComplete(() -> {
			if (completions.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
		});
		count(0, 3);
		assertThat(completions).hasValue(2);
		assertVisitedOnce(0, 3);
	}

	@Test
	void failedItemIsVisitedAgainAndNoOther() {
		List<Long> failing = new ArrayList<>(List.of(2L));
		this.tours.action = (item) -> {
			if (failing.remove(item)) {
				throw new IllegalStateException("broken");
			}
		};
		List<JobRun> runs = count(0, 4);
		assertVisitedOnce(0, 4);
		assertThat(runs).extracting((run) -> run.job().attempt()).containsExactly(1, 2);
		assertThat(runs.get(0).error()).isNotNull();
	}

	@Test
	void progressMakesTheNextFailureTheFirstAgain() {
		List<Long> failing = new ArrayList<>(LongStream.range(0, 10).boxed().toList());
		this.tours.action = (item) -> {
			if (failing.remove(item)) {
				throw new IllegalStateException("broken");
			}
		};
		List<JobRun> runs = count(0, 10);
		assertVisitedOnce(0, 10);
		assertThat(runs).extracting((run) -> run.job().attempt())
			.as("3 attempts are enough for 10 failures")
			.containsExactly(1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2);
	}

	@Test
	void failuresAtTheSameItemUseTheAttemptsUp() {
		this.tours.action = (item) -> {
			if (item == 2) {
				throw new IllegalStateException("broken");
			}
		};
		List<JobRun> runs = count(0, 4);
		assertThat(runs).extracting((run) -> run.job().attempt()).containsExactly(1, 2, 3);
		assertThat(this.jobs.deadJobs()).singleElement().satisfies((dead) -> {
			IterationState state = dead.message().iteration();
			assertThat(state).isNotNull();
			assertThat(state.cursor()).isEqualTo("1");
		});
	}

	@Test
	void attemptsAddUpWhereProgressDoesNotResetThem() {
		this.tours.options = (iteration) -> iteration.resetAttemptsOnProgress(false);
		List<Long> failing = new ArrayList<>(LongStream.range(0, 10).boxed().toList());
		this.tours.action = (item) -> {
			if (failing.remove(item)) {
				throw new IllegalStateException("broken");
			}
		};
		assertThat(count(0, 10)).extracting((run) -> run.job().attempt()).containsExactly(1, 2, 3);
		assertThat(this.jobs.deadJobs()).hasSize(1);
	}

	@Test
	void skipsItemsThatFailAndReportsThem() {
		this.tours.options = (iteration) -> iteration.continueOnItemFailure(3);
		this.tours.action = (item) -> {
			if (item % 2 == 1) {
				throw new IllegalStateException("odd");
			}
		};
		assertThat(count(0, 6)).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.tours.visits).containsOnlyKeys(0L, 2L, 4L);
		JobProgress progress = lastProgress();
		assertThat(progress.failed()).isEqualTo(3);
		assertThat(progress.failedCursors()).containsExactly("1", "3", "5");
		assertThat(progress.processed()).isEqualTo(6);
	}

	@Test
	void oneFailureMoreThanAllowedFailsTheAttempt() {
		this.tours.options = (iteration) -> iteration.continueOnItemFailure(2);
		this.tours.action = (item) -> {
			if (item % 2 == 1) {
				throw new IllegalStateException("odd");
			}
		};
		count(0, 6);
		assertThat(this.jobs.deadJobs()).singleElement().satisfies((dead) -> {
			IterationState state = dead.message().iteration();
			assertThat(state).isNotNull();
			assertThat(state.failed()).isEqualTo(2);
			assertThat(state.cursor()).isEqualTo("4");
		});
	}

	@Test
	void keepsTheFirstTwentyFailedCursorsAndCountsTheRest() {
		this.tours.options = (iteration) -> iteration.continueOnItemFailure(1_000);
		this.tours.action = (item) -> {
			throw new IllegalStateException("all");
		};
		this.jobs.nextRun(Tours::count).isInterruptedAfter(30);
		enqueue(0, 200);
		this.jobs.runDue();
		assertThat(this.backend.waiting()).singleElement().satisfies((next) -> {
			assertThat(next.iteration()).isNotNull();
			assertThat(next.iteration().failed()).isEqualTo(30);
			assertThat(next.iteration().failedCursors())
				.isEqualTo(LongStream.range(0, 20).mapToObj(Long::toString).toList());
		});
		this.jobs.drain();
		assertThat(lastProgress().failed()).isEqualTo(200);
	}

	@Test
	void whatAJobSaysOfItselfIsNoFailureOfAnItem() {
		this.tours.options = (iteration) -> iteration.continueOnItemFailure(10);
		this.tours.action = (item) -> {
			throw new DiscardJobException("enough");
		};
		count(0, 3);
		assertThat(this.tours.log).containsExactly("item 0");
		assertThat(this.jobs.deadJobs()).isEmpty();
	}

	@Test
	void retryAfterATimeWaitsThatLong() {
		List<Long> failing = new ArrayList<>(List.of(1L));
		this.tours.action = (item) -> {
			if (failing.remove(item)) {
				throw new RetryJobException("later", Duration.ofMinutes(20));
			}
		};
		enqueue(0, 3);
		Instant before = this.jobs.now();
		this.jobs.runDue();
		assertThat(this.backend.waiting()).singleElement()
			.satisfies((next) -> assertThat(next.runAt()).isAfterOrEqualTo(before.plus(Duration.ofMinutes(20))));
		this.jobs.drain();
		assertVisitedOnce(0, 3);
	}

	@Test
	void throttledIterationWaitsWithoutTouchingItsSource() {
		AtomicInteger asked = new AtomicInteger();
		this.tours.options = (iteration) -> iteration
			.throttle(() -> asked.incrementAndGet() <= 2, Duration.ofMinutes(5))
			.onStart(() -> this.tours.log.add("start"));
		enqueue(0, 2);
		Instant before = this.jobs.now();
		this.jobs.runDue();
		assertThat(this.tours.counted).as("the source is not counted").isZero();
		assertThat(this.tours.log).containsExactly("start");
		assertThat(this.backend.waiting()).singleElement().satisfies((next) -> {
			assertThat(next.runAt()).isAfterOrEqualTo(before.plus(Duration.ofMinutes(5)));
			assertThat(next.attempt()).isEqualTo(1);
		});
		this.jobs.drain();
		assertVisitedOnce(0, 2);
		assertThat(this.tours.log).containsExactly("start", "item 0", "item 1");
	}

	@Test
	void firstThrottleThatHoldsDecides() {
		this.tours.options = (iteration) -> iteration.throttle(() -> false, Duration.ofMinutes(1))
			.throttle(() -> this.tours.visits.size() == 1 && this.application.busy(), Duration.ofMinutes(7));
		this.application.busy = 1;
		enqueue(0, 3);
		Instant before = this.jobs.now();
		this.jobs.runDue();
		assertThat(this.backend.waiting()).singleElement()
			.satisfies((next) -> assertThat(next.runAt()).isAfterOrEqualTo(before.plus(Duration.ofMinutes(7))));
		this.jobs.drain();
		assertVisitedOnce(0, 3);
		assertThat(lastProgress().interruptions()).as("a throttle is no interruption").isZero();
	}

	@Test
	void stopsWhenTheJobAsksForIt() {
		this.tours.action = (item) -> Tours.stopAt(1, item);
		List<JobRun> runs = count(0, 4);
		assertThat(runs).extracting(JobRun::settlement).containsExactly(Settlement.REPLACED, Settlement.DONE);
		assertVisitedOnce(0, 4);
	}

	@Test
	void sliceThatDoesNothingCountsAsAnAttempt() {
		this.tours.options = (iteration) -> iteration.onStart(() -> JobContext.current().requestStop())
			.onResume(() -> JobContext.current().requestStop());
		assertThat(count(0, 4)).extracting((run) -> run.job().attempt()).containsExactly(1, 2, 3);
		assertThat(this.jobs.deadJobs()).hasSize(1);
	}

	@Test
	void stopsWhenItsTimeIsUsedUp() {
		this.tours.options = (iteration) -> iteration.maxSlice(Duration.ofSeconds(90));
		this.tours.action = (item) -> this.jobs.advance(Duration.ofSeconds(40));
		assertThat(count(0, 7)).as("3 items take 120 s").hasSize(3);
		assertVisitedOnce(0, 7);
	}

	@Test
	void jobCannotRaiseTheLongestSlice() {
		this.tours.options = (iteration) -> iteration.maxSlice(Duration.ofHours(9));
		this.tours.action = (item) -> this.jobs.advance(Duration.ofMinutes(3));
		assertThat(count(0, 4)).as("jobs.iteration.max-slice is 5 min").hasSizeGreaterThan(1);
		assertVisitedOnce(0, 4);
	}

	@Test
	void oneItemIsDoneHoweverLongItTakes() {
		this.tours.options = (iteration) -> iteration.maxSlice(Duration.ofSeconds(1));
		this.tours.action = (item) -> this.jobs.advance(Duration.ofSeconds(40));
		count(0, 3);
		assertVisitedOnce(0, 3);
	}

	@Test
	void abortIsTheEndWithCallbacks() {
		this.tours.options = this::withCallbacks;
		this.tours.action = (item) -> {
			if (item == 1) {
				throw AbortIterationException.complete("found it");
			}
		};
		assertThat(count(0, 4)).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.tours.log).containsExactly("start", "item 0", "item 1", "complete");
	}

	@Test
	void abortIsTheEndWithoutCallbacks() {
		this.tours.options = this::withCallbacks;
		this.tours.action = (item) -> {
			throw AbortIterationException.skipCallbacks("not needed");
		};
		assertThat(count(0, 4)).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.tours.log).containsExactly("start", "item 0");
	}

	@Test
	void surroundsEachItemFirstInterceptorOutermost() {
		this.tours.options = (iteration) -> iteration.around((item, action) -> {
			this.tours.log.add("outer " + item);
			action.accept(item);
		}).around((item, action) -> {
			this.tours.log.add("inner " + item);
			action.accept(item);
		});
		count(0, 1);
		assertThat(this.tours.log).containsExactly("outer 0", "inner 0", "item 0");
	}

	@Test
	void argumentsAreTheSameInEverySlice() {
		this.jobs.nextRun(Tours::count).isInterruptedAfterEveryItem();
		count(2, 5);
		assertThat(this.tours.arguments).containsOnly(new Range(2, 5)).hasSize(4);
	}

	@Test
	void beginsAfterAStartCursor() {
		this.dispatcher.with(JobOptions.none().startCursor(6L)).enqueue(Tours::count, new Range(0, 10));
		this.jobs.drain();
		assertVisitedOnce(7, 10);
	}

	@Test
	void refusesAStartCursorForAJobWithoutOne() {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.dispatcher.with(JobOptions.none().startCursor(6L)).enqueue(Tours::step))
			.withMessageContaining("'tours.step'")
			.withMessageContaining("returns an Iteration");
	}

	@Test
	void startCursorOfTheWrongTypeFailsTheAttempt() {
		this.dispatcher.with(JobOptions.none().startCursor("x")).enqueue(Tours::count, new Range(0, 10));
		List<JobRun> runs = this.jobs.runDue();
		assertThat(runs.get(0).error()).isNotNull()
			.satisfies((error) -> assertThat(error.message()).contains("The cursor of job 'tours.count' of type")
				.contains("java.lang.Long"));
		assertThat(this.tours.visits).isEmpty();
	}

	@Test
	void nothingToDoIsDone() {
		this.tours.returnsNull = () -> true;
		assertThat(count(0, 3)).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
	}

	@Test
	void nothingInTheMiddleWouldLoseTheRest() {
		this.jobs.nextRun(Tours::count).isInterruptedAfter(1);
		enqueue(0, 3);
		this.jobs.runDue();
		this.tours.returnsNull = () -> true;
		this.jobs.advance(Duration.ofSeconds(2));
		List<JobRun> runs = this.jobs.runDue();
		assertThat(runs.get(0).error()).isNotNull()
			.satisfies((error) -> assertThat(error.message()).contains("returned null in slice 2"));
		this.tours.returnsNull = () -> false;
		this.jobs.drain();
		assertVisitedOnce(0, 3);
	}

	@Test
	void iterationThatIsNotDeclaredFails() {
		this.dispatcher.enqueue(Tours::undeclared);
		assertThat(this.jobs.runDue().get(0).error()).isNotNull()
			.satisfies((error) -> assertThat(error.message()).contains("'tours.undeclared'")
				.contains("declares that it returns Iteration or Steps"));
	}

	@Test
	void nullIsNoSource() {
		assertThatIllegalArgumentException().isThrownBy(() -> Iteration.over(nullSource()))
			.withMessageContaining("Iteration.none()");
	}

	@ParameterizedTest
	@CsvSource({ "null, is null", "long, a java.lang.Long has become a java.lang.Integer",
			"nested, 'at ''[key][1]'' a java.lang.Long has become a java.lang.Integer'", "opaque, java.lang.Object",
			"other, 'is a java.lang.String, the source declares java.lang.Long'", "long text, more than 2048" })
	void cursorThatCannotTravelIsRefusedAtTheFirstItem(String kind, String fault) {
		this.dispatcher.enqueue(Tours::oddCursor, kind);
		List<JobRun> runs = this.jobs.runDue();
		assertThat(this.tours.log).containsExactly("item 0");
		assertThat(runs.get(0).error()).isNotNull()
			.satisfies(
					(error) -> assertThat(error.message()).startsWith("The cursor of item 1 of job 'tours.oddCursor'")
						.contains(fault));
	}

	@Test
	void cursorOfAnyTypeThatComesBackIsFine() {
		this.dispatcher.enqueue(Tours::oddCursor, "fine");
		assertThat(this.jobs.runDue()).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
	}

	@Test
	void progressIsKeptOverSlicesAndFailures() {
		List<Long> failing = new ArrayList<>(List.of(5L));
		this.tours.action = (item) -> {
			this.jobs.advance(Duration.ofSeconds(1));
			if (failing.remove(item)) {
				throw new IllegalStateException("broken");
			}
		};
		this.jobs.nextRun(Tours::count).isInterruptedAfter(2);
		count(0, 8);
		JobProgress progress = lastProgress();
		assertThat(progress.processed()).isEqualTo(8);
		assertThat(progress.total()).isEqualTo(8L);
		assertThat(progress.slices()).isEqualTo(3);
		assertThat(progress.interruptions()).isEqualTo(1);
		assertThat(progress.rate()).isBetween(0.5, 1.0);
		assertThat(progress.remaining()).isEqualTo(Duration.ZERO);
		assertThat(this.tours.counted).as("counted once").isEqualTo(1);
	}

	@Test
	void publishesWhereItIsInItsLife() {
		this.jobs.nextRun(Tours::count).isInterruptedAfter(2);
		count(0, 4);
		assertThat(this.application.events).extracting(JobProgressEvent::phase)
			.containsExactly(Phase.STARTED, Phase.STOPPED, Phase.STARTED, Phase.COMPLETED);
		assertThat(this.application.events).extracting(JobProgressEvent::processed).containsExactly(0L, 2L, 2L, 4L);
		assertThat(this.application.events.get(1).cursor()).isEqualTo(1L);
	}

	@Test
	void lostAcknowledgementRepeatsOneSliceAtMost() {
		this.jobs.nextRun(Tours::count).isInterruptedAfter(3);
		this.jobs.nextRun(Tours::count).losesItsAcknowledgement();
		count(0, 6);
		assertThat(this.tours.visits.keySet()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
		assertThat(this.tours.visits.values()).allMatch((visits) -> visits <= 2);
	}

	@Test
	void messageStaysSmallHoweverManyItemsThereAre() {
		this.jobs.nextRun(Tours::count).isInterruptedAfter(50_000);
		enqueue(0, 1_000_000_000_000L);
		this.jobs.runDue();
		assertThat(this.backend.waiting()).singleElement()
			.satisfies((next) -> assertThat(this.application.bytes(next)).isLessThan(1_000));
		this.jobs.clear();
	}

	@Test
	void walksPartsSideBySide() {
		this.tours.options = (iteration) -> withCallbacks(iteration).parallel(3);
		List<JobRun> runs = count(0, 10);
		assertThat(runs).extracting(JobRun::settlement)
			.containsExactly(Settlement.REPLACED, Settlement.REPLACED, Settlement.DONE, Settlement.DONE,
					Settlement.DONE);
		assertVisitedOnce(0, 10);
		assertThat(this.tours.log.stream().filter("start"::equals)).as("callbacks are those of each part").hasSize(3);
	}

	@Test
	void partsHaveCursorsOfTheirOwn() {
		this.tours.options = (iteration) -> iteration.parallel(4);
		this.jobs.nextRun(Tours::count).isInterruptedAfterEveryItem();
		count(0, 10);
		assertVisitedOnce(0, 10);
	}

	@Test
	void partsAreEnqueuedOnceThoughTheMessageComesTwice() {
		this.tours.options = (iteration) -> iteration.parallel(3);
		enqueue(0, 9);
		this.jobs.nextRun(Tours::count).losesItsAcknowledgement();
		this.jobs.nextRun(Tours::count).losesItsAcknowledgement();
		this.jobs.drain();
		assertVisitedOnce(0, 9);
	}

	@Test
	void fewerItemsThanPartsMakeFewerParts() {
		this.tours.options = (iteration) -> iteration.parallel(8);
		count(0, 2);
		assertVisitedOnce(0, 2);
		this.tours.visits.clear();
		assertThat(count(4, 5)).as("one item is walked at once").hasSize(1);
		assertVisitedOnce(4, 5);
		this.tours.options = (iteration) -> withCallbacks(iteration).parallel(8);
		this.tours.log.clear();
		count(4, 4);
		assertThat(this.tours.log).containsExactly("start", "complete");
	}

	@Test
	void refusesNumbersThatMakeNoSense() {
		Iteration<Long> iteration = this.tours.numbers(0, 1);
		assertThatIllegalArgumentException().isThrownBy(() -> iteration.parallel(0)).withMessageContaining("1 to 64");
		assertThatIllegalArgumentException().isThrownBy(() -> iteration.parallel(65)).withMessageContaining("1 to 64");
		assertThatIllegalArgumentException().isThrownBy(() -> iteration.maxSlice(Duration.ZERO))
			.withMessageContaining("above zero");
		assertThatIllegalArgumentException().isThrownBy(() -> iteration.continueOnItemFailure(0))
			.withMessageContaining("1 or more");
		assertThatIllegalArgumentException().isThrownBy(() -> iteration.throttle(() -> true, Duration.ZERO))
			.withMessageContaining("above zero");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Iteration.over(new Tours.OddCursors("fine")).each((item) -> {
			}).parallel(2))
			.withMessageContaining("OddCursors")
			.withMessageContaining("SplittableSource");
	}

	private Iteration<Long> withCallbacks(Iteration<Long> iteration) {
		return iteration.onStart(this.tours.says("start"))
			.onResume(this.tours.says("resume"))
			.onStop(this.tours.says("stop"))
			.onComplete(this.tours.says("complete"));
	}

	private void enqueue(long from, long to) {
		this.dispatcher.enqueue(Tours::count, new Range(from, to));
	}

	private List<JobRun> count(long from, long to) {
		enqueue(from, to);
		return this.jobs.drain();
	}

	private void assertVisitedOnce(long from, long to) {
		Map<Long, Integer> expected = new TreeMap<>();
		LongStream.range(from, to).forEach((item) -> expected.put(item, 1));
		assertThat(this.tours.visits).isEqualTo(expected);
		assertThat(this.tours.opened).as("sources left open").isZero();
	}

	private JobProgress lastProgress() {
		return this.application.events.get(this.application.events.size() - 1).progress();
	}

	@SuppressWarnings("NullAway")
	private static Object nullCursor() {
		return null;
	}

	@SuppressWarnings("NullAway")
	private static CursorSource<Long, Long> nullSource() {
		return null;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Tours.class)
	static class Application {

		final List<JobProgressEvent> events = new ArrayList<>();

		int busy;

		@Autowired
		@Nullable JobMessageCodec codec;

		@EventListener
		void progress(JobProgressEvent event) {
			this.events.add(event);
		}

		boolean busy() {
			return this.busy-- > 0;
		}

		int bytes(JobMessage message) {
			return (this.codec != null) ? this.codec.encode(message).bytes().length : 0;
		}

	}

}
