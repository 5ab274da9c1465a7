package dev.backgroundjobs.adapter.aws;

import java.time.Duration;
import java.util.Map;

/**
 * Says when messages that Lambda has received from SQS and that are not done are received
 * again: Lambda itself leaves them invisible for as long as the queue says, which is many
 * times the function's timeout. A bean of the {@code sqs} backend; safe for use by
 * several threads.
 */
@FunctionalInterface
public interface SqsVisibility {

	/**
	 * Make messages visible after a time each. What fails is left to the queue.
	 * @param queueArn the ARN of the queue
	 * @param delays the times by receipt handle, in the order of the messages
	 */
	void change(String queueArn, Map<String, Duration> delays);

}
