package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.backgroundjobs.StorageObject;

import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.WritableResource;

/**
 * A bucket of Google Cloud Storage or Amazon S3, or what begins with a prefix in it.
 */
final class BucketFolder implements ObjectFolder {

	private static final String GOOGLE = "gs";

	private static final String AMAZON = "s3";

	private static final String NAME = "[a-z0-9][a-z0-9._-]+[a-z0-9]";

	private static final Pattern LOCATION = Pattern
		.compile("(" + GOOGLE + "|" + AMAZON + ")://(" + NAME + ")(?:/(.*))?");

	private final String scheme;

	private final String bucket;

	private final String prefix;

	private final ResourceLoader resources;

	private BucketFolder(String scheme, String bucket, String prefix, ResourceLoader resources) {
		this.scheme = scheme;
		this.bucket = bucket;
		this.prefix = prefix;
		this.resources = resources;
	}

	/**
	 * Return whether a location says that it is a bucket, rightly or not.
	 */
	static boolean isLocation(String location) {
		return location.startsWith(GOOGLE + "://") || location.startsWith(AMAZON + "://");
	}

	static BucketFolder of(String location, ResourceLoader resources) {
		Matcher parts = LOCATION.matcher(location);
		if (!parts.matches()) {
			throw new IllegalArgumentException("It names no bucket");
		}
		String prefix = (parts.group(3) != null) ? parts.group(3) : "";
		if (!prefix.isEmpty() && !prefix.endsWith("/")) {
			prefix += "/";
		}
		return new BucketFolder(parts.group(1), parts.group(2), prefix, resources);
	}

	/**
	 * Return the bucket of an object.
	 * @throws IllegalArgumentException when it has no name that a bucket can have
	 */
	static BucketFolder of(StorageObject object, ResourceLoader resources) {
		if (!object.bucket().matches(NAME)) {
			throw new IllegalArgumentException("The name of the bucket of object '" + object.name() + "' is refused");
		}
		String scheme = object.provider().equals(StorageObject.AMAZON) ? AMAZON : GOOGLE;
		return new BucketFolder(scheme, object.bucket(), "", resources);
	}

	@Override
	public Resource find(ObjectName name) {
		return this.resources.getResource(location(name));
	}

	@Override
	public void put(ObjectName name, Path content) throws IOException {
		OutputStream out = ((WritableResource) find(name)).getOutputStream();
		// Closing it is what makes the object: not after a failure.
		Files.copy(content, out);
		out.close();
	}

	/**
	 * Return where an object is. The resource reads a URI: what means something there is
	 * escaped.
	 */
	private String location(ObjectName name) {
		try {
			return new URI(this.scheme, this.bucket, "/" + this.prefix + name.value(), null, null).toString();
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("Object '" + name.value() + "' has no address", ex);
		}
	}

	@Override
	public String toString() {
		return this.scheme + "://" + this.bucket + "/" + this.prefix;
	}

}
