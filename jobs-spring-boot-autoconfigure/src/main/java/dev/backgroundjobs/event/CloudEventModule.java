package dev.backgroundjobs.event;

import io.cloudevents.CloudEvent;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

import java.io.StringWriter;

/**
 * Lets a job take a whole event as its argument, in the structured form of CloudEvents.
 */
public final class CloudEventModule extends SimpleModule {

	private static final long serialVersionUID = 1L;

	/**
	 * Create a module.
	 */
	public CloudEventModule() {
		super("jobs-cloud-events");
		addSerializer(CloudEvent.class, new Serializer());
		addDeserializer(CloudEvent.class, new Deserializer());
	}

	private static final class Serializer extends ValueSerializer<CloudEvent> {

		@Override
		public void serialize(CloudEvent event, JsonGenerator json, SerializationContext context) {
			json.writeRawValue(CloudEventJson.write(event));
		}

		@Override
		public void serializeWithType(CloudEvent event, JsonGenerator json, SerializationContext context,
				TypeSerializer types) {
			serialize(event, json, context);
		}

	}

	private static final class Deserializer extends ValueDeserializer<CloudEvent> {

		// Copied as text, so that numbers in the data stay as they are written.
		@Override
		public CloudEvent deserialize(JsonParser json, DeserializationContext context) {
			StringWriter text = new StringWriter();
			try (JsonGenerator copy = EventJson.MAPPER.createGenerator(text)) {
				copy.copyCurrentStructureExact(json);
			}
			JsonNode value = EventJson.value(text.toString());
			return (value instanceof ObjectNode object) ? CloudEventJson.read(object)
					: context.reportInputMismatch(CloudEvent.class, "A CloudEvent is a JSON object");
		}

	}

}
