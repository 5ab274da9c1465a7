package dev.backgroundjobs.adapter.aws;

import org.jspecify.annotations.Nullable;

/**
 * Knows the resources that the queues of one backend are on AWS, for whoever delivers
 * there in its place. A bean of each backend of this family; safe for use by several
 * threads.
 */
public interface AwsTarget {

	/**
	 * Return the name of the backend.
	 * @return the name
	 */
	String backend();

	/**
	 * Return the ARN of what a queue's messages are sent to. May ask AWS the first time.
	 * @param queue the queue
	 * @return the ARN, or {@code null} when it is not known
	 */
	@Nullable String arn(String queue);

}
