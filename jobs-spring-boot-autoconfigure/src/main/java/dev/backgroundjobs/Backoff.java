package dev.backgroundjobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Wait between a failed attempt of a {@link BackgroundJob} and the next:
 * {@code delay × multiplier^(attempt − 1)}, at most {@code maxDelay}, plus or minus a
 * random part. Placeholders are resolved in every attribute.
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Backoff {

	/**
	 * Wait after the first failed attempt, as {@code 3s} or {@code PT3S}.
	 * @return the delay; empty for {@code jobs.retry.backoff.delay}
	 */
	String delay() default "";

	/**
	 * Factor by which the wait grows with every attempt, 1 or more.
	 * @return the multiplier; empty for {@code jobs.retry.backoff.multiplier}
	 */
	String multiplier() default "";

	/**
	 * Longest wait before the random part is added.
	 * @return the longest wait; empty for {@code jobs.retry.backoff.max-delay}
	 */
	String maxDelay() default "";

	/**
	 * Largest random part of the wait, as a fraction of it, 0 to 1.
	 * @return the factor; empty for {@code jobs.retry.backoff.jitter-factor}
	 */
	String jitterFactor() default "";

}
