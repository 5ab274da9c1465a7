package dev.backgroundjobs.adapter.cloudrun;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.adapter.runonce.RunOnceAutoConfiguration;
import dev.backgroundjobs.adapter.runonce.RunOnceInProcess;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages from an application through a {@link TestCloudRun double} of Cloud Run to
 * applications that are started for one task each, with its variables, and end with its
 * exit code.
 */
@Timeout(240)
@ExtendWith(OutputCaptureExtension.class)
class CloudRunTasksIT {

	private static final long ITEMS = 30;

	private static final int KILLED = 137;

	private final TestCloudRun cloud = new TestCloudRun();

	private final Walks walks = new Walks();

	@AfterEach
	void stopCloud() {
		this.cloud.close();
	}

	@Test
	void runsAPlainJobInOneTask() {
		enqueue((jobs) -> jobs.enqueue(Walks::say, "$(HOME) \"quoted\" \n\t 你好 \\ ${x}"));
		this.cloud.runAll(this::run);
		assertThat(this.walks.seen).containsExactly("alone: $(HOME) \"quoted\" \n\t 你好 \\ ${x}");
		assertThat(this.cloud.last().exitCodes(0)).containsExactly(0);
	}

	@Test
	void walksThePartsOfAnIterationInTheTasksOfOneExecution() {
		enqueue((jobs) -> jobs.enqueue(Walks::walk));
		this.cloud.runAll(this::run);
		assertThat(tasks()).containsExactly(1, 3);
		assertThat(this.walks.visited).containsExactlyInAnyOrderElementsOf(items());
		assertThat(this.walks.seen).containsExactlyInAnyOrder("0 of 3", "1 of 3", "2 of 3");
	}

	@Test
	void goesOnWithEachPartInATaskOfItsOwnAfterAnInterruption() {
		this.walks.stopAt.addAll(List.of(4L, 14L, 24L));
		enqueue((jobs) -> jobs.enqueue(Walks::walk));
		this.cloud.runAll(this::run);
		assertThat(this.walks.stopAt).isEmpty();
		assertThat(tasks()).containsExactly(1, 3, 1, 1, 1);
		assertThat(this.walks.visited).containsExactlyInAnyOrderElementsOf(items());
		assertThat(this.cloud.executions()).allSatisfy((execution) -> IntStream.range(0, execution.tasks().size())
			.forEach((task) -> assertThat(execution.exitCodes(task)).containsExactly(0)));
	}

	@Test
	void aTaskThatIsKilledIsRunAgainAlone() {
		enqueue((jobs) -> jobs.enqueue(Walks::walk));
		this.cloud.runAll((variables) -> isFirstAttemptOf(variables, "2", "3") ? KILLED : run(variables));
		TestExecution parts = this.cloud.last();
		assertThat(parts.exitCodes(0)).containsExactly(0);
		assertThat(parts.exitCodes(1)).containsExactly(0);
		assertThat(parts.exitCodes(2)).containsExactly(KILLED, 0);
		assertThat(tasks()).containsExactly(1, 3);
		assertThat(this.walks.visited).containsExactlyInAnyOrderElementsOf(items());
	}

	@Test
	void aPartThatFailsIsTriedAgainWhereItStopped() {
		this.walks.failAt.add(25L);
		enqueue((jobs) -> jobs.enqueue(Walks::walk));
		this.cloud.runAll(this::run);
		assertThat(tasks()).containsExactly(1, 3, 1);
		assertThat(this.cloud.executions().get(2).message()).contains("\"attempt\":2").contains("\"index\":2");
		assertThat(this.walks.visited).containsExactlyInAnyOrderElementsOf(items());
	}

