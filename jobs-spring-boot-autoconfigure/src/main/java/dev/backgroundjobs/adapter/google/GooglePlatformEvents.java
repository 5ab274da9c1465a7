package dev.backgroundjobs.adapter.google;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;

import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.event.CloudEventJson;
import dev.backgroundjobs.event.EventContent;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.event.PlatformEvents;
import dev.backgroundjobs.message.DerivedIds;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Google's events: those that Eventarc sends, and the same made of what Pub/Sub sends.
 */
final class GooglePlatformEvents implements PlatformEvents {

	private static final String STORAGE = "google.cloud.storage.object.v1.";

	private static final String PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished";

	private static final Map<String, String> STORAGE_TYPES = Map.of("OBJECT_FINALIZE", "finalized", "OBJECT_DELETE",
			"deleted", "OBJECT_ARCHIVE", "archived", "OBJECT_METADATA_UPDATE", "metadataUpdated");

	/**
	 * Return the event that a message tells of: a bucket's notification, or that it was
	 * published.
	 * @throws UnreadableMessageException when it cannot be one
	 */
	static CloudEvent event(PubSubMessage message) {
		Map<String, String> attributes = message.attributes();
		String type = STORAGE_TYPES.get(attributes.getOrDefault("eventType", ""));
		String bucket = attributes.get("bucketId");
		String object = attributes.get("objectId");
		if (type != null && bucket != null && object != null) {
			return CloudEventJson.build(() -> storage(message, STORAGE + type, bucket, object));
		}
		return CloudEventJson.build(() -> published(message));
	}

	private static CloudEvent storage(PubSubMessage message, String type, String bucket, String object) {
		// Empty where the notification has no payload.
		ObjectNode data = (message.data().length > 0) ? EventJson.object(message.data()) : EventJson.object();
		data.put("bucket", bucket).put("name", object);
		String generation = message.attributes().get("objectGeneration");
		if (generation != null) {
			data.put("generation", generation);
		}
		String identity = identity(data, type);
		String id = (identity != null) ? identity : (message.id() != null) ? message.id()
				: DerivedIds.of(data.toString(), type, String.valueOf(message.publishTime()));
		return event(id, type, uri("storage.googleapis.com", "/projects/_/buckets/" + bucket),
				time(message.attributes().get("eventTime"), message.publishTime()), data)
			.withSubject("objects/" + object)
			.build();
	}

	// An object's metadata may change often while its content stays the same.
	private static @Nullable String identity(ObjectNode data, String type) {
		String generation = data.path("generation").asString("");
		String metageneration = data.path("metageneration").asString("");
		boolean isOfMetadata = type.equals(STORAGE + "metadataUpdated");
		if (generation.isEmpty() || (isOfMetadata && metageneration.isEmpty())) {
			return null;
		}
		String version = isOfMetadata ? generation + "." + metageneration : generation;
		return String.join("/", StorageObject.GOOGLE, EventJson.string(data, "bucket"), EventJson.string(data, "name"),
				version, type);
	}

	private static CloudEvent published(PubSubMessage message) {
		ObjectNode published = EventJson.object();
		published.put("data", Base64.getEncoder().encodeToString(message.data()));
		ObjectNode attributes = published.putObject("attributes");
		message.attributes().forEach(attributes::put);
		String id = (message.id() != null) ? message.id()
				: DerivedIds.of(published.toString(), String.valueOf(message.publishTime()));
		published.put("messageId", id);
		if (message.publishTime() != null) {
			published.put("publishTime", message.publishTime());
		}
		if (message.orderingKey() != null) {
			published.put("orderingKey", message.orderingKey());
		}
		ObjectNode data = EventJson.object();
		data.set("message", published);
		String subscription = (message.subscription() != null) ? message.subscription() : "projects/-/subscriptions/-";
		data.put("subscription", subscription);
		return event(id, PUBLISHED, uri("pubsub.googleapis.com", "/" + subscription), time(null, message.publishTime()),
				data)
			.build();
	}

	private static CloudEventBuilder event(String id, String type, URI source, @Nullable OffsetDateTime time,
			ObjectNode data) {
		CloudEventBuilder event = CloudEventBuilder.v1()
			.withId(id)
			.withType(type)
			.withSource(source)
			.withDataContentType("application/json")
			.withData(data.toString().getBytes(StandardCharsets.UTF_8));
		return (time != null) ? event.withTime(time) : event;
	}

	private static URI uri(String host, String path) {
		try {
			return new URI(null, host, path, null);
		}
		catch (URISyntaxException ex) {
			throw new UnreadableMessageException("names no resource of Google Cloud");
		}
	}

	private static @Nullable OffsetDateTime time(@Nullable String text, @Nullable String otherwise) {
		try {
			return (text != null) ? OffsetDateTime.parse(text)
					: (otherwise != null) ? OffsetDateTime.parse(otherwise) : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	@Override
	public @Nullable StorageObject storageObject(CloudEvent event) {
		ObjectNode data = storageData(event);
		if (data == null) {
			return null;
		}
		OffsetDateTime time = event.getTime();
		if (time == null) {
			time = time(EventJson.string(data, "updated"), EventJson.string(data, "timeCreated"));
		}
		return object(data, (time != null) ? time.toInstant() : Instant.EPOCH);
	}

	@Override
	public @Nullable String identity(CloudEvent event) {
		ObjectNode data = storageData(event);
		return (data != null) ? identity(data, event.getType()) : null;
	}

	// Data in another form, such as protobuf, is not needed to know the object.
	private static @Nullable ObjectNode storageData(CloudEvent event) {
		if (!event.getType().startsWith(STORAGE)) {
			return null;
		}
		ObjectNode data = data(event);
		complete(data, "bucket", after(event.getSource().toString(), "/buckets/"));
		complete(data, "name", after(String.valueOf(event.getSubject()), "objects/"));
		return (EventJson.string(data, "bucket") != null && EventJson.string(data, "name") != null) ? data : null;
	}

	private static void complete(ObjectNode data, String field, @Nullable String value) {
		if (EventJson.string(data, field) == null && value != null) {
			data.put(field, value);
		}
	}

	private static @Nullable String after(String text, String mark) {
		int at = text.indexOf(mark);
		return (at >= 0 && at + mark.length() < text.length()) ? text.substring(at + mark.length()) : null;
	}

	private static StorageObject object(ObjectNode data, Instant time) {
		return new StorageObject(StorageObject.GOOGLE, String.valueOf(EventJson.string(data, "bucket")),
				String.valueOf(EventJson.string(data, "name")), data.path("generation").asString(""),
				data.path("size").asLong(-1), EventJson.string(data, "contentType"), time);
	}

	@Override
	public @Nullable EventContent content(CloudEvent event) {
		if (!event.getType().equals(PUBLISHED)) {
			return null;
		}
		JsonNode message = data(event).path("message");
		String base64 = EventJson.string(message, "data");
		try {
			byte[] bytes = (base64 != null) ? Base64.getDecoder().decode(base64) : new byte[0];
			return new EventContent(EventJson.string(message.path("attributes"), "content-type"), bytes);
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableMessageException("has data that is not base64");
		}
	}

	private static ObjectNode data(CloudEvent event) {
		if (event.getData() != null) {
			JsonNode data = EventJson.value(new String(event.getData().toBytes(), StandardCharsets.UTF_8));
			if (data instanceof ObjectNode object) {
				return object;
			}
		}
		return EventJson.object();
	}

}
