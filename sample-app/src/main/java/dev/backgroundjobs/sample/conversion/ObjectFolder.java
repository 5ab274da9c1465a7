package dev.backgroundjobs.sample.conversion;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;

import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ResourceUtils;

/**
 * Where objects are found by their names: a directory, a bucket or a part of one.
 */
interface ObjectFolder {

	/**
	 * Return an object.
	 * @param name its name
	 * @return the object, which need not be there
	 * @throws IllegalArgumentException when no object can have that name here
	 */
	Resource find(ObjectName name);

	/**
	 * Put an object in its place, or replace the one that is there. Whoever looks sees it
	 * whole or not at all.
	 * @param name its name
	 * @param content its content
	 * @throws IOException when it cannot be written now
	 * @throws IllegalArgumentException when no object can have that name here
	 */
	void put(ObjectName name, Path content) throws IOException;

	/**
	 * Return the folder of a location.
	 * @param location {@code file:} and a directory, or {@code gs://} or {@code s3://}
	 * and a bucket with or without the beginning of names
	 * @param resources finds what is in buckets
	 * @throws IllegalArgumentException when it is neither
	 */
	static ObjectFolder of(String location, ResourceLoader resources) {
		if (location.startsWith(ResourceUtils.FILE_URL_PREFIX)) {
			try {
				return new DirectoryFolder(ResourceUtils.getFile(location).toPath());
			}
			catch (FileNotFoundException ex) {
				throw new IllegalArgumentException("Not a directory: " + location, ex);
			}
		}
		if (BucketFolder.isLocation(location)) {
			return BucketFolder.of(location, resources);
		}
		throw new IllegalArgumentException("It begins with none of 'file:', 'gs://' and 's3://'");
	}

}
