package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobProgress;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobRun;
import dev.backgroundjobs.test.JobsTester;
import dev.backgroundjobs.test.TestJobBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * How steps follow each other, stop, go on, and what is refused.
 */
@SpringBootTest(classes = IterationTests.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE)
@AutoConfigureJobsTester
class StepsTests {

	@Autowired
	JobDispatcher dispatcher;

	@Autowired
	JobsTester jobs;

	@Autowired
	TestJobBackend backend;

	@Autowired
	Tours tours;

	@BeforeEach
	void reset() {
		this.tours.reset();
		this.tours.steps = Steps.first("load", step("load"))
			.then("walk", this.tours.numbers(0, 3))
			.then("report", step("report"));
	}

	@Test
	void doesOneStepAfterTheOther() {
		assertThat(run()).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.tours.log).containsExactly("load", "item 0", "item 1", "item 2", "report");
	}

	@Test
	void goesOnInTheStepItStoppedInAfterTheLastItem() {
		this.jobs.nextRun(Tours::step).isInterruptedAfter(2);
		this.dispatcher.enqueue(Tours::step);
		this.jobs.runDue();
		assertThat(waiting().step()).isEqualTo("walk");
		assertThat(waiting().completed()).containsExactly("load");
		assertThat(waiting().cursor()).isEqualTo("0");
		this.jobs.drain();
		assertThat(this.tours.log).containsExactly("load", "item 0", "item 1", "item 2", "report");
	}

	@Test
	void isInterruptedAfterEveryStepAndItemAndDoesEachOnce() {
		this.jobs.nextRun(Tours::step).isInterruptedAfterEveryItem();
		run();
		assertThat(this.tours.log).containsExactly("load", "item 0", "item 1", "item 2", "report");
	}

	@Test
	void failedStepIsDoneAgainAndNoneBeforeIt() {
		List<String> failing = new ArrayList<>(List.of("report"));
		this.tours.steps = Steps.first("load", step("load")).then("report", () -> {
			this.tours.log.add("report");
			if (failing.remove("report")) {
				throw new IllegalStateException("broken");
			}
		});
		assertThat(run()).extracting((run) -> run.job().attempt()).containsExactly(1, 2);
		assertThat(this.tours.log).containsExactly("load", "report", "report");
	}

	@Test
	void callbacksAreThoseOfTheStepAndCalledOnce() {
		this.tours.steps = Steps.first("one", withCallbacks("one")).then("two", withCallbacks("two"));
		this.jobs.nextRun(Tours::step).isInterruptedAfterEveryItem();
		run();
		assertThat(this.tours.log.stream().filter((line) -> !line.startsWith("item"))).containsExactly("one starts",
				"one ends", "two starts", "two ends");
	}

	@Test
	void progressIsThatOfTheStep() {
		List<JobProgress> progress = new ArrayList<>();
		this.tours.steps = Steps.first("one", this.tours.numbers(0, 4))
			.then("two", this.tours.numbers(0, 2).onComplete(() -> progress.add(JobContext.current().progress())));
		run();
		assertThat(progress).singleElement().satisfies((said) -> {
			assertThat(said.step()).isEqualTo("two");
			assertThat(said.processed()).isEqualTo(2);
			assertThat(said.total()).isEqualTo(2L);
		});
	}

	@Test
	void eachStepMaySkipItsOwnNumberOfItems() {
		this.tours.action = (item) -> {
			throw new IllegalStateException("all");
		};
		this.tours.steps = Steps.first("one", this.tours.numbers(0, 3).continueOnItemFailure(3))
			.then("two", this.tours.numbers(0, 2).continueOnItemFailure(2));
		this.jobs.nextRun(Tours::step).isInterruptedAfter(2);
		assertThat(run()).extracting(JobRun::settlement).containsExactly(Settlement.REPLACED, Settlement.DONE);
	}

	@Test
	void abortEndsTheJobWithTheStepsThatFollow() {
		this.tours.action = (item) -> {
			throw AbortIterationException.complete("nothing to report");
		};
		assertThat(run()).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.tours.log).containsExactly("load", "item 0");
	}

	@Test
	void stepThatIsGoneFailsLoudly() {
		stopInWalk();
		this.tours.steps = Steps.first("load", step("load")).then("report", step("report"));
		assertFails("'tours.step' stopped in step 'walk' after [load], and now has the steps [load, report]");
	}

	@Test
	void stepThatHasAnotherNameFailsLoudly() {
		stopInWalk();
		this.tours.steps = Steps.first("fetch", step("fetch")).then("walk", this.tours.numbers(0, 3));
		assertFails("'tours.step' has done the steps [load], and now has [fetch, walk]");
	}

	@Test
	void stepsInAnotherOrderFailLoudly() {
		stopInWalk();
		this.tours.steps = Steps.first("walk", this.tours.numbers(0, 3)).then("load", step("load"));
		assertFails("'tours.step' has done the steps [load], and now has [walk, load]");
	}

	@Test
	void stepThatIsAddedBehindIsDoneToo() {
		stopInWalk();
		this.tours.steps = Steps.first("load", step("load"))
			.then("walk", this.tours.numbers(0, 3))
			.then("more", step("more"))
			.then("report", step("report"));
		this.jobs.drain();
		assertThat(this.tours.log).containsExactly("load", "item 0", "item 1", "item 2", "more", "report");
	}

	@Test
	void refusesANameTwice() {
		Steps steps = Steps.first("load", step("load"));
		assertThatIllegalArgumentException().isThrownBy(() -> steps.then("load", step("again")))
			.withMessage("Two steps have the name 'load': rename one");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "ä", "a/b", "a\n", "\"", "12345678901234567890123456789012345678901" })
	void refusesNamesThatCannotTravel(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Steps.first(name, step("x")))
			.withMessageContaining("1 to 40 letters, digits, dots, dashes and underscores");
	}

	@Test
	void takes32StepsAndNoMore() {
		Steps steps = Steps.first("s0", step("s0"));
		for (int i = 1; i < 32; i++) {
			steps = steps.then("s" + i, step("s" + i));
		}
		this.tours.steps = steps;
		run();
		assertThat(this.tours.log).hasSize(32);
		Steps full = steps;
		assertThatIllegalArgumentException().isThrownBy(() -> full.then("s32", step("s32")))
			.withMessageContaining("Step 's32' would be one more than 32");
	}

	@Test
	void refusesAParallelStep() {
		Iteration<Long> parallel = this.tours.numbers(0, 3).parallel(2);
		assertThatIllegalArgumentException().isThrownBy(() -> Steps.first("walk", parallel))
			.withMessageContaining("Step 'walk' is a parallel iteration")
			.withMessageContaining("make it a job of its own");
	}

	private void stopInWalk() {
		this.jobs.nextRun(Tours::step).isInterruptedAfter(2);
		this.dispatcher.enqueue(Tours::step);
		this.jobs.runDue();
	}

	private void assertFails(String message) {
		List<JobRun> runs = this.jobs.drain();
		assertThat(runs.get(0).error()).isNotNull()
			.satisfies((error) -> assertThat(error.message()).contains(message)
				.contains("Keep the names and the order of steps until all jobs that are under way are done"));
		assertThat(this.jobs.deadJobs()).as("after all attempts").hasSize(1);
		assertThat(this.tours.log).as("nothing more is done").containsExactly("load", "item 0");
	}

	private List<JobRun> run() {
		this.dispatcher.enqueue(Tours::step);
		return this.jobs.drain();
	}

	private IterationState waiting() {
		IterationState state = this.backend.waiting().get(0).iteration();
		assertThat(state).isNotNull();
		return (state != null) ? state : IterationState.NEW;
	}

	private StepAction step(String name) {
		return () -> this.tours.log.add(name);
	}

	private Iteration<Long> withCallbacks(String name) {
		return this.tours.numbers(0, 2)
			.onStart(this.tours.says(name + " starts"))
			.onComplete(this.tours.says(name + " ends"));
	}

}
