package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What SQS says of a queue.
 *
 * @param arn its ARN, or {@code null} when SQS does not say
 * @param maxMessageBytes the largest message it takes, attributes included
 * @param visibilityTimeout how long a message that was received is kept from others, or
 * {@code null} when SQS does not say
 * @param redrive what becomes of messages that are received too often, or {@code null}
 * when they stay
 */
record SqsAttributes(@Nullable String arn, int maxMessageBytes, @Nullable Duration visibilityTimeout,
		@Nullable Redrive redrive) {

	/** The largest message, and the largest request of several: 1 MiB. */
	static final int MAX_BYTES = 1_048_576;

	static final List<QueueAttributeName> NAMES = List.of(QueueAttributeName.QUEUE_ARN,
			QueueAttributeName.MAXIMUM_MESSAGE_SIZE, QueueAttributeName.VISIBILITY_TIMEOUT,
			QueueAttributeName.REDRIVE_POLICY);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	static SqsAttributes of(Map<QueueAttributeName, String> attributes) {
		String bytes = attributes.get(QueueAttributeName.MAXIMUM_MESSAGE_SIZE);
		String visibility = attributes.get(QueueAttributeName.VISIBILITY_TIMEOUT);
		return new SqsAttributes(attributes.get(QueueAttributeName.QUEUE_ARN),
				(bytes != null) ? Integer.parseInt(bytes) : MAX_BYTES,
				(visibility != null) ? Duration.ofSeconds(Long.parseLong(visibility)) : null,
				Redrive.of(attributes.get(QueueAttributeName.REDRIVE_POLICY)));
	}

	/**
	 * A queue's redrive policy.
	 *
	 * @param arn the ARN of the queue that takes what is received too often
	 * @param maxReceiveCount how often a message is received at most
	 */
	record Redrive(String arn, int maxReceiveCount) {

		private static @Nullable Redrive of(@Nullable String policy) {
			if (policy == null || policy.isBlank()) {
				return null;
			}
			JsonNode json = JSON.readTree(policy);
			String arn = json.path("deadLetterTargetArn").asString("");
			// A number or a text, as whoever wrote it liked.
			return arn.isEmpty() ? null : new Redrive(arn, json.path("maxReceiveCount").asInt(Integer.MAX_VALUE));
		}

		/**
		 * Return the name of that queue: the last part of
		 * {@code arn:aws:sqs:<region>:<account>:<name>}.
		 */
		String name() {
			return this.arn.substring(this.arn.lastIndexOf(':') + 1);
		}

		/**
		 * Return the account that owns that queue.
		 */
		String account() {
			String[] parts = this.arn.split(":", 6);
			return (parts.length == 6) ? parts[4] : "";
		}

	}

}
