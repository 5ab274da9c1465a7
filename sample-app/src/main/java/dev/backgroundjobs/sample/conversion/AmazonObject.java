package dev.backgroundjobs.sample.conversion;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.function.Supplier;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.WritableResource;
import org.springframework.util.MimeTypeUtils;

/**
 * An object of Amazon S3. What is written to it is in memory until its stream is closed,
 * which makes the object.
 */
final class AmazonObject extends AbstractResource implements WritableResource {

	private static final String SCHEME = "s3";

	private final S3Client client;

	private final String bucket;

	private final String key;

	private AmazonObject(S3Client client, String bucket, String key) {
		this.client = client;
		this.bucket = bucket;
		this.key = key;
	}

	static boolean isLocation(String location) {
		return location.startsWith(SCHEME + "://");
	}

	/**
	 * Return the object of a location.
	 * @param location a URI: what means something there is escaped
	 */
	static AmazonObject of(String location, S3Client client) {
		URI uri = URI.create(location);
		return new AmazonObject(client, uri.getAuthority(), uri.getPath().substring(1));
	}

	@Override
	public boolean exists() {
		try {
			lastModified();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public long lastModified() throws IOException {
		return call(() -> this.client.headObject((request) -> request.bucket(this.bucket).key(this.key))).lastModified()
			.toEpochMilli();
	}

	@Override
	public InputStream getInputStream() throws IOException {
		ResponseInputStream<GetObjectResponse> content = call(
				() -> this.client.getObject((request) -> request.bucket(this.bucket).key(this.key)));
		return new FilterInputStream(content) {

			// Closing it would read the rest, whatever its size.
			@Override
			public void close() {
				content.abort();
			}

		};
	}

	@Override
	public OutputStream getOutputStream() {
		return new ByteArrayOutputStream() {

			@Override
			public void close() throws IOException {
				// Again from the beginning where it is sent again.
				RequestBody content = RequestBody.fromContentProvider(
						() -> new ByteArrayInputStream(this.buf, 0, this.count), this.count,
						MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE);
				call(() -> AmazonObject.this.client.putObject(
						(request) -> request.bucket(AmazonObject.this.bucket).key(AmazonObject.this.key), content));
			}

		};
	}

	private <T> T call(Supplier<T> request) throws IOException {
		try {
			return request.get();
		}
		catch (S3Exception ex) {
			if (ex.statusCode() == 404) {
				throw new FileNotFoundException(getDescription() + " is not there");
			}
			throw new IOException("S3 refuses " + getDescription() + ": " + ex.getMessage(), ex);
		}
		catch (SdkException ex) {
			throw new IOException("S3 was not reached for " + getDescription() + ": " + ex.getMessage(), ex);
		}
	}

	@Override
	public String getDescription() {
		return SCHEME + "://" + this.bucket + "/" + this.key;
	}

}
