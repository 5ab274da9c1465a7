package dev.backgroundjobs.adapter.aws;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.MessageShape;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.UnreadableMessageException;

/**
 * Reads what Lambda is invoked with: messages of SQS, one of our messages by itself, or
 * events. Whoever may invoke the function is trusted. Safe for use by several threads.
 */
public final class LambdaEvents {

	/** Largest event in bytes: Lambda takes 6 MB, and what JSON needs to hold them. */
	public static final int MAX_BYTES = 7_000_000;

	private final @Nullable SqsVisibility visibility;

	/**
	 * Create a value.
	 * @param visibility says when messages of SQS are received again, or {@code null} to
	 * leave that to the queue
	 */
	LambdaEvents(@Nullable SqsVisibility visibility) {
		this.visibility = visibility;
	}

	/**
	 * Find the messages and events of an invocation.
	 * @param event what it was invoked with, at most {@value #MAX_BYTES} bytes of JSON
	 * @param deadline when Lambda ends it, or {@code null} when that is not known
	 * @return them, and how Lambda wants to be answered: status 200 with the body as the
	 * result, any other for an invocation that has failed
	 * @throws UnreadableMessageException when it is none of these
	 */
	public DecodedRequest decode(byte[] event, @Nullable Instant deadline) {
		JsonNode json = EventJson.batch(new String(event, StandardCharsets.UTF_8));
		if (json instanceof ObjectNode object) {
			return isSqs(object) ? SqsRecord.decode(object, deadline, this.visibility)
					: decode(object, event, deadline);
		}
		if (json != null && json.isString() && MessageShape.isJose(json.stringValue())) {
			// What is signed or encrypted travels as a JSON string, since Lambda takes
			// JSON.
			return single(Delivery.pushed(json.stringValue().getBytes(StandardCharsets.UTF_8), true, 0, deadline));
		}
		throw new UnreadableMessageException("is no event of Lambda within the limits");
	}

	private static boolean isSqs(ObjectNode event) {
		JsonNode records = event.path("Records");
		if (!records.isArray() || records.isEmpty()) {
			return false;
		}
		for (JsonNode entry : records) {
			if (!"aws:sqs".equals(EventJson.string(entry, "eventSource"))) {
				return false;
			}
		}
		return true;
	}

	private static DecodedRequest decode(ObjectNode json, byte[] event, @Nullable Instant deadline) {
		if (MessageShape.isMessage(json)) {
			return single(Delivery.pushed(event, true, 0, deadline));
		}
		List<Delivery> deliveries = new ArrayList<>();
		for (CloudEvent each : AwsEvents.events(json)) {
			deliveries.add(described(Delivery.pushed(event, true, 0, deadline).of(each)));
		}
		if (deliveries.isEmpty()) {
			throw new UnreadableMessageException("is neither a message nor an event of AWS");
		}
		return new DecodedRequest(deliveries, new LambdaDeliveryResponder());
	}

	private static DecodedRequest single(Delivery delivery) {
		return new DecodedRequest(List.of(described(delivery)), new LambdaDeliveryResponder());
	}

	// Lambda tries three times in all, and then tells the function's destination.
	private static Delivery described(Delivery delivery) {
		return delivery.with(Trait.DEAD_LETTERED);
	}

}
