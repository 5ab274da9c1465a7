package dev.backgroundjobs.sample.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

import dev.backgroundjobs.iteration.CsvRow;
import dev.backgroundjobs.iteration.CursorIterator;
import dev.backgroundjobs.iteration.Sources;
import dev.backgroundjobs.sample.document.PaperworkProperties;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/**
 * Keeps the uploaded CSV files in a directory. A file appears whole under its name or not
 * at all. Never holds more than one row.
 */
@Component
class ImportFiles {

	private static final String TEMPORARY = ".tmp";

	private final Path directory;

	ImportFiles(PaperworkProperties properties) {
		// Made when it is needed: the user of a container's training run is another one.
		this.directory = properties.storage().toAbsolutePath().normalize().resolve("imports");
	}

	/**
	 * Delete what a process that has died has left of uploads.
	 * @throws IOException when something cannot be deleted
	 */
	void deleteCutOffUploads() throws IOException {
		if (!Files.exists(this.directory)) {
			return;
		}
		try (DirectoryStream<Path> cutOff = Files.newDirectoryStream(this.directory, "*" + TEMPORARY)) {
			for (Path upload : cutOff) {
				Files.delete(upload);
			}
		}
	}

	/**
	 * Store an upload that has the right header and is CSV to its end.
	 * @param id the import's id
	 * @param name what the file is called, for messages
	 * @param content the file
	 * @return how many rows it has besides the header, malformed ones too
	 * @throws InvalidCsvException when it is something else; nothing is left then
	 * @throws IOException when it cannot be stored; nothing is left then
	 */
	long store(UUID id, String name, InputStream content) throws InvalidCsvException, IOException {
		Files.createDirectories(this.directory);
		Path temporary = Files.createTempFile(this.directory, "upload", TEMPORARY);
		try {
			Files.copy(content, temporary, StandardCopyOption.REPLACE_EXISTING);
			long rows = count(name, temporary);
			Files.move(temporary, path(id), StandardCopyOption.ATOMIC_MOVE);
			return rows;
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	private static long count(String name, Path file) throws InvalidCsvException, IOException {
		// The library names the file by its path, which is none of the sender's business.
		FileSystemResource resource = new FileSystemResource(file) {

			@Override
			public String getDescription() {
				return "'" + name + "'";
			}

		};
		try (CursorIterator<CsvRow, Long> rows = Sources.csv(resource).withoutHeader().iterate(null)) {
			List<String> header = rows.hasNext() ? rows.next().fields() : List.of();
			if (!header.equals(ImportedRow.COLUMNS)) {
				throw new InvalidCsvException("'" + name + "' does not begin with the header "
						+ String.join(",", ImportedRow.COLUMNS) + ": it must be CSV in UTF-8, separated by commas.");
			}
			long count = 0;
			while (rows.hasNext()) {
				rows.next();
				count++;
			}
			return count;
		}
		catch (IllegalStateException ex) {
			throw new InvalidCsvException(ex.getMessage() + ".");
		}
		catch (InvalidCsvException | IOException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Return an upload.
	 * @param id the import's id
	 * @return the file, which need not be there
	 */
	Resource find(UUID id) {
		return new FileSystemResource(path(id));
	}

	void delete(UUID id) throws IOException {
		Files.deleteIfExists(path(id));
	}

	private Path path(UUID id) {
		return this.directory.resolve(id + ".csv");
	}

}
