package dev.backgroundjobs;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * An object in a bucket of which an event tells: the argument of an {@link OnEvent} job.
 * It names the object, and does not hold it.
 *
 * @param provider who keeps it: {@code gcp} or {@code aws}, as OpenTelemetry's
 * {@code cloud.provider} spells them
 * @param bucket the bucket's name
 * @param name the object's name, decoded
 * @param generation what tells this content from others of the same name: the generation
 * on Google Cloud, the version or else the sequencer on AWS; empty where the event does
 * not say
 * @param size the size in bytes, or -1 where the event does not say, as after a deletion
 * @param contentType the media type, or {@code null} where the event does not say
 * @param time when the object was made or changed, as the event says
 */
public record StorageObject(String provider, String bucket, String name, String generation, long size,
		@Nullable String contentType, Instant time) {

	/** Google Cloud Storage. */
	public static final String GOOGLE = "gcp";

	/** Amazon S3. */
	public static final String AMAZON = "aws";

	/**
	 * Create a value.
	 */
	public StorageObject {
		Objects.requireNonNull(provider, "provider");
		Objects.requireNonNull(bucket, "bucket");
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(time, "time");
		// A mapper may leave out what is empty.
		generation = Objects.requireNonNullElse(generation, "");
	}

	/**
	 * Return where the object is, as Spring's resource loaders of both clouds take it.
	 * Characters of the name that mean something in a URI are not escaped.
	 * @return {@code gs://bucket/name} or {@code s3://bucket/name}
	 */
	public String location() {
		return (this.provider.equals(AMAZON) ? "s3" : "gs") + "://" + this.bucket + "/" + this.name;
	}

}
