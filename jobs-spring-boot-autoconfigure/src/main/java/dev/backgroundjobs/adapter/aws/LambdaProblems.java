package dev.backgroundjobs.adapter.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;

import dev.backgroundjobs.autoconfigure.StartProblems;

/**
 * What would lose jobs on Lambda without a word.
 */
final class LambdaProblems implements StartProblems {

	private static final Logger logger = LoggerFactory.getLogger(LambdaProblems.class);

	private static final String ERROR_STATUS_CODES = "AWS_LWA_ERROR_STATUS_CODES";

	private static final String PASS_THROUGH_PATH = "AWS_LWA_PASS_THROUGH_PATH";

	private final Environment environment;

	private final BooleanSupplier hasEndpoint;

	private final BooleanSupplier hasAuthenticator;

	LambdaProblems(Environment environment, BooleanSupplier hasEndpoint, BooleanSupplier hasAuthenticator) {
		this.environment = environment;
		this.hasEndpoint = hasEndpoint;
		this.hasAuthenticator = hasAuthenticator;
	}

	@Override
	public List<String> find() {
		String function = this.environment.getProperty("AWS_LAMBDA_FUNCTION_NAME");
		if (function == null) {
			return List.of();
		}
		List<String> problems = new ArrayList<>();
		if (!this.hasAuthenticator.getAsBoolean()) {
			problems.add("This is Lambda, and the application was processed ahead of time for another place, so that "
					+ "it would refuse Lambda's events: set the variable AWS_LAMBDA_FUNCTION_NAME to any value while it "
					+ "is built");
		}
		if (this.hasEndpoint.getAsBoolean()) {
			checkAdapter(problems);
		}
		if (this.environment.getProperty("jobs.sqs.worker.enabled", Boolean.class, false)) {
			problems.add("Property 'jobs.sqs.worker.enabled' is true on Lambda, where nothing runs between "
					+ "invocations: remove it, and let an event source mapping deliver the queue");
		}
		logger.warn("Lambda stops chains of about 16 invocations that cause each other, such as retries and slices of "
				+ "iterations. Allow them once: aws lambda put-function-recursion-config --function-name {} "
				+ "--recursive-loop Allow", function);
		return problems;
	}

	private void checkAdapter(List<String> problems) {
		String codes = this.environment.getProperty(ERROR_STATUS_CODES);
		if (!ErrorStatusCodes.coverAll(codes)) {
			problems.add("On Lambda the variable '" + ERROR_STATUS_CODES + "' is "
					+ ((codes != null) ? "'" + codes + "'" : "not set")
					+ ", so that Lambda Web Adapter takes answers with other statuses for success, and jobs are lost: "
					+ "set it to 400-599 (or, where nothing delivers to the endpoint, set "
					+ "'jobs.endpoint.enabled=false')");
		}
		String path = this.environment.getProperty("server.servlet.context-path", "")
				+ this.environment.getProperty("jobs.endpoint.path", "/_jobs");
		String passThrough = this.environment.getProperty(PASS_THROUGH_PATH, "/events");
		if (!passThrough.equals(path)) {
			logger.warn("Lambda Web Adapter posts events to '{}', and jobs are taken at '{}': set the variable {}={}",
					passThrough, path, PASS_THROUGH_PATH, path);
		}
	}

}
