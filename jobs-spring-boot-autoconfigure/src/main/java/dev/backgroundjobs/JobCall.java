package dev.backgroundjobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A call of a job: which one, with what arguments, when, and how. Immutable.
 */
public final class JobCall {

	private final @Nullable JobMethod method;

	private final @Nullable String name;

	private final List<@Nullable Object> arguments;

	private final @Nullable Duration delay;

	private final @Nullable Instant time;

	private final JobOptions options;

	private JobCall(@Nullable JobMethod method, @Nullable String name, List<@Nullable Object> arguments,
			@Nullable Duration delay, @Nullable Instant time, JobOptions options) {
		this.method = method;
		this.name = name;
		this.arguments = arguments;
		this.delay = delay;
		this.time = time;
		this.options = options;
	}

	/**
	 * Call a job without arguments.
	 * @param <T> the bean's type
	 * @param method the job method
	 * @return the call
	 */
	public static <T> JobCall of(JobMethod.Of0<T> method) {
		return new JobCall(Objects.requireNonNull(method, "method"), null, listOf(), null, null, JobOptions.none());
	}

	/**
	 * Call a job with one argument.
	 * @param <T> the bean's type
	 * @param <A> the parameter's type
	 * @param method the job method
	 * @param argument the argument
	 * @return the call
	 */
	public static <T, A extends @Nullable Object> JobCall of(JobMethod.Of1<T, A> method, A argument) {
		return new JobCall(Objects.requireNonNull(method, "method"), null, listOf(argument), null, null,
				JobOptions.none());
	}

	/**
	 * Call a job with two arguments.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param method the job method
	 * @param first the first argument
	 * @param second the second argument
	 * @return the call
	 */
	public static <T, A extends @Nullable Object, B extends @Nullable Object> JobCall of(JobMethod.Of2<T, A, B> method,
			A first, B second) {
		return new JobCall(Objects.requireNonNull(method, "method"), null, listOf(first, second), null, null,
				JobOptions.none());
	}

	/**
	 * Call a job with three arguments.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param <C> the third parameter's type
	 * @param method the job method
	 * @param first the first argument
	 * @param second the second argument
	 * @param third the third argument
	 * @return the call
	 */
	public static <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> JobCall of(
			JobMethod.Of3<T, A, B, C> method, A first, B second, C third) {
		return new JobCall(Objects.requireNonNull(method, "method"), null, listOf(first, second, third), null, null,
				JobOptions.none());
	}

	/**
	 * Call a job by its wire name.
	 * @param name the job's name or one of its aliases
	 * @param arguments the arguments, in the order of the method's parameters
	 * @return the call
	 */
	public static JobCall of(String name, @Nullable Object... arguments) {
		return new JobCall(null, Objects.requireNonNull(name, "name"), listOf(arguments), null, null,
				JobOptions.none());
	}

	/**
	 * Run the job after a delay.
	 * @param delay the delay; zero or less means now
	 * @return a call with that delay
	 */
	public JobCall in(Duration delay) {
		return new JobCall(this.method, this.name, this.arguments, Objects.requireNonNull(delay, "delay"), null,
				this.options);
	}

	/**
	 * Run the job at a time.
	 * @param time the time; one in the past means now
	 * @return a call for that time
	 */
	public JobCall at(Instant time) {
		return new JobCall(this.method, this.name, this.arguments, null, Objects.requireNonNull(time, "time"),
				this.options);
	}

	/**
	 * Send the job with options. They win over those the call already has.
	 * @param options the options
	 * @return a call with these options
	 */
	public JobCall with(JobOptions options) {
		return new JobCall(this.method, this.name, this.arguments, this.delay, this.time,
				this.options.overriddenBy(options));
	}

	/**
	 * Return the reference to the job method.
	 * @return the reference, or {@code null} for a call by name
	 */
	public @Nullable JobMethod method() {
		return this.method;
	}

	/**
	 * Return the job's wire name.
	 * @return the name, or {@code null} for a call by method reference
	 */
	public @Nullable String name() {
		return this.name;
	}

	/**
	 * Return the arguments.
	 * @return the arguments, unmodifiable
	 */
	public List<@Nullable Object> arguments() {
		return this.arguments;
	}

	/**
	 * Return the delay.
	 * @return the delay, or {@code null} when none was given
	 */
	public @Nullable Duration delay() {
		return this.delay;
	}

	/**
	 * Return the time to run at.
	 * @return the time, or {@code null} when none was given
	 */
	public @Nullable Instant time() {
		return this.time;
	}

	/**
	 * Return the options.
	 * @return the options
	 */
	public JobOptions options() {
		return this.options;
	}

	/**
	 * Describe the call without its arguments.
	 */
	@Override
	public String toString() {
		return "JobCall[" + ((this.name != null) ? this.name : "method reference") + ", " + this.arguments.size()
				+ " arguments]";
	}

	// A call such as of("name", null) passes no array: it means one argument, null.
	private static List<@Nullable Object> listOf(@Nullable Object @Nullable ... arguments) {
		return (arguments != null) ? Collections.unmodifiableList(Arrays.asList(arguments.clone()))
				: Collections.singletonList(null);
	}

}
