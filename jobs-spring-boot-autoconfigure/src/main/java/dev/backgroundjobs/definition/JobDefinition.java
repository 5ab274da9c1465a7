package dev.backgroundjobs.definition;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Steps;
import org.jspecify.annotations.Nullable;

import org.springframework.core.GenericTypeResolver;

/**
 * A job that the application declares.
 *
 * @param name the name on the wire
 * @param aliases former names
 * @param queue the queue it is sent to
 * @param priority the priority, higher first
 * @param maxAttempts the number of attempts, the first run included
 * @param backoff the wait between attempts
 * @param discardOn exceptions after which it is never run again
 * @param retryOn exceptions after which it is run again; none means all
 * @param timeout the longest time one attempt may take, or {@code null}
 * @param onEvent which events start it, or {@code null} for none
 * @param beanName the name of the bean that has the method
 * @param beanType the bean's class behind proxies
 * @param method the method
 */
public record JobDefinition(String name, List<String> aliases, String queue, int priority, int maxAttempts,
		BackoffPolicy backoff, List<Class<? extends Throwable>> discardOn, List<Class<? extends Throwable>> retryOn,
		@Nullable Duration timeout, @Nullable EventPattern onEvent, String beanName, Class<?> beanType, Method method) {

	/**
	 * Create a definition.
	 */
	public JobDefinition {
		aliases = List.copyOf(aliases);
		discardOn = List.copyOf(discardOn);
		retryOn = List.copyOf(retryOn);
	}

	/**
	 * Return whether the method describes an iteration.
	 * @return whether it declares that it returns {@code Iteration} or {@code Steps}
	 */
	public boolean isIteration() {
		Class<?> type = returnType(this.beanType, this.method);
		return type == Iteration.class || type == Steps.class;
	}

	/**
	 * Return whether the job can begin after a position.
	 * @return whether it is an iteration without steps
	 */
	public boolean takesStartCursor() {
		return returnType(this.beanType, this.method) == Iteration.class;
	}

	// Resolving is for methods of generic classes only, since this is asked for every
	// run.
	private static Class<?> returnType(Class<?> beanType, Method method) {
		Class<?> type = method.getReturnType();
		return (type == Object.class) ? GenericTypeResolver.resolveReturnType(method, beanType) : type;
	}

	/**
	 * Return what is done after a failure of this job.
	 * @param failure the failure
	 * @return whether to run again, to discard, or neither
	 */
	public FailureRule ruleFor(Throwable failure) {
		int discard = closest(this.discardOn, failure);
		int retry = closest(this.retryOn, failure);
		if (discard <= retry && discard != Integer.MAX_VALUE) {
			return FailureRule.DISCARD;
		}
		return (this.retryOn.isEmpty() || retry != Integer.MAX_VALUE) ? FailureRule.RETRY : FailureRule.DEAD;
	}

	private static int closest(List<Class<? extends Throwable>> types, Throwable failure) {
		int closest = Integer.MAX_VALUE;
		for (Class<? extends Throwable> type : types) {
			int depth = 0;
			for (Class<?> c = failure.getClass(); c != null; c = c.getSuperclass(), depth++) {
				if (c == type) {
					closest = Math.min(closest, depth);
				}
			}
		}
		return closest;
	}

	/**
	 * What is done after a failure.
	 */
	public enum FailureRule {

		/** Run again while attempts are left. */
		RETRY,

		/** Never run again, keep nothing. */
		DISCARD,

		/** Do not run again, keep it for a person. */
		DEAD

	}

}
