package dev.backgroundjobs.event;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON, in the structured form of the CloudEvents 1.0 JSON format.
 */
public final class CloudEventJson {

	private static final Set<String> ATTRIBUTES = Set.of("specversion", "id", "source", "type", "subject", "time",
			"datacontenttype", "dataschema", "data", "data_base64");

	private CloudEventJson() {
	}

	/**
	 * Write an event.
	 * @param event the event
	 * @return the text of a JSON object
	 */
	public static String write(CloudEvent event) {
		ObjectNode json = EventJson.object();
		json.put("specversion", "1.0");
		json.put("id", event.getId());
		json.put("source", event.getSource().toString());
		json.put("type", event.getType());
		put(json, "subject", event.getSubject());
		put(json, "time",
				(event.getTime() != null) ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(event.getTime()) : null);
		put(json, "datacontenttype", event.getDataContentType());
		put(json, "dataschema", event.getDataSchema());
		for (String name : event.getExtensionNames()) {
			Object value = event.getExtension(name);
			if (value instanceof Integer number) {
				json.put(name, number);
			}
			else if (value instanceof Boolean bool) {
				json.put(name, bool);
			}
			else {
				put(json, name, value);
			}
		}
		if (event.getData() != null) {
			writeData(json, new EventContent(event.getDataContentType(), event.getData().toBytes()));
		}
		return json.toString();
	}

	private static void put(ObjectNode json, String name, @Nullable Object value) {
		if (value != null) {
			json.put(name, value.toString());
		}
	}

	// Data without a content type is JSON by the format.
	private static void writeData(ObjectNode json, EventContent data) {
		String text = EventJson.text(data.bytes());
		JsonNode value = (text != null && (data.contentType() == null || data.saysJson())) ? EventJson.value(text)
				: null;
		if (value != null) {
			json.set("data", value);
		}
		else if (text != null && data.contentType() != null && !data.saysJson()) {
			json.put("data", text);
		}
		else {
			json.put("data_base64", Base64.getEncoder().encodeToString(data.bytes()));
		}
	}

	/**
	 * Read an event.
	 * @param json the JSON object
	 * @return the event
	 * @throws UnreadableMessageException when it is no event of version 1.0
	 */
	public static CloudEvent read(ObjectNode json) {
		if (!"1.0".equals(EventJson.string(json, "specversion"))) {
			throw new UnreadableMessageException("is no CloudEvent of version 1.0");
		}
		return build(() -> {
			CloudEventBuilder event = CloudEventBuilder.v1()
				.withId(required(json, "id"))
				.withSource(URI.create(required(json, "source")))
				.withType(required(json, "type"));
			for (Map.Entry<String, JsonNode> field : json.properties()) {
				readField(event, field.getKey(), field.getValue());
			}
			readData(event, json);
			return event.build();
		});
	}

	/**
	 * Build an event from what a caller has sent.
	 * @param construction builds it
	 * @return the event
	 * @throws UnreadableMessageException when an attribute has a value it cannot have
	 */
	public static CloudEvent build(Construction construction) {
		try {
			return construction.build();
		}
		catch (UnreadableMessageException ex) {
			throw ex;
		}
		// Whatever the builder does not take: dates, URIs, names of extensions.
		catch (RuntimeException ex) {
			throw new UnreadableMessageException("is no CloudEvent: " + ex.getClass().getSimpleName());
		}
	}

	private static void readField(CloudEventBuilder event, String name, JsonNode value) {
		if (value.isNull()) {
			return;
		}
		if (ATTRIBUTES.contains(name)) {
			switch (name) {
				case "subject", "time", "datacontenttype", "dataschema" ->
					event.withContextAttribute(name, value.stringValue());
				default -> {
				}
			}
		}
		else if (value.isBoolean()) {
			event.withExtension(name, value.booleanValue());
		}
		else if (value.isInt()) {
			event.withExtension(name, value.intValue());
		}
		else {
			event.withExtension(name, value.isString() ? value.stringValue() : value.toString());
		}
	}

	private static void readData(CloudEventBuilder event, ObjectNode json) {
		String base64 = EventJson.string(json, "data_base64");
		JsonNode data = json.get("data");
		if (base64 != null) {
			event.withData(Base64.getDecoder().decode(base64));
		}
		else if (data != null && !data.isNull()) {
			EventContent type = new EventContent(EventJson.string(json, "datacontenttype"), new byte[0]);
			boolean isText = data.isString() && type.contentType() != null && !type.saysJson();
			event.withData((isText ? data.stringValue() : data.toString()).getBytes(StandardCharsets.UTF_8));
		}
	}

	private static String required(ObjectNode json, String name) {
		String value = EventJson.string(json, name);
		if (value == null || value.isEmpty()) {
			throw new UnreadableMessageException("lacks the attribute '" + name + "' of a CloudEvent");
		}
		return value;
	}

	/**
	 * Builds an event.
	 */
	@FunctionalInterface
	public interface Construction {

		/**
		 * Build the event.
		 * @return the event
		 */
		CloudEvent build();

	}

}
