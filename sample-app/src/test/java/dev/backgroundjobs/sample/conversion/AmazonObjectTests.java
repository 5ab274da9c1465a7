package dev.backgroundjobs.sample.conversion;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import dev.backgroundjobs.StorageObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BucketFolder} with {@link AmazonObject}.
 */
class AmazonObjectTests {

	private final LocalS3 s3 = new LocalS3();

	private final S3Client client = this.s3.client();

	private final DefaultResourceLoader resources = new DefaultResourceLoader();

	@TempDir
	Path directory;

	AmazonObjectTests() {
		this.resources.addProtocolResolver((location, loader) -> AmazonObject.isLocation(location)
				? AmazonObject.of(location, this.client) : null);
	}

	@AfterEach
	void close() {
		this.client.close();
		this.s3.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a.docx", "in/a b.docx", "in/100%.docx", "in/%2e%2e%2fa.docx", "in/a#b.docx",
			"in/a?b.docx", "in/a+b&c=d.docx", "in/[a]{b}<c>\"d\".docx", "Αναφορά/漢字 é.docx", "in/🙂\u00a0.docx",
			"in/a:b@c.docx", "in/a^b.docx" })
	void readsTheObjectOfExactlyThatName(String name) throws IOException {
		this.s3.objects.put("inbox/" + name, name.getBytes(StandardCharsets.UTF_8));
		assertThat(object(name).getContentAsString(StandardCharsets.UTF_8)).isEqualTo(name);
	}

	@Test
	void saysWhenAnObjectChanged() throws IOException {
		this.s3.objects.put("inbox/a.docx", new byte[1]);
		assertThat(object("a.docx").lastModified()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z").toEpochMilli());
	}

	@Test
	void saysThatAnObjectIsGone() {
		Resource gone = object("gone.docx");
		assertThat(gone.exists()).isFalse();
		assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(gone::lastModified);
		assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(gone::getInputStream);
	}

	@Test
	void doesNotTakeARefusalForAnObjectThatIsGone() {
		this.s3.objects.put("inbox/a.docx", new byte[1]);
		this.s3.refuse(403);
		assertThatIOException().isThrownBy(() -> object("a.docx").lastModified())
			.isNotInstanceOf(FileNotFoundException.class)
			.withMessageContaining("s3://inbox/a.docx");
	}

	@Test
	void leavesTheRestOfAnObjectUnread() throws IOException {
		this.s3.objects.put("inbox/large.docx", new byte[50_000_000]);
		try (InputStream in = object("large.docx").getInputStream()) {
			assertThat(in.readNBytes(10)).hasSize(10);
		}
		await().atMost(Duration.ofMinutes(1)).until(() -> this.s3.abandoned.get() == 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "s3://results/pdf", "s3://results/pdf/" })
	void writesBelowItsPrefix(String location) throws IOException {
		ObjectFolder.of(location, this.resources).put(new ObjectName("in/a b.pdf"), file("the PDF"));
		assertThat(this.s3.objects).containsOnlyKeys("results/pdf/in/a b.pdf");
	}

	@Test
	void replacesAnObject() throws IOException {
		ObjectFolder folder = ObjectFolder.of("s3://results", this.resources);
		folder.put(new ObjectName("a.pdf"), file("the PDF"));
		folder.put(new ObjectName("a.pdf"), file("the next PDF"));
		assertThat(this.s3.objects.get("results/a.pdf")).asString(StandardCharsets.UTF_8).isEqualTo("the next PDF");
	}

	@Test
	void failsWhenAnObjectCannotBeWritten() throws IOException {
		ObjectFolder folder = ObjectFolder.of("s3://results", this.resources);
		Path pdf = file("the PDF");
		this.s3.refuse(403);
		assertThatIOException().isThrownBy(() -> folder.put(new ObjectName("a.pdf"), pdf));
		assertThat(this.s3.objects).isEmpty();
	}

	private Resource object(String name) {
		StorageObject object = new StorageObject(StorageObject.AMAZON, "inbox", name, "1", -1, null, Instant.EPOCH);
		return BucketFolder.of(object, this.resources).find(new ObjectName(name));
	}

	private Path file(String content) throws IOException {
		return Files.writeString(this.directory.resolve("content"), content);
	}

}
