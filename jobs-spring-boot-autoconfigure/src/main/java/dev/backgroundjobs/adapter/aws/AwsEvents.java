package dev.backgroundjobs.adapter.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.event.CloudEventJson;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What AWS tells of events, as CloudEvents: notifications of S3, events of EventBridge,
 * notifications of SNS and what they carry of these, and events that are CloudEvents
 * already. Safe for use by several threads.
 */
final class AwsEvents {

	private AwsEvents() {
	}

	/**
	 * Return the events that a body tells of: that of a message in SQS, of an invocation
	 * of Lambda, of a request of SNS. The log gets a warning where it is a matter of an
	 * SNS subscription, since no address in a body is ever fetched.
	 * @param json the body
	 * @return the events, none when the body is nothing of the kind
	 * @throws UnreadableMessageException when it is of the kind, and lacks what each of
	 * them has
	 */
	public static List<CloudEvent> events(ObjectNode json) {
		if (SnsEvents.isMessage(json)) {
			return SnsEvents.events(json);
		}
		ArrayNode records = records(json, "EventSource", "aws:sns");
		if (records == null) {
			return ofItsOwn(json);
		}
		List<CloudEvent> events = new ArrayList<>();
		for (JsonNode entry : records) {
			if (!(entry.path("Sns") instanceof ObjectNode message) || !SnsEvents.isMessage(message)) {
				throw new UnreadableMessageException("has a record that is no message of SNS");
			}
			events.addAll(SnsEvents.events(message));
		}
		return List.copyOf(events);
	}

	/**
	 * Return the events that a body tells of which no topic has wrapped.
	 */
	static List<CloudEvent> ofItsOwn(ObjectNode json) {
		if (json.has("specversion")) {
			return List.of(CloudEventJson.read(json));
		}
		if (EventBridgeEvents.isEvent(json)) {
			return List.of(EventBridgeEvents.event(json));
		}
		if (S3Events.isTest(json)) {
			return List.of(S3Events.test(json));
		}
		ArrayNode records = records(json, "eventSource", S3Events.SOURCE);
		List<CloudEvent> events = new ArrayList<>();
		if (records != null) {
			records.forEach((entry) -> events.add(S3Events.event(entry)));
		}
		return List.copyOf(events);
	}

	// The first says what all of them are: AWS does not mix them.
	private static @Nullable ArrayNode records(ObjectNode json, String field, String source) {
		return (json.get("Records") instanceof ArrayNode records
				&& source.equals(EventJson.string(records.get(0), field))) ? records : null;
	}

	static CloudEventBuilder event(String id, String type, String source, @Nullable OffsetDateTime time) {
		CloudEventBuilder event = CloudEventBuilder.v1().withId(id).withType(type).withSource(uri(source));
		return (time != null) ? event.withTime(time) : event;
	}

	static CloudEventBuilder withData(CloudEventBuilder event, JsonNode data) {
		return event.withData("application/json", data.toString().getBytes(StandardCharsets.UTF_8));
	}

	// ARNs are URIs, and most names are references. Of what is none, each character that
	// means something in one is escaped.
	static URI uri(String text) {
		try {
			return new URI(text);
		}
		catch (URISyntaxException ex) {
			StringBuilder escaped = new StringBuilder();
			for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
				char c = (char) (octet & 0xFF);
				boolean isPlain = (c < 128 && Character.isLetterOrDigit(c)) || "-._~/".indexOf(c) >= 0;
				escaped.append(isPlain ? String.valueOf(c) : "%%%02X".formatted((int) c));
			}
			return URI.create(escaped.toString());
		}
	}

	static @Nullable OffsetDateTime time(@Nullable String text) {
		try {
			return (text != null) ? OffsetDateTime.parse(text) : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	/**
	 * Return a field that is a text with something in it, {@code null} otherwise.
	 */
	static @Nullable String text(@Nullable JsonNode object, String field) {
		String text = EventJson.string(object, field);
		return (text != null && !text.isEmpty()) ? text : null;
	}

	static String required(JsonNode object, String field, String what) {
		String text = text(object, field);
		if (text == null) {
			throw new UnreadableMessageException("lacks the field '" + field + "' of " + what);
		}
		return text;
	}

	static ObjectNode data(CloudEvent event) {
		if (event.getData() != null && EventJson
			.value(new String(event.getData().toBytes(), StandardCharsets.UTF_8)) instanceof ObjectNode data) {
			return data;
		}
		return EventJson.object();
	}

}
