package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.message.DerivedIds;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * A message as SQS takes it.
 *
 * @param message the message
 * @param body its text
 * @param attributes what can be seen of it without reading the body
 * @param group what it is kept in order with, or fairly shared by, or {@code null}
 * @param deduplicationId under which a FIFO queue takes it once, or {@code null} for
 * other queues
 * @param bytes its size as SQS counts it, with the attributes
 */
record SqsEntry(JobMessage message, String body, Map<String, MessageAttributeValue> attributes, @Nullable String group,
		@Nullable String deduplicationId, int bytes) {

	/** How long a call is tried. */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	/** How long a request is waited for before it is tried again. */
	static final Duration ATTEMPT_PATIENCE = Duration.ofSeconds(5);

	/** For calls that somebody waits for. */
	static final AwsRequestOverrideConfiguration OVERRIDES = AwsRequestOverrideConfiguration.builder()
		.apiCallTimeout(PATIENCE)
		.apiCallAttemptTimeout(ATTEMPT_PATIENCE)
		.build();

	/**
	 * The most that attributes take of a message's size: 137 bytes for the longest job,
	 * 44 for the id, 51 for the longest queue, 273 for the longest trace context, each
	 * with its name and type; rounded up.
	 */
	static final int MAX_ATTRIBUTE_BYTES = 512;

	private static final String STRING = "String";

	private static final int MAX_TRACEPARENT = 256;

	/**
	 * Make an entry of a message.
	 * @param message the message
	 * @param encoded its form that travels
	 * @param isFifo whether it goes to a FIFO queue
	 */
	static SqsEntry of(JobMessage message, EncodedMessage encoded, boolean isFifo) {
		String text = encoded.text();
		String body = SqsText.escaped(text);
		int bytes = body.equals(text) ? encoded.bytes().length : SqsText.bytes(body);
		Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>(8);
		bytes += put(attributes, "job", message.job());
		bytes += put(attributes, "id", message.id());
		bytes += put(attributes, "queue", message.queue());
		String traceparent = message.headers().get("traceparent");
		if (traceparent != null && isPlain(traceparent)) {
			bytes += put(attributes, "traceparent", traceparent);
		}
		String group = (message.group() != null || !isFifo) ? message.group() : message.queue();
		return new SqsEntry(message, body, attributes, group, isFifo ? deduplicationId(message) : null, bytes);
	}

	private static int put(Map<String, MessageAttributeValue> attributes, String name, String value) {
		attributes.put(name, MessageAttributeValue.builder().dataType(STRING).stringValue(value).build());
		return name.length() + STRING.length() + value.length();
	}

	// Whatever a caller wrote there.
	private static boolean isPlain(String value) {
		return !value.isEmpty() && value.length() <= MAX_TRACEPARENT
				&& value.chars().allMatch((c) -> c >= ' ' && c < 127);
	}

	// The hash of a message's key, since the key may be of any length.
	private static String deduplicationId(JobMessage message) {
		String key = (message.seq() == 0 && message.deduplicationKey() != null)
				? "key:" + message.job() + ":" + message.deduplicationKey() : message.deliveryKey();
		return DerivedIds.hash(key);
	}

	/**
	 * Check that a queue takes a message of this size.
	 * @param queue the queue
	 * @param attributes what SQS says of it, or {@code null} when it does not
	 * @throws JobException when it does not
	 */
	void checkSize(String queue, @Nullable SqsAttributes attributes) {
		int max = (attributes != null) ? attributes.maxMessageBytes() : SqsAttributes.MAX_BYTES;
		if (this.bytes > max) {
			throw new JobException("A message of job '" + this.message.job() + "' has " + this.bytes
					+ " bytes with its attributes, and queue '" + queue + "' takes " + max + ": "
					+ ((max < SqsAttributes.MAX_BYTES)
							? "raise its MaximumMessageSize, up to " + SqsAttributes.MAX_BYTES + ", or store" : "store")
					+ " the data and send its id");
		}
	}

	/**
	 * Ask for the message alone.
	 * @param url the address of its queue
	 * @param delaySeconds how long it is held, or {@code null} for not at all
	 */
	SendMessageRequest.Builder request(String url, @Nullable Integer delaySeconds) {
		return SendMessageRequest.builder()
			.queueUrl(url)
			.messageBody(this.body)
			.messageAttributes(this.attributes)
			.messageGroupId(this.group)
			.messageDeduplicationId(this.deduplicationId)
			.delaySeconds(delaySeconds);
	}

	/**
	 * Ask for the message with others.
	 * @param id what the answer calls it
	 */
	SendMessageBatchRequestEntry batchEntry(String id) {
		return SendMessageBatchRequestEntry.builder()
			.id(id)
			.messageBody(this.body)
			.messageAttributes(this.attributes)
			.messageGroupId(this.group)
			.messageDeduplicationId(this.deduplicationId)
			.build();
	}

}
