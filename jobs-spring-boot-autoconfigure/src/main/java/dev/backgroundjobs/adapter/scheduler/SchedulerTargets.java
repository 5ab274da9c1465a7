package dev.backgroundjobs.adapter.scheduler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.aws.AwsTarget;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Where the messages of every queue are delivered. Safe for use by several threads.
 */
final class SchedulerTargets {

	private final Map<String, String> arns = new HashMap<>();

	private final Supplier<List<AwsTarget>> backends;

	private final BackendJobs jobs;

	SchedulerTargets(SchedulerJobProperties properties, Supplier<List<AwsTarget>> backends, BackendJobs jobs) {
		properties.queues().forEach((queue, settings) -> {
			if (StringUtils.hasText(settings.targetArn())) {
				this.arns.put(MessageNames.withoutDashes(queue), settings.targetArn().strip());
			}
		});
		this.backends = backends;
		this.jobs = jobs;
	}

	Target get(String queue) {
		Target target = find(queue);
		if (target == null) {
			throw new JobException("EventBridge Scheduler cannot tell where queue '" + queue + "' is: set '"
					+ property(queue) + "' to the ARN of its SQS queue or function");
		}
		String problem = target.problem();
		if (problem != null) {
			throw new JobException("Queue '" + queue + "' is " + problem);
		}
		return target;
	}

	private @Nullable Target find(String queue) {
		Target configured = configured(queue);
		if (configured != null) {
			return configured;
		}
		return ofBackend(queue).map((backend) -> backend.arn(queue)).map(Target::new).orElse(null);
	}

	@Nullable Target configured(String queue) {
		String arn = this.arns.get(MessageNames.withoutDashes(queue));
		return (arn != null) ? new Target(arn) : null;
	}

	/**
	 * Return whether somebody can tell where a queue is, without asking AWS.
	 */
	boolean isKnown(String queue) {
		return configured(queue) != null || ofBackend(queue).isPresent();
	}

	private Optional<AwsTarget> ofBackend(String queue) {
		String backend = this.jobs.backendOf(queue);
		return this.backends.get().stream().filter((target) -> target.backend().equals(backend)).findFirst();
	}

	static String property(String queue) {
		return "jobs.eventbridge-scheduler.queues." + queue + ".target-arn";
	}

	/**
	 * An SQS queue or a function.
	 *
	 * @param arn its ARN
	 */
	record Target(String arn) {

		boolean isFunction() {
			return service().equals("lambda");
		}

		/**
		 * Return what is wrong with it as a target, or {@code null}.
		 */
		@Nullable String problem() {
			if (!isFunction() && !service().equals("sqs")) {
				return "'" + this.arn + "', where EventBridge Scheduler delivers no messages: give the ARN of an SQS "
						+ "queue (arn:aws:sqs:...) or of a function (arn:aws:lambda:...)";
			}
			if (this.arn.endsWith(".fifo")) {
				return "'" + this.arn + "', which keeps the order of its messages, so that none can be put off: drop "
						+ "the delay, or send to a queue without order";
			}
			return null;
		}

		// arn:<partition>:<service>:<region>:<account>:<resource>
		private String service() {
			String[] parts = this.arn.split(":", 6);
			return (parts.length == 6 && parts[0].equals("arn")) ? parts[2] : "";
		}

	}

}
