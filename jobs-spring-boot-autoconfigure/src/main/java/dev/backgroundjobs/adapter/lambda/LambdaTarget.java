package dev.backgroundjobs.adapter.lambda;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.backgroundjobs.adapter.aws.AwsTarget;
import dev.backgroundjobs.adapter.lambda.LambdaFunctions.Function;
import dev.backgroundjobs.backend.BackendRequests;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * The ARNs of functions. One that is given by name is asked for when it is first needed.
 * Safe for use by several threads.
 */
final class LambdaTarget implements AwsTarget {

	private final Supplier<LambdaClient> client;

	private final LambdaFunctions functions;

	private final LambdaFailures failures;

	private final BackendRequests requests;

	private final Map<Function, String> arns = new ConcurrentHashMap<>();

	LambdaTarget(Supplier<LambdaClient> client, LambdaFunctions functions, LambdaFailures failures,
			BackendRequests requests) {
		this.client = client;
		this.functions = functions;
		this.failures = failures;
		this.requests = requests;
	}

	@Override
	public String backend() {
		return LambdaJobBackend.NAME;
	}

	@Override
	public @Nullable String arn(String queue) {
		Function function = this.functions.find(queue);
		if (function == null) {
			return null;
		}
		String arn = function.arn();
		return (arn != null) ? arn : this.arns.computeIfAbsent(function, (key) -> ask(queue, key));
	}

	private String ask(String queue, Function function) {
		this.requests.count(LambdaJobBackend.NAME, "lookup", 0);
		try {
			return this.client.get()
				.getFunctionConfiguration(
						(request) -> request.functionName(function.name()).qualifier(function.qualifier()))
				.functionArn();
		}
		catch (SdkException ex) {
			throw this.failures.of(ex, queue, function, "lambda:GetFunctionConfiguration");
		}
	}

}