	// Cloud Run takes any number of executions, and nobody else counts.
	@Test
	void partsAreRunTwiceAndNoneIsLostWhenTheProcessDiesAfterItHasStartedThem() {
		enqueue((jobs) -> jobs.enqueue(Walks::walk));
		this.cloud.runAll((variables) -> {
			int code = run(variables);
			return isFirstAttemptOf(variables, "0", "1") ? KILLED : code;
		});
		assertThat(tasks()).containsExactly(1, 3, 3);
		assertThat(this.cloud.executions().get(0).exitCodes(0)).containsExactly(KILLED, 0);
		Map<Long, Long> times = new TreeMap<>();
		this.walks.visited.forEach((item) -> times.merge(item, 1L, Long::sum));
		assertThat(times.keySet()).containsExactlyElementsOf(items());
		assertThat(times.values()).containsOnly(2L);
	}

	@Test
	void runsNothingWhereThePartsCouldNotBeStarted() {
		enqueue((jobs) -> jobs.enqueue(Walks::walk));
		this.cloud.refuse(Status.RESOURCE_EXHAUSTED);
		this.cloud.runOnce(this::run);
		assertThat(this.cloud.last().exitCodes(0)).containsExactly(75);
		this.cloud.refuse(null);
		this.cloud.runAll(this::run);
		assertThat(tasks()).containsExactly(1, 3);
		assertThat(this.walks.visited).containsExactlyInAnyOrderElementsOf(items());
	}

	@Test
	void runsAPlainJobInSeveralTasksThatKnowWhichTheyAre() {
		enqueue((jobs) -> jobs.enqueue(Walks::render, "film"));
		this.cloud.runAll(this::run);
		assertThat(tasks()).containsExactly(3);
		assertThat(this.walks.seen).containsExactlyInAnyOrder("0 of 3: film", "1 of 3: film", "2 of 3: film");
	}

	@Test
	void aTaskOfAPlainJobThatFailsIsTriedAgainWithoutTheOthers() {
		this.walks.failAt.add(1L);
		enqueue((jobs) -> jobs.enqueue(Walks::render, "film"));
		this.cloud.runAll(this::run);
		assertThat(tasks()).containsExactly(3, 1);
		assertThat(this.walks.seen).containsExactlyInAnyOrder("0 of 3: film", "1 of 3: film", "2 of 3: film");
	}

	@Test
	void refusesAnExecutionThatSomebodyHasGivenAnotherNumberOfTasks(CapturedOutput output) {
		enqueue((jobs) -> jobs.enqueue(Walks::render, "film"));
		this.cloud.runAll((variables) -> {
			variables.put("CLOUD_RUN_TASK_COUNT", "5");
			return run(variables);
		});
		assertThat(output).contains("Nothing is run: the message is for 3 tasks (JOBS_TASKS), and its execution has 5 "
				+ "(CLOUD_RUN_TASK_COUNT): run it with --tasks=3");
		assertThat(this.cloud.last().exitCodes(0)).containsExactly(65, 65, 65, 65);
		assertThat(this.walks.seen).isEmpty();
	}

	@Test
	void aDeadJobIsReportedOnceAndNotRunAgain(CapturedOutput output) {
		this.walks.failAt.add(0L);
		enqueue((jobs) -> jobs.enqueue(Walks::once));
		this.cloud.runAll(this::run);
		assertThat(output.toString().lines().filter((line) -> line.contains("is dead: "))).hasSize(1);
		assertThat(this.cloud.last().exitCodes(0)).containsExactly(0);
		assertThat(tasks()).containsExactly(1);
	}

	@Test
	void aMessageThatKillsItsProcessesIsReportedByTheLastOfThem(CapturedOutput output) {
		enqueue((jobs) -> jobs.enqueue(Walks::once));
		this.cloud.runAll((variables) -> variables.get("CLOUD_RUN_TASK_ATTEMPT").equals("3")
				? run(variables, "jobs.max-redeliveries=" + TestCloudRun.MAX_RETRIES) : KILLED);
		assertThat(output).contains("is dead: redelivered too often");
		assertThat(this.walks.seen).isEmpty();
		assertThat(this.cloud.last().exitCodes(0)).containsExactly(KILLED, KILLED, KILLED, 0);
	}

	@Test
	void whatIsNoMessageEndsBadlyForAPersonToSee() {
		enqueue((jobs) -> jobs.enqueue(Walks::once));
		this.cloud.runAll((variables) -> {
			variables.put("JOBS_MESSAGE", "{}");
			return run(variables);
		});
		assertThat(this.cloud.last().exitCodes(0)).containsExactly(65, 65, 65, 65);
	}

