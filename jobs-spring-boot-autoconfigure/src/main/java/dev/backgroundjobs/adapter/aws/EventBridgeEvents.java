package dev.backgroundjobs.adapter.aws;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.backgroundjobs.event.CloudEventJson;
import dev.backgroundjobs.event.EventJson;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events of EventBridge. Those of objects in S3 become what S3's own notifications become
 * (S3 User Guide, "EventBridge event message structure").
 */
final class EventBridgeEvents {

	private static final String CREATED = "Object Created";

	private static final String DELETED = "Object Deleted";

	private static final Map<String, String> CREATIONS = Map.of("PutObject", "Put", "POST Object", "Post", "CopyObject",
			"Copy", "CompleteMultipartUpload", "CompleteMultipartUpload");

	private static final Map<String, String> CHANGES = Map.of("Object Restore Initiated", "ObjectRestore:Post",
			"Object Restore Completed", "ObjectRestore:Completed", "Object Restore Expired", "ObjectRestore:Delete",
			"Object Tags Added", "ObjectTagging:Put", "Object Tags Deleted", "ObjectTagging:Delete",
			"Object ACL Updated", "ObjectAcl:Put", "Object Storage Class Changed", "LifecycleTransition",
			"Object Access Tier Changed", "IntelligentTiering");

	private EventBridgeEvents() {
	}

	static boolean isEvent(JsonNode json) {
		return AwsEvents.text(json, "detail-type") != null && AwsEvents.text(json, "source") != null
				&& json.has("detail");
	}

	/**
	 * Return the event.
	 * @throws dev.backgroundjobs.message.UnreadableMessageException when it has no id
	 */
	static CloudEvent event(ObjectNode json) {
		ObjectNode entry = entry(json);
		return (entry != null) ? S3Events.event(entry) : CloudEventJson.build(() -> other(json));
	}

	private static CloudEvent other(ObjectNode json) {
		String of = "an event of EventBridge";
		CloudEventBuilder event = AwsEvents.event(AwsEvents.required(json, "id", of),
				AwsEvents.required(json, "detail-type", of), AwsEvents.required(json, "source", of),
				AwsEvents.time(AwsEvents.text(json, "time")));
		JsonNode resources = json.path("resources");
		String resource = (resources.size() == 1) ? resources.path(0).asString("") : "";
		if (!resource.isEmpty()) {
			event.withSubject(resource);
		}
		for (String name : new String[] { "account", "region" }) {
			String value = AwsEvents.text(json, name);
			if (value != null) {
				event.withExtension(name, value);
			}
		}
		return AwsEvents.withData(event, json.path("detail")).build();
	}

	/**
	 * Return the record of a notification that says the same, {@code null} when it is no
	 * event of an object in S3. All that EventBridge says is in its field 'detail'.
	 */
	private static @Nullable ObjectNode entry(ObjectNode json) {
		JsonNode detail = json.path("detail");
		String name = eventName(json, detail);
		String bucket = AwsEvents.text(detail.path("bucket"), "name");
		String key = AwsEvents.text(detail.path("object"), "key");
		if (name == null || bucket == null || key == null) {
			return null;
		}
		ObjectNode entry = EventJson.object();
		entry.put("eventSource", S3Events.SOURCE);
		copy(json, "region", entry, "awsRegion");
		copy(json, "time", entry, "eventTime");
		entry.put("eventName", name);
		copy(detail, "request-id", entry.putObject("responseElements"), "x-amz-request-id");
		ObjectNode s3 = entry.putObject("s3");
		s3.putObject("bucket").put("name", bucket);
		ObjectNode object = s3.putObject("object");
		object.put("key", encoded(key));
		copy(detail.path("object"), "size", object, "size");
		copy(detail.path("object"), "etag", object, "eTag");
		copy(detail.path("object"), "version-id", object, "versionId");
		copy(detail.path("object"), "sequencer", object, "sequencer");
		entry.set("detail", detail);
		return entry;
	}

	private static @Nullable String eventName(ObjectNode json, JsonNode detail) {
		if (!"aws.s3".equals(AwsEvents.text(json, "source"))) {
			return null;
		}
		String type = AwsEvents.required(json, "detail-type", "an event of EventBridge");
		String reason = EventJson.string(detail, "reason");
		return switch (type) {
			case CREATED -> "ObjectCreated:" + ((reason != null) ? CREATIONS.getOrDefault(reason, reason) : "");
			case DELETED -> ("Lifecycle Expiration".equals(reason) ? "LifecycleExpiration:" : "ObjectRemoved:")
					+ ("Delete Marker Created".equals(EventJson.string(detail, "deletion-type")) ? "DeleteMarkerCreated"
							: "Delete");
			default -> CHANGES.get(type);
		};
	}

	private static void copy(JsonNode from, String field, ObjectNode to, String name) {
		JsonNode value = from.get(field);
		if (value != null) {
			to.set(name, value);
		}
	}

	private static String encoded(String key) {
		return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
	}

}
