package dev.backgroundjobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that a job is started by events that nobody enqueued: a bucket that has a new
 * object, a message on a topic. Stands beside {@link BackgroundJob}, whose rules for
 * retries, timeouts and dead jobs hold as for any other job.
 * <p>
 * The method takes nothing or one argument: a {@link StorageObject}, which only events of
 * object storage have, an {@code io.cloudevents.CloudEvent}, or a type of its own that
 * the event's data is read into.
 * <p>
 * Patterns are those of Spring's {@code AntPathMatcher}, case-sensitive: {@code ?} is one
 * character, {@code *} any within a part between slashes, {@code **} any number of parts,
 * and {@code {name:regex}} what the expression takes. Placeholders are resolved. What is
 * empty matches everything; at least one is given.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnEvent {

	/**
	 * Pattern of the event's type.
	 * @return the pattern, such as {@code google.cloud.storage.object.v1.finalized};
	 * empty for every type
	 */
	String type() default "";

	/**
	 * Pattern of the event's source.
	 * @return the pattern, such as
	 * {@code //storage.googleapis.com/projects/_/buckets/invoices}; empty for every
	 * source
	 */
	String source() default "";

	/**
	 * Pattern of the event's subject. An event without one matches only the empty
	 * pattern.
	 * @return the pattern, such as {@code objects/in/*.docx}; empty for every subject
	 */
	String subject() default "";

}
