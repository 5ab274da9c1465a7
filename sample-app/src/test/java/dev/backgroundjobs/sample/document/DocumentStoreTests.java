package dev.backgroundjobs.sample.document;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link DocumentStore}.
 */
class DocumentStoreTests {

	@TempDir
	Path directory;

	private final List<Object> events = new ArrayList<>();

	@Test
	void findsItsDocumentsAgainAfterARestartNewestFirst() throws IOException {
		DocumentStore store = store();
		Document first = store.create("first.docx", content());
		Document second = store.create("δεύτερο.docx", content());
		store.update(first.id(), (document) -> document.running(2).done(List.of("a warning")));
		DocumentStore restarted = store();
		assertThat(restarted.findAll()).extracting(Document::name).containsExactly("δεύτερο.docx", "first.docx");
		assertThat(restarted.find(first.id().toString())).hasValueSatisfying((document) -> {
			assertThat(document.state()).isEqualTo(DocumentState.DONE);
			assertThat(document.attempt()).isEqualTo(2);
			assertThat(document.warnings()).containsExactly("a warning");
			assertThat(document.createdAt()).isEqualTo(first.createdAt());
		});
		assertThat(restarted.source(second.id())).hasContent("content");
	}

	@Test
	void takesNothingBackFromADoneDocument() throws IOException {
		DocumentStore store = store();
		UUID id = store.create("a.docx", content()).id();
		store.update(id, (document) -> document.running(1).done(List.of()));
		store.update(id, (document) -> document.failed("a second run came late"));
		assertThat(store.find(id.toString())).map(Document::state).hasValue(DocumentState.DONE);
		assertThat(store().find(id.toString())).map(Document::state).hasValue(DocumentState.DONE);
	}

	@Test
	void leavesNothingOfAnUploadThatBreaksOff() throws IOException {
		InputStream broken = new InputStream() {

			@Override
			public int read() throws IOException {
				throw new IOException("The client is gone");
			}

		};
		assertThatIOException().isThrownBy(() -> store().create("a.docx", broken));
		assertThat(store().findAll()).isEmpty();
		assertThat(children(this.directory)).isEmpty();
	}

	@Test
	void clearsWhatACrashLeftBehind() throws IOException {
		Path cutOff = Files.createDirectory(this.directory.resolve(UUID.randomUUID().toString()));
		Files.writeString(cutOff.resolve("source.docx"), "half");
		UUID id = store().create("a.docx", content()).id();
		Path leftover = store().temporaryPdf(id);
		DocumentStore restarted = store();
		assertThat(cutOff).doesNotExist();
		assertThat(leftover).doesNotExist();
		assertThat(restarted.findAll()).hasSize(1);
	}

	@Test
	void touchesNothingThatIsNotItsOwn() throws IOException {
		Path foreign = Files.createDirectory(this.directory.resolve("photos"));
		Path broken = Files.createDirectory(this.directory.resolve(UUID.randomUUID().toString()));
		Files.writeString(broken.resolve("document.json"), "{ not json");
		assertThat(store().findAll()).isEmpty();
		assertThat(foreign).exists();
		assertThat(broken.resolve("document.json")).exists();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "..", "../secret", "1-1-1-1-1", "00000000-0000-0000-0000-000000000000",
			"A0A0A0A0-0000-4000-8000-000000000000", "a\0b" })
	void findsNothingUnderAnIdThatIsNone(String id) throws IOException {
		DocumentStore store = store();
		store.create("a.docx", content());
		assertThat(store.find(id)).isEmpty();
	}

	@Test
	void publishesEveryChangeAndTheProgressOfRunningDocumentsOnly() throws IOException {
		DocumentStore store = store();
		UUID id = store.create("a.docx", content()).id();
		store.progress(id, 10);
		store.update(id, (document) -> document.running(1));
		store.progress(id, 50);
		store.update(id, (document) -> document.queuedAgain("no luck"));
		assertThat(this.events).extracting((event) -> {
			DocumentChangedEvent change = (DocumentChangedEvent) event;
			return change.document().state() + " " + change.percent();
		}).containsExactly("QUEUED null", "RUNNING null", "RUNNING 50", "QUEUED null");
	}

	private DocumentStore store() throws IOException {
		return new DocumentStore(new PaperworkProperties(this.directory, false), JsonMapper.builder().build(),
				this.events::add);
	}

	private static InputStream content() {
		return new ByteArrayInputStream("content".getBytes(java.nio.charset.StandardCharsets.UTF_8));
	}

	private static List<Path> children(Path directory) throws IOException {
		try (Stream<Path> children = Files.list(directory)) {
			return children.toList();
		}
	}

}
