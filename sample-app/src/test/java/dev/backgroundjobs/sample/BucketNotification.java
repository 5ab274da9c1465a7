package dev.backgroundjobs.sample;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * What a push subscription sends when a bucket has a new object: the fields are those of
 * "Pub/Sub notifications for Cloud Storage" and of "Push subscriptions".
 *
 * @param messageId Pub/Sub's id
 * @param event the type of the event
 * @param bucket the bucket
 * @param name the object
 * @param generation the object's content
 */
record BucketNotification(String messageId, String event, String bucket, String name, String generation) {

	private static final JsonMapper json = JsonMapper.builder().build();

	static BucketNotification finalized(String messageId, String name, String generation) {
		return new BucketNotification(messageId, "OBJECT_FINALIZE", "inbox", name, generation);
	}

	byte[] body() {
		Map<String, Object> message = new LinkedHashMap<>();
		message.put("attributes",
				Map.of("bucketId", this.bucket, "eventTime", "2026-11-20T10:15:30.123456Z", "eventType", this.event,
						"notificationConfig", "projects/_/buckets/" + this.bucket + "/notificationConfigs/3",
						"objectGeneration", this.generation, "objectId", this.name, "payloadFormat", "JSON_API_V1"));
		message.put("data", Base64.getEncoder().encodeToString(object().getBytes(StandardCharsets.UTF_8)));
		message.put("messageId", this.messageId);
		message.put("message_id", this.messageId);
		message.put("publishTime", "2026-11-20T10:15:30.987Z");
		message.put("publish_time", "2026-11-20T10:15:30.987Z");
		return json.writeValueAsBytes(Map.of("message", message, "subscription",
				"projects/paperwork-12345/subscriptions/paperwork-objects", "deliveryAttempt", 1));
	}

	private String object() {
		Map<String, Object> object = new LinkedHashMap<>();
		object.put("kind", "storage#object");
		object.put("id", this.bucket + "/" + this.name + "/" + this.generation);
		object.put("name", this.name);
		object.put("bucket", this.bucket);
		object.put("generation", this.generation);
		object.put("metageneration", "1");
		object.put("contentType", "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
		object.put("timeCreated", "2026-11-20T10:15:30.123Z");
		object.put("updated", "2026-11-20T10:15:30.123Z");
		object.put("storageClass", "STANDARD");
		object.put("size", "4096");
		object.put("md5Hash", "0c1y3g3dQmVwIMqvZmQv6g==");
		return json.writeValueAsString(object);
	}

}
