package dev.backgroundjobs.adapter.lambda;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.backgroundjobs.adapter.lambda.LambdaFunctions.Function;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.autoconfigure.StartProblems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What would keep functions from being invoked, or from running their jobs.
 */
final class LambdaProblems implements StartProblems {

	private static final Logger logger = LoggerFactory.getLogger(LambdaProblems.class);

	// The SDK's HTTP client has 50 connections.
	private static final int MAX_CONCURRENCY = 50;

	// A function runs for 15 min at most, and on managed instances for 90 min.
	private static final Duration MAX_TIMEOUT = Duration.ofMinutes(15);

	private static final Duration MAX_MANAGED_TIMEOUT = Duration.ofMinutes(90);

	private final LambdaJobProperties properties;

	private final LambdaFunctions functions;

	private final BackendJobs jobs;

	LambdaProblems(LambdaJobProperties properties, LambdaFunctions functions, BackendJobs jobs) {
		this.properties = properties;
		this.functions = functions;
		this.jobs = jobs;
	}

	@Override
	public List<String> find() {
		Set<String> problems = new LinkedHashSet<>();
		int concurrency = this.properties.concurrency();
		if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
			problems.add("Property 'jobs.lambda.concurrency' is " + concurrency + ": give 1 to " + MAX_CONCURRENCY);
		}
		this.properties.queues().keySet().forEach((queue) -> checkFunction(queue, problems));
		for (BackendJob job : this.jobs.on(LambdaJobBackend.NAME)) {
			if (this.functions.find(job.queue()) == null) {
				problems.add("Queue '" + job.queue() + "' has backend 'lambda' and no function: set '"
						+ LambdaFunctions.property(job.queue()) + "' to the name or ARN of the one that runs its jobs");
			}
			checkTimeout(job, problems);
		}
		return List.copyOf(problems);
	}

	private void checkFunction(String queue, Set<String> problems) {
		Function function = this.functions.find(queue);
		if (function == null) {
			problems.add("Property '" + LambdaFunctions.property(queue)
					+ "' is not set: give the name or ARN of the function that runs the queue's jobs");
		}
		else if (function.name().startsWith("arn:") && !function.name().contains(":function:")) {
			problems.add("Property '" + LambdaFunctions.property(queue) + "' is '" + function.name()
					+ "', which is no ARN of a function: give its name, or arn:aws:lambda:<region>:<account>:"
					+ "function:<name>");
		}
		else if (function.isQualifiedArn() && function.qualifier() != null) {
			problems.add("Property '" + LambdaFunctions.property(queue) + "' is '" + function.name()
					+ "', which names a version or alias, and so does 'jobs.lambda.queues." + queue
					+ ".qualifier': remove one");
		}
	}

	private static void checkTimeout(BackendJob job, Set<String> problems) {
		if (job.timeout() == null || job.timeout().compareTo(MAX_TIMEOUT) <= 0) {
			return;
		}
		if (job.timeout().compareTo(MAX_MANAGED_TIMEOUT) > 0) {
			problems.add("Job '" + job.name() + "' has a timeout of " + job.timeout()
					+ ", Lambda stops functions after 15 min, on managed instances after 90: give one within, or return "
					+ "an Iteration, which may take as long as it likes in slices");
		}
		else {
			logger.warn("Job '{}' has a timeout of {}, and Lambda stops functions after 15 min, but on managed "
					+ "instances: elsewhere its runs are stopped before", job.name(), job.timeout());
		}
	}

}
