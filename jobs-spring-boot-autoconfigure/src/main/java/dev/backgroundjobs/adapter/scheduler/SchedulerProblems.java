package dev.backgroundjobs.adapter.scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.Map;

import dev.backgroundjobs.adapter.scheduler.SchedulerTargets.Target;
import dev.backgroundjobs.autoconfigure.JobsProperties;
import dev.backgroundjobs.autoconfigure.StartProblems;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * What would keep schedules from being created, or from delivering.
 */
final class SchedulerProblems implements StartProblems {

	private static final Logger logger = LoggerFactory.getLogger(SchedulerProblems.class);

	// EventBridge Scheduler allows 0 to 185 retries, and 60 s to 24 h.
	private static final int MAX_ATTEMPTS = 185;

	private static final Duration MIN_AGE = Duration.ofSeconds(60);

	private static final Duration MAX_AGE = Duration.ofDays(1);

	private static final Pattern ROLE = Pattern.compile("arn:[a-z-]+:iam::[0-9]+:role/.+");

	private final SchedulerJobProperties properties;

	private final JobsProperties jobs;

	private final SchedulerTargets targets;

	SchedulerProblems(SchedulerJobProperties properties, JobsProperties jobs, SchedulerTargets targets) {
		this.properties = properties;
		this.jobs = jobs;
		this.targets = targets;
	}

	@Override
	public List<String> find() {
		List<String> problems = new ArrayList<>();
		if (!StringUtils.hasText(this.properties.roleArn())) {
			problems.add("Property 'jobs.eventbridge-scheduler.role-arn' is not set: give the ARN of the role that "
					+ "EventBridge Scheduler delivers messages with");
		}
		else if (!ROLE.matcher(this.properties.roleArn()).matches()) {
			problems.add("Property 'jobs.eventbridge-scheduler.role-arn' is '" + this.properties.roleArn()
					+ "': give the ARN of a role, such as arn:aws:iam::123456789012:role/scheduler");
		}
		int attempts = this.properties.maxAttempts();
		if (attempts < 0 || attempts > MAX_ATTEMPTS) {
			problems.add("Property 'jobs.eventbridge-scheduler.max-attempts' is " + attempts + ": give 0 to "
					+ MAX_ATTEMPTS);
		}
		Duration age = this.properties.maxAge();
		if (age.compareTo(MIN_AGE) < 0 || age.compareTo(MAX_AGE) > 0) {
			problems.add("Property 'jobs.eventbridge-scheduler.max-age' is " + age + ": give 60s to 24h");
		}
		this.properties.queues().keySet().forEach((queue) -> checkTarget(queue, problems));
		for (Map.Entry<String, JobsProperties.Queue> queue : this.jobs.queues().entrySet()) {
			if (isOurs(queue.getValue().delayBackend()) && !this.targets.isKnown(queue.getKey())) {
				problems.add("Queue '" + queue.getKey() + "' has delay-backend 'eventbridge-scheduler', and its own "
						+ "backend is nowhere that it delivers to: set '" + SchedulerTargets.property(queue.getKey())
						+ "' to the ARN of an SQS queue or function, or another delay-backend");
			}
		}
		if (!StringUtils.hasText(this.properties.deadLetterArn())) {
			logger.warn("What EventBridge Scheduler cannot deliver is kept nowhere: set "
					+ "'jobs.eventbridge-scheduler.dead-letter-arn' to the ARN of an SQS queue");
		}
		return problems;
	}

	private void checkTarget(String queue, List<String> problems) {
		Target target = this.targets.configured(queue);
		String problem = (target != null) ? target.problem() : null;
		if (problem != null) {
			problems.add("Property '" + SchedulerTargets.property(queue) + "' is " + problem);
		}
	}

	private static boolean isOurs(@Nullable String backend) {
		return backend != null && MessageNames.withoutDashes(backend.strip().replace('_', '-'))
			.equals(MessageNames.withoutDashes(SchedulerJobBackend.NAME));
	}

}
