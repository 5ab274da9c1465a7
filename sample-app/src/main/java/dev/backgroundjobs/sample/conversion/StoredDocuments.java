package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import dev.backgroundjobs.StorageObject;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * Where documents in buckets are read, and their PDF files written.
 */
@Component
@ConditionalOnProperty("paperwork.output")
class StoredDocuments {

	private static final String EXAMPLES = "'gs://bucket/folder', 's3://bucket/folder' or 'file:/directory'";

	private final ResourceLoader resources;

	private final List<Buckets> buckets;

	private final ObjectFolder output;

	private final @Nullable ObjectFolder root;

	StoredDocuments(StoredDocumentsProperties properties, ResourceLoader resources, List<Buckets> buckets) {
		this.resources = resources;
		this.buckets = List.copyOf(buckets);
		this.output = folder("paperwork.output", properties.output());
		this.root = StringUtils.hasText(properties.objectRoot())
				? folder("paperwork.object-root", properties.objectRoot()) : null;
	}

	private ObjectFolder folder(String property, @Nullable String location) {
		if (!StringUtils.hasText(location)) {
			throw new InvalidConfigurationPropertyValueException(property, location,
					"It says where the PDF files of documents in buckets go: give a location such as " + EXAMPLES);
		}
		try {
			return ObjectFolder.of(location, this.resources);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(property, location,
					ex.getMessage() + ": give a location such as " + EXAMPLES);
		}
	}

	/**
	 * Return a document.
	 * @param object the object of an event
	 * @return the document, which may be gone
	 * @throws IllegalArgumentException when its name or its bucket is refused
	 */
	Resource find(StorageObject object) {
		if (this.root == null && !this.buckets.contains(new Buckets(object.provider()))) {
			throw new IllegalArgumentException("Object '" + object.name() + "' is in a bucket of '" + object.provider()
					+ "', whose profile is not active");
		}
		BucketFolder bucket = BucketFolder.of(object, this.resources);
		return (this.root != null) ? this.root.find(new ObjectName(object.bucket() + "/" + object.name()))
				: bucket.find(new ObjectName(object.name()));
	}

	/**
	 * Write the PDF of a document.
	 * @param object the document
	 * @param pdf the PDF
	 * @throws IOException when it cannot be written now
	 */
	void publish(StorageObject object, Path pdf) throws IOException {
		this.output.put(new ObjectName(object.name()).pdf(), pdf);
	}

}
