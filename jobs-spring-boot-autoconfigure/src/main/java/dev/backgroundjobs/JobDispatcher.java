package dev.backgroundjobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Sends jobs. Inject it as a bean; safe for use by several threads.
 * <p>
 * Inside a transaction a job is checked and serialised at the call and sent after the
 * commit; a rollback sends nothing. Every method throws {@link JobException} when the
 * call cannot become a message (unknown job, arguments that cannot travel, a message that
 * is too large) or the backend refuses it.
 */
public interface JobDispatcher {

	/**
	 * Send one call.
	 * @param call the call
	 * @return what was enqueued
	 */
	EnqueuedJob enqueue(JobCall call);

	/**
	 * Send several calls, in the platform's own batches where it has them.
	 * @param calls the calls
	 * @return what was enqueued, in the order of the calls
	 * @throws PartialEnqueueException when some calls could not be sent
	 */
	List<EnqueuedJob> enqueueAll(Collection<JobCall> calls);

	/**
	 * Send several calls, in the platform's own batches where it has them.
	 * @param calls the calls; the stream is closed
	 * @return what was enqueued, in the order of the calls
	 * @throws PartialEnqueueException when some calls could not be sent
	 */
	default List<EnqueuedJob> enqueueAll(Stream<JobCall> calls) {
		try (calls) {
			return enqueueAll(calls.toList());
		}
	}

	/**
	 * Return a dispatcher that sends with options.
	 * @param options the options
	 * @return a dispatcher with these options
	 */
	JobDispatcher with(JobOptions options);

	/**
	 * Send a job without arguments.
	 * @param <T> the bean's type
	 * @param method the job method
	 * @return what was enqueued
	 */
	default <T> EnqueuedJob enqueue(JobMethod.Of0<T> method) {
		return enqueue(JobCall.of(method));
	}

	/**
	 * Send a job with one argument.
	 * @param <T> the bean's type
	 * @param <A> the parameter's type
	 * @param method the job method
	 * @param argument the argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object> EnqueuedJob enqueue(JobMethod.Of1<T, A> method, A argument) {
		return enqueue(JobCall.of(method, argument));
	}

	/**
	 * Send a job with two arguments.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param method the job method
	 * @param first the first argument
	 * @param second the second argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object> EnqueuedJob enqueue(
			JobMethod.Of2<T, A, B> method, A first, B second) {
		return enqueue(JobCall.of(method, first, second));
	}

	/**
	 * Send a job with three arguments.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param <C> the third parameter's type
	 * @param method the job method
	 * @param first the first argument
	 * @param second the second argument
	 * @param third the third argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> EnqueuedJob enqueue(
			JobMethod.Of3<T, A, B, C> method, A first, B second, C third) {
		return enqueue(JobCall.of(method, first, second, third));
	}

	/**
	 * Send a job by its wire name.
	 * @param name the job's name or one of its aliases
	 * @param arguments the arguments, in the order of the method's parameters
	 * @return what was enqueued
	 */
	default EnqueuedJob enqueue(String name, @Nullable Object... arguments) {
		return enqueue(JobCall.of(name, arguments));
	}

	/**
	 * Send a job without arguments, to run after a delay.
	 * @param <T> the bean's type
	 * @param delay the delay
	 * @param method the job method
	 * @return what was enqueued
	 */
	default <T> EnqueuedJob enqueueIn(Duration delay, JobMethod.Of0<T> method) {
		return enqueue(JobCall.of(method).in(delay));
	}

	/**
	 * Send a job with one argument, to run after a delay.
	 * @param <T> the bean's type
	 * @param <A> the parameter's type
	 * @param delay the delay
	 * @param method the job method
	 * @param argument the argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object> EnqueuedJob enqueueIn(Duration delay, JobMethod.Of1<T, A> method,
			A argument) {
		return enqueue(JobCall.of(method, argument).in(delay));
	}

	/**
	 * Send a job with two arguments, to run after a delay.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param delay the delay
	 * @param method the job method
	 * @param first the first argument
	 * @param second the second argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object> EnqueuedJob enqueueIn(Duration delay,
			JobMethod.Of2<T, A, B> method, A first, B second) {
		return enqueue(JobCall.of(method, first, second).in(delay));
	}

	/**
	 * Send a job with three arguments, to run after a delay.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param <C> the third parameter's type
	 * @param delay the delay
	 * @param method the job method
	 * @param first the first argument
	 * @param second the second argument
	 * @param third the third argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> EnqueuedJob enqueueIn(
			Duration delay, JobMethod.Of3<T, A, B, C> method, A first, B second, C third) {
		return enqueue(JobCall.of(method, first, second, third).in(delay));
	}

	/**
	 * Send a job by its wire name, to run after a delay.
	 * @param delay the delay
	 * @param name the job's name or one of its aliases
	 * @param arguments the arguments
	 * @return what was enqueued
	 */
	default EnqueuedJob enqueueIn(Duration delay, String name, @Nullable Object... arguments) {
		return enqueue(JobCall.of(name, arguments).in(delay));
	}

	/**
	 * Send a job without arguments, to run at a time.
	 * @param <T> the bean's type
	 * @param time the time
	 * @param method the job method
	 * @return what was enqueued
	 */
	default <T> EnqueuedJob enqueueAt(Instant time, JobMethod.Of0<T> method) {
		return enqueue(JobCall.of(method).at(time));
	}

	/**
	 * Send a job with one argument, to run at a time.
	 * @param <T> the bean's type
	 * @param <A> the parameter's type
	 * @param time the time
	 * @param method the job method
	 * @param argument the argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object> EnqueuedJob enqueueAt(Instant time, JobMethod.Of1<T, A> method,
			A argument) {
		return enqueue(JobCall.of(method, argument).at(time));
	}

	/**
	 * Send a job with two arguments, to run at a time.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param time the time
	 * @param method the job method
	 * @param first the first argument
	 * @param second the second argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object> EnqueuedJob enqueueAt(Instant time,
			JobMethod.Of2<T, A, B> method, A first, B second) {
		return enqueue(JobCall.of(method, first, second).at(time));
	}

	/**
	 * Send a job with three arguments, to run at a time.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param <C> the third parameter's type
	 * @param time the time
	 * @param method the job method
	 * @param first the first argument
	 * @param second the second argument
	 * @param third the third argument
	 * @return what was enqueued
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> EnqueuedJob enqueueAt(
			Instant time, JobMethod.Of3<T, A, B, C> method, A first, B second, C third) {
		return enqueue(JobCall.of(method, first, second, third).at(time));
	}

	/**
	 * Send a job by its wire name, to run at a time.
	 * @param time the time
	 * @param name the job's name or one of its aliases
	 * @param arguments the arguments
	 * @return what was enqueued
	 */
	default EnqueuedJob enqueueAt(Instant time, String name, @Nullable Object... arguments) {
		return enqueue(JobCall.of(name, arguments).at(time));
	}

}
