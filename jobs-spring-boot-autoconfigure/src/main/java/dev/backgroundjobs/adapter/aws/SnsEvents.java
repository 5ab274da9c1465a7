package dev.backgroundjobs.adapter.aws;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

import dev.backgroundjobs.event.CloudEventJson;
import dev.backgroundjobs.event.EventContent;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.MessageNames;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages of SNS. Types are those of the CloudEvents project's adapter for SNS
 * (cloudevents/spec, adapters/aws-sns.md), and the data is the message without what SNS
 * needs for itself. The source is the topic: which subscription it came by, SNS says only
 * to Lambda and HTTP.
 */
final class SnsEvents {

	private static final Logger logger = LoggerFactory.getLogger(SnsEvents.class);

	private static final String TYPE = "com.amazonaws.sns.";

	private static final String NOTIFICATION = "Notification";

	private static final String CONFIRMATION = "SubscriptionConfirmation";

	private static final Set<String> KINDS = Set.of(NOTIFICATION, CONFIRMATION, "UnsubscribeConfirmation");

	// Neither the signature nor the addresses by which anybody can subscribe or
	// unsubscribe: data ends up in messages.
	private static final List<String> NOTIFICATION_FIELDS = List.of("Type", "MessageId", "TopicArn", "Subject",
			"Message", "Timestamp", "MessageAttributes");

	private static final List<String> OTHER_FIELDS = List.of("Type", "MessageId", "TopicArn", "Timestamp");

	private SnsEvents() {
	}

	static boolean isMessage(JsonNode json) {
		String kind = EventJson.string(json, "Type");
		return kind != null && KINDS.contains(kind) && AwsEvents.text(json, "TopicArn") != null;
	}

	/**
	 * Return the events that a message carries, or that it was sent.
	 * @throws UnreadableMessageException when it lacks what a message has
	 */
	static List<CloudEvent> events(ObjectNode message) {
		String kind = AwsEvents.required(message, "Type", "a message of SNS");
		if (!kind.equals(NOTIFICATION)) {
			warn(kind, AwsEvents.required(message, "TopicArn", "a message of SNS"));
			return List.of(event(message, kind, OTHER_FIELDS));
		}
		List<CloudEvent> carried = carried(message);
		return carried.isEmpty() ? List.of(event(message, kind, NOTIFICATION_FIELDS)) : carried;
	}

	// What only looks like an event of AWS is what somebody has published.
	private static List<CloudEvent> carried(ObjectNode message) {
		String text = AwsEvents.required(message, "Message", "a message of SNS");
		if (text.stripLeading().startsWith("{") && EventJson.value(text) instanceof ObjectNode json) {
			try {
				return AwsEvents.ofItsOwn(json);
			}
			catch (UnreadableMessageException ex) {
				return List.of();
			}
		}
		return List.of();
	}

	private static CloudEvent event(ObjectNode message, String kind, List<String> fields) {
		String id = AwsEvents.required(message, "MessageId", "a message of SNS");
		String topic = AwsEvents.required(message, "TopicArn", "a message of SNS");
		ObjectNode data = EventJson.object();
		for (String field : fields) {
			JsonNode value = message.get(field);
			if (value != null && !value.isNull()) {
				data.set(field, value);
			}
		}
		String subject = fields.contains("Subject") ? AwsEvents.text(message, "Subject") : null;
		return CloudEventJson.build(() -> {
			CloudEventBuilder event = AwsEvents.withData(
					AwsEvents.event(id, TYPE + kind, topic, AwsEvents.time(AwsEvents.text(message, "Timestamp"))),
					data);
			return ((subject != null) ? event.withSubject(subject) : event).build();
		});
	}

	private static void warn(String kind, String topic) {
		String printable = MessageNames.printable(topic);
		if (kind.equals(CONFIRMATION)) {
			logger.warn(
					"Topic '{}' asks to confirm a subscription, which nothing here does: subscribe with credentials of "
							+ "the queue's own account, which SNS does not ask about, or stop whatever receives, "
							+ "subscribe again, read the message by hand, and give its token to "
							+ "'aws sns confirm-subscription --topic-arn ... --token ...'",
					printable);
		}
		else {
			logger.warn("A subscription of topic '{}' has ended, so that its messages come here no longer: "
					+ "subscribe again if that was not meant", printable);
		}
	}

	/**
	 * Return what somebody has published, {@code null} when the event is no notification.
	 */
	static @Nullable EventContent content(CloudEvent event) {
		if (!event.getType().equals(TYPE + NOTIFICATION)) {
			return null;
		}
		ObjectNode data = AwsEvents.data(event);
		String text = EventJson.string(data, "Message");
		if (text == null) {
			return null;
		}
		JsonNode attributes = data.path("MessageAttributes");
		String type = AwsEvents.text(attributes.path("contentType"), "Value");
		return new EventContent((type != null) ? type : AwsEvents.text(attributes.path("content-type"), "Value"),
				text.getBytes(StandardCharsets.UTF_8));
	}

}
