package dev.backgroundjobs.sample.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Keeps documents in a directory, one directory for each: the upload, the PDF and
 * {@code document.json}. Every file appears whole under its name or not at all, so a
 * process may die at any line. Safe for use by several threads of one process.
 */
@Component
public class DocumentStore {

	private static final Log logger = LogFactory.getLog(DocumentStore.class);

	private static final String STATE = "document.json";

	private static final String SOURCE = "source.docx";

	private static final String PDF = "document.pdf";

	private static final String TEMPORARY = ".tmp";

	private final Path directory;

	private final JsonMapper jsonMapper;

	private final ApplicationEventPublisher events;

	private final Map<UUID, Document> documents = new ConcurrentHashMap<>();

	DocumentStore(PaperworkProperties properties, JsonMapper jsonMapper, ApplicationEventPublisher events)
			throws IOException {
		this.directory = properties.storage().toAbsolutePath().normalize();
		this.jsonMapper = jsonMapper;
		this.events = events;
		Files.createDirectories(this.directory);
		load();
	}

	/**
	 * Store an upload.
	 * @param name the file's name
	 * @param content the file
	 * @return the document, which waits to be converted
	 * @throws IOException when it cannot be stored; nothing is left then
	 */
	public Document create(String name, InputStream content) throws IOException {
		Document document = new Document(UUID.randomUUID(), name, now(), DocumentState.QUEUED, 0, null, List.of());
		try {
			Files.createDirectories(directory(document.id()));
			Files.copy(content, source(document.id()));
			write(document);
		}
		catch (IOException | RuntimeException ex) {
			FileSystemUtils.deleteRecursively(directory(document.id()));
			throw ex;
		}
		this.documents.put(document.id(), document);
		publish(document, null);
		return document;
	}

	/**
	 * Return all documents.
	 * @return the documents, newest first
	 */
	public List<Document> findAll() {
		return this.documents.values()
			.stream()
			.sorted(Comparator.comparing(Document::createdAt).reversed().thenComparing(Document::id))
			.toList();
	}

	/**
	 * Find a document.
	 * @param id its id, as it came from a stranger
	 * @return the document; empty too for what is no id at all
	 */
	public Optional<Document> find(String id) {
		try {
			UUID uuid = UUID.fromString(id);
			return uuid.toString().equals(id) ? Optional.ofNullable(this.documents.get(uuid)) : Optional.empty();
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Change a document, unless it is done: a late attempt takes nothing back.
	 * @param id the document's id
	 * @param change the change
	 */
	public void update(UUID id, UnaryOperator<Document> change) {
		this.documents.computeIfPresent(id, (key, document) -> {
			if (document.state() == DocumentState.DONE) {
				return document;
			}
			try {
				Document changed = write(change.apply(document));
				publish(changed, null);
				return changed;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	/**
	 * Tell how far a running document is. Not kept.
	 * @param id the document's id
	 * @param percent how far, 0 to 100
	 */
	public void progress(UUID id, int percent) {
		this.documents.computeIfPresent(id, (key, document) -> {
			if (document.state() == DocumentState.RUNNING) {
				publish(document, percent);
			}
			return document;
		});
	}

	/**
	 * Forget a document and delete its files.
	 * @param id the document's id
	 */
	public void delete(UUID id) {
		this.documents.remove(id);
		try {
			FileSystemUtils.deleteRecursively(directory(id));
		}
		catch (IOException ex) {
			logger.warn("Cannot delete document " + id, ex);
		}
	}

	/**
	 * Return where a document's upload is.
	 * @param id the document's id
	 * @return the file
	 */
	public Path source(UUID id) {
		return directory(id).resolve(SOURCE);
	}

	/**
	 * Return where a document's PDF is once it is done.
	 * @param id the document's id
	 * @return the file
	 */
	public Path pdf(UUID id) {
		return directory(id).resolve(PDF);
	}

	/**
	 * Create a file to write a PDF to. Several attempts at once have one each.
	 * @param id the document's id
	 * @return the empty file
	 * @throws IOException when it cannot be created
	 */
	public Path temporaryPdf(UUID id) throws IOException {
		return Files.createTempFile(directory(id), "pdf", TEMPORARY);
	}

	/**
	 * Put a finished PDF in its place.
	 * @param id the document's id
	 * @param temporaryPdf the file it was written to
	 * @throws IOException when it cannot be moved
	 */
	public void publishPdf(UUID id, Path temporaryPdf) throws IOException {
		moveInto(pdf(id), temporaryPdf);
	}

	private Path directory(UUID id) {
		return this.directory.resolve(id.toString());
	}

	// Called while the document is held, so that its events keep their order. Listeners
	// must not wait.
	private void publish(Document document, @Nullable Integer percent) {
		this.events.publishEvent(new DocumentChangedEvent(document, percent));
	}

	private Document write(Document document) throws IOException {
		Path temporary = Files.createTempFile(directory(document.id()), "state", TEMPORARY);
		Files.write(temporary, this.jsonMapper.writeValueAsBytes(document));
		moveInto(directory(document.id()).resolve(STATE), temporary);
		return document;
	}

	private static void moveInto(Path target, Path temporary) throws IOException {
		try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
		Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	private void load() throws IOException {
		try (DirectoryStream<Path> children = Files.newDirectoryStream(this.directory, Files::isDirectory)) {
			for (Path child : children) {
				load(child);
			}
		}
	}

	private void load(Path child) throws IOException {
		Path state = child.resolve(STATE);
		if (!child.getFileName().toString().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
			return;
		}
		if (!Files.exists(state)) {
			logger.info("Deleting " + child.getFileName() + ": its upload was cut off");
			FileSystemUtils.deleteRecursively(child);
			return;
		}
		try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(child, "*" + TEMPORARY)) {
			for (Path leftover : leftovers) {
				Files.delete(leftover);
			}
		}
		try {
			Document document = this.jsonMapper.readValue(state, Document.class);
			this.documents.put(document.id(), document);
		}
		catch (JacksonException ex) {
			logger.warn("Ignoring " + state + ": it is not the state of a document", ex);
		}
	}

	private static Instant now() {
		return Instant.now(Clock.systemUTC()).truncatedTo(ChronoUnit.MICROS);
	}

}
