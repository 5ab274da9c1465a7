package dev.backgroundjobs.adapter.cloudrun;

import java.time.Duration;
import java.time.Instant;

import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.cloud.run.v2.ExecutionName;
import dev.backgroundjobs.adapter.runonce.RunOnce;
import dev.backgroundjobs.adapter.runonce.RunOncePlatform;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;

/**
 * The task of an execution that this process is, as its environment variables say.
 */
final class CloudRunTask implements RunOncePlatform {

	private static final Logger logger = LoggerFactory.getLogger(CloudRunTask.class);

	// https://docs.cloud.google.com/run/docs/container-contract, variables of jobs.
	static final String JOB = "CLOUD_RUN_JOB";

	static final String EXECUTION = "CLOUD_RUN_EXECUTION";

	static final String INDEX = "CLOUD_RUN_TASK_INDEX";

	static final String COUNT = "CLOUD_RUN_TASK_COUNT";

	static final String ATTEMPT = "CLOUD_RUN_TASK_ATTEMPT";

	// Before this application knows the time: its container and its JVM have started.
	private static final Duration START = Duration.ofSeconds(15);

	private final Environment environment;

	private final CloudRunJobProperties properties;

	private final CloudRunExecutions executions;

	private final Instant started;

	CloudRunTask(Environment environment, CloudRunJobProperties properties, CloudRunExecutions executions,
			Instant started) {
		this.started = started;
		this.environment = environment;
		this.properties = properties;
		this.executions = executions;
	}

	@Override
	public String name() {
		return CloudRunJobBackend.NAME;
	}

	@Override
	public boolean isHere() {
		return this.environment.containsProperty(EXECUTION);
	}

	/**
	 * Ask whether the execution was cancelled: its tasks are told to stop then, and what
	 * they had left would come back as another execution.
	 */
	@Override
	public boolean isOwned() {
		ExecutionName name = execution();
		if (name == null) {
			return true;
		}
		try {
			return !this.executions.isCancelled(name);
		}
		catch (PermissionDeniedException ex) {
			logger.warn(
					"Execution '{}' is taken for one that nobody has cancelled, since the service account of the "
							+ "Cloud Run job may not ask: it needs run.executions.get, which roles/run.developer has",
					name.getExecution());
			return true;
		}
	}

	private @Nullable ExecutionName execution() {
		String project = this.properties.project();
		String location = this.properties.location();
		String job = this.environment.getProperty(JOB);
		String execution = this.environment.getProperty(EXECUTION);
		return (project != null && location != null && job != null && execution != null)
				? ExecutionName.of(project, location, job, execution) : null;
	}

	@Override
	public int redeliveries() {
		return number(ATTEMPT, 0);
	}

	/**
	 * Return when Cloud Run stops the task, which it then runs again whatever this
	 * process ends with: a job must not hand over what is left then.
	 */
	@Override
	public @Nullable Instant deadline() {
		int seconds = number(CloudRunRequests.TIMEOUT, 0);
		return (seconds > 0) ? this.started.plusSeconds(seconds).minus(START) : null;
	}

	@Override
	public Delivery.@Nullable Part part() {
		int asked = number(CloudRunRequests.TASKS, 1);
		int count = number(COUNT, 1);
		if (asked != count) {
			throw new UnreadableMessageException("is for " + asked + ((asked == 1) ? " task" : " tasks") + " ("
					+ CloudRunRequests.TASKS + "), and its execution has " + count + " (" + COUNT
					+ "): run it with --tasks=" + asked + ", or what each task does would be done too often or never");
		}
		return (count > 1) ? new Delivery.Part(number(INDEX, 0), count) : null;
	}

	/**
	 * Return the exit code. Cloud Run starts a task again after any other than 0, and
	 * knows none for never: a job that is dead was reported and has ended, and would only
	 * die again.
	 */
	@Override
	public int exitCode(Settlement settlement) {
		return (settlement == Settlement.DEAD) ? RunOnce.EXIT_DONE : RunOncePlatform.super.exitCode(settlement);
	}

	private int number(String variable, int absent) {
		String value = this.environment.getProperty(variable);
		try {
			return (value != null) ? Integer.parseInt(value.strip()) : absent;
		}
		catch (NumberFormatException ex) {
			throw new UnreadableMessageException("was given to a task whose variable " + variable + " is no number");
		}
	}

}