	@Test
	void aTaskWhoseExecutionIsCancelledStartsNoOther() {
		this.walks.stopAt.add(14L);
		this.walks.beforeStop = () -> this.cloud.last().cancel();
		enqueue((jobs) -> jobs.enqueue(Walks::walk));
		this.cloud.runAll(this::run);
		assertThat(tasks()).containsExactly(1, 3);
		assertThat(this.cloud.last().exitCodes(1)).containsExactly(75);
		assertThat(this.cloud.last().exitCodes(2)).as("not started").isEmpty();
	}

	private static boolean isFirstAttemptOf(Map<String, String> variables, String index, String count) {
		return index.equals(variables.get("CLOUD_RUN_TASK_INDEX"))
				&& count.equals(variables.get("CLOUD_RUN_TASK_COUNT"))
				&& "0".equals(variables.get("CLOUD_RUN_TASK_ATTEMPT"))
				&& variables.get("CLOUD_RUN_EXECUTION").endsWith(count.equals("1") ? "-0" : "-1");
	}

	private void enqueue(Consumer<JobDispatcher> call) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, CloudRunJobAutoConfiguration.class))
			.withBean("walks", Walks.class, () -> this.walks)
			.withPropertyValues(properties())
			.run((context) -> call.accept(context.getBean(JobDispatcher.class)));
	}

	private int run(Map<String, String> variables, String... more) {
		List<String> properties = new ArrayList<>(List.of(properties()));
		properties.addAll(List.of(more));
		return RunOnceInProcess.run(Application.class,
				(context) -> context.registerBean("walks", Walks.class, () -> this.walks), variables,
				properties.toArray(String[]::new));
	}

	private String[] properties() {
		List<String> properties = new ArrayList<>(List.of(this.cloud.properties("default", "render")));
		properties.add("jobs.cloud-run.queues.render.tasks=3");
		return properties.toArray(String[]::new);
	}

	private List<Integer> tasks() {
		return this.cloud.executions().stream().map((execution) -> execution.tasks().size()).toList();
	}

	private static List<Long> items() {
		return LongStream.range(0, ITEMS).boxed().toList();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ JobsAutoConfiguration.class, CloudRunJobAutoConfiguration.class,
			RunOnceAutoConfiguration.class })
	static class Application {

	}

	/** Jobs whose bean all the applications share, as they would a database. */
	static class Walks {

		final List<Long> visited = new CopyOnWriteArrayList<>();

		final List<String> seen = new CopyOnWriteArrayList<>();

		final List<Long> stopAt = new CopyOnWriteArrayList<>();

		final List<Long> failAt = new CopyOnWriteArrayList<>();

		Runnable beforeStop = () -> {
		};

		@BackgroundJob
		Iteration<Long> walk() {
			return Iteration.over(Sources.range(0, ITEMS))
				.each(this::visit)
				.onStart(() -> this.seen.add(part()))
				.parallel(3);
		}

		@BackgroundJob
		void say(String text) {
			this.seen.add(part() + ": " + text);
		}

		@BackgroundJob(queue = "render")
		void render(String text) {
			ParallelPart part = JobContext.current().parallel();
			failIfPlanned((part != null) ? part.index() : -1);
			this.seen.add(part() + ": " + text);
		}

		@BackgroundJob(maxAttempts = "1")
		void once() {
			failIfPlanned(0);
			this.seen.add("once");
		}

		private void visit(Long item) {
			failIfPlanned(item);
			if (this.stopAt.remove(item)) {
				this.beforeStop.run();
				JobContext.current().requestStop();
			}
			this.visited.add(item);
		}

		private void failIfPlanned(long item) {
			if (this.failAt.remove(Long.valueOf(item))) {
				throw new IllegalStateException("planned");
			}
		}

		private static String part() {
			ParallelPart part = JobContext.current().parallel();
			return (part != null) ? part.index() + " of " + part.count() : "alone";
		}

	}

}
