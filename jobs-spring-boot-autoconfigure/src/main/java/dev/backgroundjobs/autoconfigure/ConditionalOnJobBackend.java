package dev.backgroundjobs.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Conditional;

/**
 * Matches when {@code jobs.backend}, or a queue's {@code backend} or
 * {@code delay-backend}, names a backend.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnJobBackendCondition.class)
public @interface ConditionalOnJobBackend {

	/**
	 * Name of the backend.
	 * @return the name
	 */
	String value();

}
