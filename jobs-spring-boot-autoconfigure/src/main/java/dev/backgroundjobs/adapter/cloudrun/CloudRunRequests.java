package dev.backgroundjobs.adapter.cloudrun;

import java.time.Duration;
import java.util.List;

import com.google.cloud.run.v2.EnvVar;
import com.google.cloud.run.v2.RunJobRequest;
import com.google.cloud.run.v2.RunJobRequest.Overrides;
import com.google.cloud.run.v2.RunJobRequest.Overrides.ContainerOverride;
import dev.backgroundjobs.adapter.cloudrun.CloudRunQueues.Target;
import dev.backgroundjobs.adapter.runonce.RunOnce;
import dev.backgroundjobs.autoconfigure.JobTimeouts;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * Makes executions of messages. Safe for use by several threads.
 */
final class CloudRunRequests {

	/**
	 * The environment variable with the number of tasks that were asked for, so that an
	 * execution which somebody has changed is noticed.
	 */
	static final String TASKS = "JOBS_TASKS";

	/** The environment variable with the seconds after which a task is stopped. */
	static final String TIMEOUT = "JOBS_TASK_TIMEOUT";

	/**
	 * The longest run of a task: 7 days
	 * (https://docs.cloud.google.com/run/docs/configuring/task-timeout), of tasks with a
	 * GPU less.
	 */
	static final Duration MAX_TIMEOUT = Duration.ofDays(7);

	/**
	 * What a task gets beyond the job's own timeout, which begins only when the
	 * application has started, and after which it is reported and a successor is sent.
	 */
	static final Duration MARGIN = Duration.ofMinutes(5);

	private final JobTimeouts timeouts;

	private final List<CloudRunJobCustomizer> customizers;

	CloudRunRequests(JobTimeouts timeouts, List<CloudRunJobCustomizer> customizers) {
		this.timeouts = timeouts;
		this.customizers = List.copyOf(customizers);
	}

	/**
	 * Make the request that starts the execution of a message.
	 * @param tasks how many tasks get the message
	 */
	RunJobRequest request(JobMessage message, EncodedMessage encoded, Target target, int tasks) {
		// What the Cloud Run job says of the number of tasks is meant for other uses of
		// it.
		Overrides.Builder overrides = Overrides.newBuilder().setTaskCount(tasks);
		ContainerOverride.Builder container = overrides.addContainerOverridesBuilder()
			.addEnv(variable(RunOnce.MESSAGE, encoded.text()))
			.addEnv(variable(RunOnce.SENDER, CloudRunJobBackend.NAME))
			.addEnv(variable(TASKS, Integer.toString(tasks)));
		if (target.container() != null) {
			container.setName(target.container());
		}
		Duration timeout = timeout(message, target);
		if (timeout != null) {
			// Cloud Run takes whole seconds.
			overrides.setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(timeout.toSeconds()));
			container.addEnv(variable(TIMEOUT, Long.toString(timeout.toSeconds())));
		}
		RunJobRequest.Builder request = RunJobRequest.newBuilder()
			.setName(target.job().toString())
			.setOverrides(overrides);
		this.customizers.forEach((customizer) -> customizer.customize(request, message));
		return request.build();
	}

	private @Nullable Duration timeout(JobMessage message, Target target) {
		Duration own = this.timeouts.of(message.job());
		if (own == null) {
			return target.timeout();
		}
		Duration timeout = own.plus(MARGIN);
		return (timeout.compareTo(MAX_TIMEOUT) < 0) ? timeout : MAX_TIMEOUT;
	}

	private static EnvVar variable(String name, String value) {
		return EnvVar.newBuilder().setName(name).setValue(value).build();
	}

}
