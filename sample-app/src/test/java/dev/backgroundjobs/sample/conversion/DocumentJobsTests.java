package dev.backgroundjobs.sample.conversion;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.sample.document.Document;
import dev.backgroundjobs.sample.document.DocumentState;
import dev.backgroundjobs.sample.document.DocumentStore;
import dev.backgroundjobs.sample.document.TestDocumentStore;
import org.docx4j.openpackaging.exceptions.Docx4JException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DocumentJobs}: what each way a run can end does to the document.
 */
class DocumentJobsTests {

	@TempDir
	Path directory;

	private DocumentStore documents;

	private Document document;

	@BeforeEach
	void storeADocument() throws IOException {
		this.documents = TestDocumentStore.in(this.directory);
		InputStream content = new ByteArrayInputStream(DocxFile.withText("text").bytes());
		this.document = this.documents.create("a.docx", content);
	}

	@Test
	void makesThePdfOfADocument() throws Exception {
		run(new DocxConverter(), 1);
		assertThat(now().state()).isEqualTo(DocumentState.DONE);
		assertThat(now().attempt()).isEqualTo(1);
		assertThat(this.documents.pdf(this.document.id())).isNotEmptyFile();
		assertThat(files()).containsExactlyInAnyOrder("document.json", "document.pdf", "source.docx");
	}

	@Test
	void waitsForTheNextAttemptAfterAFailure() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> run(failing(new IOException("disk")), 1));
		assertThat(now().state()).isEqualTo(DocumentState.QUEUED);
		assertThat(now().error()).isEqualTo("A file could not be read or written.");
		assertThat(now().attempt()).isEqualTo(1);
		assertThat(files()).containsExactlyInAnyOrder("document.json", "source.docx");
	}

	@Test
	void forgetsTheErrorWhenTheNextAttemptSucceeds() throws Exception {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> run(failing(new IOException("disk")), 1));
		run(new DocxConverter(), 2);
		assertThat(now().state()).isEqualTo(DocumentState.DONE);
		assertThat(now().error()).isNull();
		assertThat(now().attempt()).isEqualTo(2);
	}

	@Test
	void givesUpAfterTheLastAttempt() {
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> run(failing(new OutOfMemoryError("heap")), 5));
		assertThat(now().state()).isEqualTo(DocumentState.FAILED);
		assertThat(now().error()).contains("memory");
	}

	@Test
	void discardsWhatWillNeverBecomeAPdf() {
		assertThatExceptionOfType(DiscardJobException.class)
			.isThrownBy(() -> run(failing(new UnreadableDocumentException("Not Word.")), 1))
			.withMessage("Not Word.");
		assertThat(now().state()).isEqualTo(DocumentState.FAILED);
		assertThat(now().error()).isEqualTo("Not Word.");
	}

	@Test
	void staysQueuedWhenTheApplicationStopsEvenInItsLastAttempt() {
		TestJobContext stopping = new TestJobContext(5);
		stopping.requestStop();
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> run(failing(new IOException("interrupted")), stopping));
		assertThat(now().state()).isEqualTo(DocumentState.QUEUED);
	}

	@Test
	void writesItsStateThoughItsThreadIsInterrupted() {
		DocxConverter interrupted = new DocxConverter() {

			@Override
			List<String> convert(Path docx, Path pdf, IntConsumer progress) throws IOException {
				Thread.currentThread().interrupt();
				throw new IOException("interrupted");
			}

		};
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> run(interrupted, 1));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(now().state()).isEqualTo(DocumentState.QUEUED);
	}

	@Test
	void leavesADoneDocumentAlone() throws Exception {
		run(new DocxConverter(), 1);
		run(failing(new IOException("not called")), 1);
		assertThat(now().state()).isEqualTo(DocumentState.DONE);
	}

	@Test
	void staysWholeWhenItRunsTwiceAtOnce() throws Exception {
		CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
			try {
				run(new DocxConverter(), 1);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		run(new DocxConverter(), 1);
		other.join();
		assertThat(now().state()).isEqualTo(DocumentState.DONE);
		assertThat(files()).containsExactlyInAnyOrder("document.json", "document.pdf", "source.docx");
	}

	@Test
	void discardsTheJobOfADocumentThatIsGone() {
		this.documents.delete(this.document.id());
		assertThatExceptionOfType(DiscardJobException.class).isThrownBy(() -> run(new DocxConverter(), 1))
			.withMessageContaining("gone");
	}

	private void run(DocxConverter converter, int attempt) throws Exception {
		run(converter, new TestJobContext(attempt));
	}

	private void run(DocxConverter converter, JobContext context) throws Exception {
		DocumentJobs jobs = new DocumentJobs(this.documents, converter);
		JobContext.call(context, () -> {
			jobs.convert(new ConvertDocument(this.document.id().toString()));
			return true;
		});
	}

	private Document now() {
		return this.documents.find(this.document.id().toString()).orElseThrow();
	}

	private String[] files() {
		return this.documents.source(this.document.id()).getParent().toFile().list();
	}

	private static DocxConverter failing(Throwable failure) {
		return new DocxConverter() {

			@Override
			List<String> convert(Path docx, Path pdf, IntConsumer progress)
					throws UnreadableDocumentException, IOException, Docx4JException {
				Files.writeString(pdf, "half a PDF");
				if (failure instanceof Error error) {
					throw error;
				}
				if (failure instanceof UnreadableDocumentException unreadable) {
					throw unreadable;
				}
				throw (IOException) failure;
			}

		};
	}

}
