package dev.backgroundjobs.adapter.aws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;

import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.event.CloudEventJson;
import dev.backgroundjobs.message.DerivedIds;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events of S3. Types and sources are those of the CloudEvents project's adapter for S3
 * (cloudevents/spec, adapters/aws-s3.md), and so is the data: a record of a notification.
 * The subject is that of Google Cloud, so that one pattern serves both; the id follows
 * from the change, since the adapter's is the same for all objects of one request.
 */
final class S3Events {

	static final String SOURCE = "aws:s3";

	private static final String TYPE = "com.amazonaws.s3.";

	private S3Events() {
	}

	/**
	 * Return the event that a record of a notification tells of.
	 * @throws UnreadableMessageException when it is no such record
	 */
	static CloudEvent event(JsonNode entry) {
		String name = AwsEvents.required(entry, "eventName", "a notification of S3");
		String type = TYPE + (name.startsWith("s3:") ? name.substring(3) : name);
		String bucket = AwsEvents.required(entry.path("s3").path("bucket"), "name", "a bucket of S3");
		String key = key(entry);
		String identity = identity(entry, bucket, key, type);
		String id = (identity != null) ? identity : DerivedIds.of(entry.toString());
		return CloudEventJson
			.build(() -> AwsEvents
				.withData(AwsEvents.event(id, type, source(AwsEvents.text(entry, "awsRegion"), bucket),
						AwsEvents.time(AwsEvents.text(entry, "eventTime"))), entry)
				.withSubject("objects/" + key)
				.build());
	}

	/**
	 * Return whether S3 tries out whether its notifications may be sent here.
	 */
	static boolean isTest(JsonNode json) {
		return "s3:TestEvent".equals(AwsEvents.text(json, "Event")) && AwsEvents.text(json, "Bucket") != null;
	}

	static CloudEvent test(JsonNode json) {
		String bucket = AwsEvents.required(json, "Bucket", "a test of S3");
		String request = AwsEvents.text(json, "RequestId");
		String id = (request != null) ? request : DerivedIds.of(json.toString());
		return CloudEventJson.build(
				() -> AwsEvents
					.withData(AwsEvents.event(id, TYPE + "TestEvent", source(null, bucket),
							AwsEvents.time(AwsEvents.text(json, "Time"))), json)
					.build());
	}

	private static String source(@Nullable String region, String bucket) {
		return String.join(".", SOURCE, (region != null) ? region : "-", bucket);
	}

	/**
	 * Return the object that an event tells of, {@code null} when it is no event of S3.
	 */
	static @Nullable StorageObject object(CloudEvent event) {
		ObjectNode entry = entry(event);
		if (entry == null) {
			return null;
		}
		JsonNode object = entry.path("s3").path("object");
		String version = version(object);
		String sequencer = AwsEvents.text(object, "sequencer");
		String generation = (version != null) ? version : (sequencer != null) ? sequencer : "";
		JsonNode size = object.path("size");
		boolean hasSize = size.isIntegralNumber() && size.canConvertToLong() && size.longValue() >= 0;
		OffsetDateTime time = (event.getTime() != null) ? event.getTime()
				: AwsEvents.time(AwsEvents.text(entry, "eventTime"));
		return new StorageObject(StorageObject.AMAZON, bucket(entry), key(entry), generation,
				hasSize ? size.longValue() : -1, null, (time != null) ? time.toInstant() : Instant.EPOCH);
	}

	/**
	 * Return what the change an event tells of has for an id whichever way it is told.
	 */
	static @Nullable String identity(CloudEvent event) {
		ObjectNode entry = entry(event);
		return (entry != null) ? identity(entry, bucket(entry), key(entry), event.getType()) : null;
	}

	// Notifications and EventBridge both carry the sequencer, of whatever makes or
	// removes an object, and the request. A version is made and removed only once, but
	// tagged, restored and moved often.
	private static @Nullable String identity(JsonNode entry, String bucket, String key, String type) {
		JsonNode object = entry.path("s3").path("object");
		String change = AwsEvents.text(object, "sequencer");
		String version = version(object);
		if (change == null && isOnce(type)) {
			change = version;
		}
		String request = AwsEvents.text(entry.path("responseElements"), "x-amz-request-id");
		if (change == null && request != null) {
			change = (version != null) ? version + "." + request : request;
		}
		return (change != null) ? String.join("/", StorageObject.AMAZON, bucket, key, change, type) : null;
	}

	private static boolean isOnce(String type) {
		return type.startsWith(TYPE + "ObjectCreated:") || type.startsWith(TYPE + "ObjectRemoved:")
				|| type.startsWith(TYPE + "LifecycleExpiration:");
	}

	// While versioning is suspended each new content is version "null".
	private static @Nullable String version(JsonNode object) {
		String version = AwsEvents.text(object, "versionId");
		return "null".equals(version) ? null : version;
	}

	private static @Nullable ObjectNode entry(CloudEvent event) {
		if (!event.getType().startsWith(TYPE)) {
			return null;
		}
		ObjectNode entry = AwsEvents.data(event);
		JsonNode s3 = entry.path("s3");
		return (AwsEvents.text(s3.path("bucket"), "name") != null && AwsEvents.text(s3.path("object"), "key") != null)
				? entry : null;
	}

	private static String bucket(JsonNode entry) {
		return AwsEvents.required(entry.path("s3").path("bucket"), "name", "a bucket of S3");
	}

	// As a form has it: a space is a plus.
	private static String key(JsonNode entry) {
		String key = AwsEvents.required(entry.path("s3").path("object"), "key", "an object of S3");
		try {
			return URLDecoder.decode(key, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableMessageException("has a key of an object of S3 that is not URL-encoded");
		}
	}

}
