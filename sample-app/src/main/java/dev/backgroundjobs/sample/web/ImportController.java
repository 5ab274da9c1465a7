package dev.backgroundjobs.sample.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.sample.imports.Import;
import dev.backgroundjobs.sample.imports.ImportedRow;
import dev.backgroundjobs.sample.imports.ImportedRows;
import dev.backgroundjobs.sample.imports.Imports;
import dev.backgroundjobs.sample.imports.InvalidCsvException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/**
 * Takes CSV files in, and gives out how far their import is and the rows.
 */
@RestController
@RequestMapping("/imports")
class ImportController {

	private static final Log logger = LogFactory.getLog(ImportController.class);

	private static final int MAX_ROWS = 1_000;

	private final Imports imports;

	private final ImportedRows rows;

	ImportController(Imports imports, ImportedRows rows) {
		this.imports = imports;
		this.rows = rows;
	}

	@PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	ResponseEntity<ImportView> upload(@RequestPart("file") MultipartFile file) throws IOException {
		String name = UploadName.of(file);
		if (file.isEmpty()) {
			throw new InvalidUploadException(HttpStatus.BAD_REQUEST, "'" + name + "' is empty.");
		}
		try (InputStream content = file.getInputStream()) {
			return accepted(this.imports.submit(name, content));
		}
		catch (InvalidCsvException ex) {
			throw new InvalidUploadException(HttpStatus.BAD_REQUEST, String.valueOf(ex.getMessage()));
		}
	}

	@GetMapping
	List<ImportView> list() {
		return this.imports.findAll().stream().map(ImportView::of).toList();
	}

	@GetMapping("/{id}")
	ImportView get(@PathVariable String id) {
		return ImportView.of(find(id));
	}

	@PostMapping("/{id}/resume")
	ResponseEntity<ImportView> resume(@PathVariable String id) {
		Import before = find(id);
		if (!this.imports.resume(before.id())) {
			Import now = find(id);
			throw problem(HttpStatus.CONFLICT, "'" + now.name() + "' cannot be resumed: it is "
					+ now.state().jsonValue() + ", and only what is interrupted or failed can.");
		}
		return accepted(find(id));
	}

	@GetMapping("/{id}/rows")
	List<ImportedRow> rows(@PathVariable String id, @RequestParam @Nullable Long after,
			@RequestParam(defaultValue = "100") int limit) {
		if (limit < 1 || limit > MAX_ROWS) {
			throw problem(HttpStatus.BAD_REQUEST,
					"The limit of " + limit + " rows is out of range: give 1 to " + MAX_ROWS + ".");
		}
		return this.rows.findAfter(find(id).id(), after, limit);
	}

	@ExceptionHandler
	ProblemDetail handle(JobException ex) {
		logger.warn("An import could not be enqueued", ex);
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"The import cannot be started at the moment. Nothing has changed; try again later.");
	}

	private Import find(String id) {
		return uuid(id).flatMap(this.imports::find)
			.orElseThrow(() -> problem(HttpStatus.NOT_FOUND, "There is no such import."));
	}

	private static Optional<UUID> uuid(String id) {
		try {
			UUID uuid = UUID.fromString(id);
			return uuid.toString().equals(id) ? Optional.of(uuid) : Optional.empty();
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	private static ResponseEntity<ImportView> accepted(Import accepted) {
		return ResponseEntity.accepted()
			.location(URI.create("/imports/" + accepted.id()))
			.body(ImportView.of(accepted));
	}

	private static ErrorResponseException problem(HttpStatus status, String detail) {
		return new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, detail), null);
	}

}
