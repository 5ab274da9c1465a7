package dev.backgroundjobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that a method of a bean is a background job.
 * <p>
 * A job may run more than once: every platform delivers at least once, and a failed
 * attempt is repeated. A return value is ignored. The annotation can be used as a
 * meta-annotation.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface BackgroundJob {

	/**
	 * Name of the job on the wire: letters, digits, dots, dashes and underscores, at most
	 * 128 characters. Messages that are under way carry it, so it must stay when a class
	 * or method is renamed.
	 * @return the name; empty for the bean's simple class name and the method, such as
	 * {@code reports.generate}
	 */
	String name() default "";

	/**
	 * Former names under which messages may still arrive.
	 * @return the former names, none by default
	 */
	String[] aliases() default {};

	/**
	 * Queue the job is sent to: lower-case letters, digits and single dashes, starting
	 * with a letter, at most 40 characters. Placeholders are resolved.
	 * @return the queue
	 */
	String queue() default "default";

	/**
	 * Priority among the jobs of a queue, where the backend knows priorities; higher goes
	 * first.
	 * @return the priority, 0 by default
	 */
	int priority() default 0;

	/**
	 * Number of attempts, the first run included, 1 to 1000. Placeholders are resolved.
	 * With 1 the job can still run more than once, since platforms deliver at least once.
	 * @return the number of attempts; empty for {@code jobs.retry.max-attempts}
	 */
	String maxAttempts() default "";

	/**
	 * Wait between a failed attempt and the next.
	 * @return the backoff; what it leaves empty comes from {@code jobs.retry.backoff}
	 */
	Backoff backoff() default @Backoff;

	/**
	 * Exceptions after which the job is never run again and nothing is kept of it. Of
	 * {@code discardOn} and {@code retryOn} the type closest to the exception wins.
	 * @return the exception types, none by default
	 */
	Class<? extends Throwable>[] discardOn() default {};

	/**
	 * Exceptions after which the job is run again. Any other exception makes the job dead
	 * at once: kept for a person.
	 * @return the exception types; none means all
	 */
	Class<? extends Throwable>[] retryOn() default {};

	/**
	 * Longest time one attempt may take, as {@code 10m} or {@code PT10M}. The thread of
	 * an attempt that takes longer is interrupted, and the attempt has failed.
	 * Placeholders are resolved.
	 * @return the timeout; empty for none but the platform's own
	 */
	String timeout() default "";

}
