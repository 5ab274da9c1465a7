package dev.backgroundjobs.adapter.lambda;

import java.util.HashMap;
import java.util.Map;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The function of every queue. Safe for use by several threads.
 */
final class LambdaFunctions {

	private final Map<String, Function> functions = new HashMap<>();

	LambdaFunctions(LambdaJobProperties properties) {
		properties.queues().forEach((queue, settings) -> {
			if (StringUtils.hasText(settings.function())) {
				String qualifier = StringUtils.hasText(settings.qualifier()) ? settings.qualifier().strip() : null;
				this.functions.put(MessageNames.withoutDashes(queue),
						new Function(settings.function().strip(), qualifier));
			}
		});
	}

	/**
	 * Return the function of a queue, or {@code null} when the properties do not say.
	 */
	@Nullable Function find(String queue) {
		return this.functions.get(MessageNames.withoutDashes(queue));
	}

	Function get(String queue) {
		Function function = find(queue);
		if (function == null) {
			throw new JobException("Queue '" + queue + "' has no function: set '" + property(queue)
					+ "' to the name or ARN of the function that runs its jobs");
		}
		return function;
	}

	static String property(String queue) {
		return "jobs.lambda.queues." + queue + ".function";
	}

	/**
	 * A function as it is invoked.
	 *
	 * @param name its name or ARN
	 * @param qualifier its version or alias, or {@code null} when the name has it or the
	 * latest version is meant
	 */
	record Function(String name, @Nullable String qualifier) {

		// arn:aws:lambda:<region>:<account>:function:<name>, and :<qualifier>, perhaps.
		private static final int COLONS = 6;

		boolean isArn() {
			return this.name.startsWith("arn:");
		}

		boolean isQualifiedArn() {
			return isArn() && this.name.chars().filter((c) -> c == ':').count() > COLONS;
		}

		/**
		 * Return the ARN, or {@code null} when only the name is known.
		 */
		@Nullable String arn() {
			if (!isArn()) {
				return null;
			}
			return (this.qualifier != null && !isQualifiedArn()) ? this.name + ":" + this.qualifier : this.name;
		}

	}

}
