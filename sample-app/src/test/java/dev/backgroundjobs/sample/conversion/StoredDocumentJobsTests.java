package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.StorageObject;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StoredDocumentJobs}, with directories for buckets.
 */
class StoredDocumentJobsTests {

	@TempDir
	Path directory;

	private Path inbox;

	private Path output;

	@BeforeEach
	void makeABucket() throws IOException {
		this.inbox = Files.createDirectories(this.directory.resolve("root dir/inbox"));
		this.output = this.directory.resolve("out");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a.docx", "in/a b.docx", "in/100%.docx", "in/%2e%2e%2fa.docx", "in/a#b?c.docx",
			"Αναφορά/漢字.docx" })
	void writesThePdfUnderTheNameOfTheDocument(String name) throws Exception {
		store(name, "Grüße");
		convert(name);
		assertThat(text(name.replace(".docx", ".pdf"))).contains("Grüße");
		assertThat(files(this.output)).containsExactly(name.replace(".docx", ".pdf"));
	}

	@Test
	void writesTheSamePdfWhenItRunsAgain() throws Exception {
		store("a.docx", "text");
		convert("a.docx");
		convert("a.docx");
		assertThat(text("a.pdf")).contains("text");
	}

	@Test
	void staysWholeWhenItRunsTwiceAtOnce() throws Exception {
		store("a.docx", "text");
		CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
			try {
				convert("a.docx");
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		convert("a.docx");
		other.join();
		assertThat(files(this.output)).containsExactly("a.pdf");
	}

	@Test
	void convertsWhatIsThereNowThoughTheEventIsOld() throws Exception {
		store("a.docx", "the new text");
		convert("a.docx", new DocxConverter(), "1");
		assertThat(text("a.pdf")).contains("the new text");
	}

	@Test
	void triesAgainWhenTheDocumentChangedMeanwhile() throws Exception {
		store("a.docx", "old");
		DocxConverter slow = new DocxConverter() {

			@Override
			List<String> convert(Path docx, Path pdf, IntConsumer progress) throws IOException {
				Files.writeString(pdf, "old PDF");
				Files.setLastModifiedTime(StoredDocumentJobsTests.this.inbox.resolve("a.docx"),
						FileTime.from(Instant.EPOCH));
				return List.of();
			}

		};
		assertThatIOException().isThrownBy(() -> convert("a.docx", slow, "1")).withMessageContaining("changed");
		assertThat(this.output).doesNotExist();
	}

	@Test
	void discardsTheJobOfADocumentThatIsGone() {
		assertThatExceptionOfType(DiscardJobException.class).isThrownBy(() -> convert("a.docx"))
			.withMessage("Object 'a.docx' is gone");
	}

	@ParameterizedTest
	@ValueSource(strings = { "../secret.docx", "in/../../secret.docx", "/secret.docx", "..\\secret.docx" })
	void discardsWhatWouldLeaveTheBucket(String name) throws Exception {
		Files.write(this.directory.resolve("root dir/secret.docx"), DocxFile.withText("secret").bytes());
		assertThatExceptionOfType(DiscardJobException.class).isThrownBy(() -> convert(name))
			.withMessageContaining("refused");
		assertThat(this.output).doesNotExist();
	}

	@Test
	void doesNotTakeABucketOfAmazonForOneOfGoogle() {
		StoredDocuments documents = new StoredDocuments(new StoredDocumentsProperties("file:" + this.output, null),
				new DefaultResourceLoader(), List.of(new Buckets(StorageObject.GOOGLE)));
		StorageObject object = new StorageObject(StorageObject.AMAZON, "inbox", "a.docx", "", -1, null, Instant.EPOCH);
		assertThatIllegalArgumentException().isThrownBy(() -> documents.find(object)).withMessageContaining("'aws'");
	}

	@Test
	void discardsWhatIsNoWordDocument() throws Exception {
		Files.writeString(this.inbox.resolve("a.docx"), "Just text");
		assertThatExceptionOfType(DiscardJobException.class).isThrownBy(() -> convert("a.docx"))
			.withMessageContaining("not a Word document");
		assertThat(this.output).doesNotExist();
	}

	@Test
	void discardsWhatIsLargerThanAnUploadMayBe() throws Exception {
		Files.write(this.inbox.resolve("a.docx"), new byte[(int) StoredDocumentJobs.MAX_SIZE.toBytes() + 1]);
		assertThatExceptionOfType(DiscardJobException.class).isThrownBy(() -> convert("a.docx"))
			.withMessage("Object 'a.docx' is larger than 20 MB.");
	}

	@Test
	void failsWhenThePdfCannotBeWritten() throws Exception {
		store("in/a.docx", "text");
		Files.createDirectories(this.output);
		Files.writeString(this.output.resolve("in"), "a file where a directory must be");
		assertThatIOException().isThrownBy(() -> convert("in/a.docx"));
		assertThat(files(this.output)).containsExactly("in");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", " ", "results", "https://example.com/", "gs://", "gs:///pdf", "gs://UPPER/pdf", "s3://" })
	void saysWhereTheOutputMayBeWhenItStarts(String location) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> new StoredDocuments(new StoredDocumentsProperties(location, null),
					new DefaultResourceLoader(), List.of()))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("paperwork.output");
				assertThat(ex.getReason()).contains("gs://bucket/folder", "file:/directory");
			});
	}

	private void store(String name, String text) throws IOException {
		Path file = this.inbox.resolve(name);
		Files.createDirectories(file.getParent());
		Files.write(file, DocxFile.withText(text).bytes());
	}

	private void convert(String name) throws Exception {
		convert(name, new DocxConverter(), "7");
	}

	private void convert(String name, DocxConverter converter, String generation) throws Exception {
		StoredDocuments documents = new StoredDocuments(
				new StoredDocumentsProperties("file:" + this.output, "file:" + this.directory.resolve("root dir")),
				new DefaultResourceLoader(), List.of());
		StorageObject object = new StorageObject(StorageObject.GOOGLE, "inbox", name, generation, -1, null,
				Clock.systemUTC().instant());
		JobContext.call(new TestJobContext(1), () -> {
			new StoredDocumentJobs(documents, converter).convert(object);
			return true;
		});
	}

	private String text(String name) throws IOException {
		try (PDDocument pdf = Loader.loadPDF(this.output.resolve(name).toFile())) {
			return new PDFTextStripper().getText(pdf);
		}
	}

	private static List<String> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).map((file) -> directory.relativize(file).toString()).toList();
		}
	}

}
