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
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.UnreadableMessageException;

/**
 * One message of a batch that Lambda has received from SQS.
 *
 * @param messageId its id, which the answer names
 * @param receiptHandle the right to change its visibility, or {@code null}
 * @param queueArn the queue, or {@code null}
 * @param delivery what is made of it; of several events in one message, one of them
 */
record SqsRecord(String messageId, @Nullable String receiptHandle, @Nullable String queueArn, Delivery delivery) {

	/**
	 * Read a batch.
	 * @throws UnreadableMessageException when a message has no id, so that no answer
	 * could name it: the whole batch comes again
	 */
	static DecodedRequest decode(ObjectNode event, @Nullable Instant deadline, @Nullable SqsVisibility visibility) {
		List<SqsRecord> records = new ArrayList<>();
		for (JsonNode json : event.path("Records")) {
			String id = EventJson.string(json, "messageId");
			if (id == null || id.isBlank()) {
				throw new UnreadableMessageException("has a message of SQS without an id");
			}
			String arn = EventJson.string(json, "eventSourceARN");
			for (Delivery delivery : deliveries(json, arn, deadline)) {
				records.add(new SqsRecord(id, EventJson.string(json, "receiptHandle"), arn, delivery));
			}
		}
		return new DecodedRequest(records.stream().map(SqsRecord::delivery).toList(),
				new SqsBatchResponder(records, visibility));
	}

	private static List<Delivery> deliveries(JsonNode json, @Nullable String queueArn, @Nullable Instant deadline) {
		String body = EventJson.string(json, "body");
		String text = (body != null) ? body : "";
		Delivery delivery = Delivery.pushed(text.getBytes(StandardCharsets.UTF_8), true, redeliveries(json), deadline)
			.with(Trait.DEAD_LETTERED);
		if (queueArn != null && queueArn.endsWith(".fifo")) {
			delivery = delivery.with(Trait.ORDERED);
		}
		List<Delivery> deliveries = new ArrayList<>();
		for (CloudEvent event : SqsBody.events(text)) {
			deliveries.add(delivery.of(event));
		}
		return deliveries.isEmpty() ? List.of(delivery) : deliveries;
	}

	// Receptions that Lambda could not pass on are counted as well.
	private static int redeliveries(JsonNode json) {
		String count = EventJson.string(json.path("attributes"), "ApproximateReceiveCount");
		return (count != null && count.matches("[0-9]{1,6}")) ? Integer.parseInt(count) - 1 : 0;
	}

}
