package dev.backgroundjobs.adapter.cloudrun;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.google.cloud.run.v2.Condition;
import com.google.cloud.run.v2.Execution;
import com.google.cloud.run.v2.RunJobRequest;
import com.google.cloud.run.v2.RunJobRequest.Overrides.ContainerOverride;
import com.google.protobuf.Timestamp;
import dev.backgroundjobs.adapter.cloudrun.TestCloudRun.TaskRunner;

/**
 * An execution of the {@link TestCloudRun double}: its tasks, each of which is run until
 * it succeeds or has used up its retries.
 */
final class TestExecution {

	private final RunJobRequest request;

	private final String shortName;

	private final List<Task> tasks = new ArrayList<>();

	/** When it was created. */
	final Instant createdAt = Clock.systemUTC().instant();

	private volatile boolean started;

	private volatile boolean cancelled;

	TestExecution(RunJobRequest request, int number) {
		this.request = request;
		this.shortName = request.getName().substring(TestCloudRun.PARENT.length()) + "-" + number;
		for (int i = 0; i < Math.max(1, request.getOverrides().getTaskCount()); i++) {
			this.tasks.add(new Task(i));
		}
	}

	String shortName() {
		return this.shortName;
	}

	String name() {
		return this.request.getName() + "/executions/" + this.shortName;
	}

	String message() {
		return String.valueOf(overrides().get("JOBS_MESSAGE"));
	}

	List<Task> tasks() {
		return this.tasks;
	}

	/**
	 * The exit codes of a task, one for each attempt.
	 */
	List<Integer> exitCodes(int index) {
		return List.copyOf(this.tasks.get(index).exitCodes);
	}

	boolean hasEnded() {
		return this.cancelled || this.tasks.stream().allMatch(Task::hasEnded);
	}

	void cancel() {
		this.cancelled = true;
	}

	void start() {
		this.started = true;
	}

	void runOnce(TaskRunner runner) {
		for (Task task : this.tasks) {
			if (!this.cancelled && !task.hasEnded()) {
				run(task, runner);
			}
		}
	}

	private void run(Task task, TaskRunner runner) {
		this.started = true;
		task.exitCodes.add(runner.run(variables(task.index)));
	}

	/**
	 * The environment of the next attempt of a task.
	 */
	Map<String, String> variables(int index) {
		Map<String, String> variables = overrides();
		variables.put("CLOUD_RUN_JOB", this.request.getName().substring(TestCloudRun.PARENT.length()));
		variables.put("CLOUD_RUN_EXECUTION", this.shortName);
		variables.put("CLOUD_RUN_TASK_INDEX", Integer.toString(index));
		variables.put("CLOUD_RUN_TASK_COUNT", Integer.toString(this.tasks.size()));
		variables.put("CLOUD_RUN_TASK_ATTEMPT", Integer.toString(this.tasks.get(index).exitCodes.size()));
		return variables;
	}

	private Map<String, String> overrides() {
		Map<String, String> variables = new TreeMap<>();
		for (ContainerOverride container : this.request.getOverrides().getContainerOverridesList()) {
			container.getEnvList().forEach((variable) -> variables.put(variable.getName(), variable.getValue()));
		}
		return variables;
	}

	Execution describe() {
		int succeeded = (int) this.tasks.stream().filter(Task::hasSucceeded).count();
		int failed = (int) this.tasks.stream().filter((task) -> task.hasEnded() && !task.hasSucceeded()).count();
		Timestamp now = Timestamp.newBuilder().setSeconds(Clock.systemUTC().instant().getEpochSecond()).build();
		Execution.Builder execution = Execution.newBuilder()
			.setName(name())
			.setJob(this.request.getName())
			.setTaskCount(this.tasks.size())
			.setSucceededCount(succeeded)
			.setFailedCount(failed)
			.setCreateTime(now);
		if (this.started) {
			execution.setStartTime(now);
		}
		if (this.cancelled) {
			execution.setCancelledCount(this.tasks.size() - succeeded - failed);
			execution.addConditions(Condition.newBuilder()
				.setType("Completed")
				.setState(Condition.State.CONDITION_FAILED)
				.setExecutionReason(Condition.ExecutionReason.CANCELLED));
		}
		if (hasEnded()) {
			execution.setCompletionTime(now);
		}
		return execution.build();
	}

	/**
	 * One of the tasks.
	 */
	static final class Task {

		private final int index;

		private final List<Integer> exitCodes = new ArrayList<>();

		private Task(int index) {
			this.index = index;
		}

		boolean hasSucceeded() {
			return this.exitCodes.contains(0);
		}

		boolean hasEnded() {
			return hasSucceeded() || this.exitCodes.size() > TestCloudRun.MAX_RETRIES;
		}

	}

}
