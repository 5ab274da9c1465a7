package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.cloud.spring.storage.GoogleStorageResource;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.contrib.nio.testing.LocalStorageHelper;
import dev.backgroundjobs.StorageObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.WritableResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BucketFolder}, with Google's own storage in memory.
 */
class BucketFolderTests {

	private final Storage storage = LocalStorageHelper.getOptions().getService();

	private final DefaultResourceLoader resources = new DefaultResourceLoader();

	@TempDir
	Path directory;

	BucketFolderTests() {
		this.resources.addProtocolResolver((location, loader) -> location.startsWith("gs://broken/") ? null
				: new GoogleStorageResource(this.storage, location, true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a.docx", "in/a b.docx", "in/100%.docx", "in/%2e%2e%2fa.docx", "in/a#b.docx",
			"in/a?b.docx", "in/a+b&c=d.docx", "in/[a]{b}<c>\"d\".docx", "Αναφορά/漢字 é.docx", "in/🙂\u00a0.docx",
			"in/a:b@c.docx" })
	void readsTheObjectOfExactlyThatName(String name) throws IOException {
		this.storage.create(BlobInfo.newBuilder("inbox", name).build(), name.getBytes(StandardCharsets.UTF_8));
		ObjectFolder bucket = BucketFolder.of(object("inbox", name), this.resources);
		assertThat(bucket.find(new ObjectName(name)).getContentAsString(StandardCharsets.UTF_8)).isEqualTo(name);
	}

	@Test
	void doesNotReadTheObjectWhoseNameEndsEarlier() {
		this.storage.create(BlobInfo.newBuilder("inbox", "a").build(), new byte[1]);
		ObjectFolder bucket = BucketFolder.of(object("inbox", "a"), this.resources);
		assertThat(bucket.find(new ObjectName("a#b.docx")).exists()).isFalse();
		assertThat(bucket.find(new ObjectName("a?b.docx")).exists()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gs://results/pdf", "gs://results/pdf/" })
	void writesBelowItsPrefix(String location) throws IOException {
		ObjectFolder folder = ObjectFolder.of(location, this.resources);
		folder.put(new ObjectName("in/a b.pdf"), file("the PDF"));
		assertThat(read("results", "pdf/in/a b.pdf")).isEqualTo("the PDF");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gs://results", "gs://results/" })
	void writesToAWholeBucket(String location) throws IOException {
		ObjectFolder folder = ObjectFolder.of(location, this.resources);
		folder.put(new ObjectName("a.pdf"), file("the PDF"));
		folder.put(new ObjectName("a.pdf"), file("the next PDF"));
		assertThat(read("results", "a.pdf")).isEqualTo("the next PDF");
	}

	@Test
	void leavesAnUploadThatFailsOpenSinceClosingItWouldMakeTheObject() throws IOException {
		AtomicBoolean closed = new AtomicBoolean();
		this.resources.addProtocolResolver((location, loader) -> new BrokenResource(closed));
		ObjectFolder folder = ObjectFolder.of("gs://broken", this.resources);
		Path pdf = file("the PDF");
		assertThatIOException().isThrownBy(() -> folder.put(new ObjectName("a.pdf"), pdf)).withMessage("broken");
		assertThat(closed).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "..", "a/b", "a b", "inbox?x", "user@inbox", "INBOX" })
	void refusesWhatIsNoBucket(String bucket) {
		assertThatIllegalArgumentException().isThrownBy(() -> BucketFolder.of(object(bucket, "a.docx"), this.resources))
			.withMessageContaining("bucket");
	}

	private static StorageObject object(String bucket, String name) {
		return new StorageObject(StorageObject.GOOGLE, bucket, name, "1", -1, null, Clock.systemUTC().instant());
	}

	private Path file(String content) throws IOException {
		return Files.writeString(this.directory.resolve("content"), content);
	}

	private String read(String bucket, String name) {
		return new String(this.storage.readAllBytes(bucket, name), StandardCharsets.UTF_8);
	}

	private static final class BrokenResource extends AbstractResource implements WritableResource {

		private final AtomicBoolean closed;

		BrokenResource(AtomicBoolean closed) {
			this.closed = closed;
		}

		@Override
		public OutputStream getOutputStream() {
			return new OutputStream() {

				@Override
				public void write(int value) throws IOException {
					throw new IOException("broken");
				}

				@Override
				public void close() {
					BrokenResource.this.closed.set(true);
				}

			};
		}

		@Override
		public InputStream getInputStream() throws IOException {
			throw new IOException("broken");
		}

		@Override
		public String getDescription() {
			return "broken";
		}

	}

}
