package dev.backgroundjobs.sample.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import dev.backgroundjobs.sample.conversion.Conversions;
import dev.backgroundjobs.sample.document.Document;
import dev.backgroundjobs.sample.document.DocumentState;
import dev.backgroundjobs.sample.document.DocumentStore;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/**
 * Takes documents in, and gives out their state and their PDF.
 */
@RestController
@RequestMapping("/documents")
class DocumentController {

	private final DocumentStore documents;

	private final Conversions conversions;

	DocumentController(DocumentStore documents, Conversions conversions) {
		this.documents = documents;
		this.conversions = conversions;
	}

	@PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	ResponseEntity<DocumentView> upload(@RequestPart("file") MultipartFile file) throws IOException {
		UploadLimit.DOCUMENT.check(file);
		String name = UploadName.of(file);
		if (!name.toLowerCase(Locale.ROOT).endsWith(".docx")) {
			throw new InvalidUploadException(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
					"'" + name + "' is not a Word document: its name does not end with .docx.");
		}
		if (file.isEmpty()) {
			throw new InvalidUploadException(HttpStatus.BAD_REQUEST, "'" + name + "' is empty.");
		}
		try (InputStream content = file.getInputStream()) {
			Document document = this.conversions.submit(name, content);
			return ResponseEntity.accepted()
				.location(URI.create("/documents/" + document.id()))
				.body(DocumentView.of(document));
		}
	}

	@GetMapping
	List<DocumentView> list() {
		return this.documents.findAll().stream().map(DocumentView::of).toList();
	}

	@GetMapping("/{id}")
	DocumentView get(@PathVariable String id) {
		return DocumentView.of(find(id));
	}

	@GetMapping("/{id}/pdf")
	ResponseEntity<Resource> pdf(@PathVariable String id) {
		Document document = find(id);
		if (document.state() != DocumentState.DONE) {
			throw new ErrorResponseException(HttpStatus.CONFLICT, ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT,
					"'" + document.name() + "' has no PDF: it is " + document.state().jsonValue() + "."), null);
		}
		String name = document.name().substring(0, document.name().length() - ".docx".length()) + ".pdf";
		ContentDisposition disposition = ContentDisposition.inline().filename(name, StandardCharsets.UTF_8).build();
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_PDF)
			.header(HttpHeaders.CONTENT_DISPOSITION, disposition.toString())
			.header("X-Content-Type-Options", "nosniff")
			.body(new FileSystemResource(this.documents.pdf(document.id())));
	}

	private Document find(String id) {
		return this.documents.find(id)
			.orElseThrow(() -> new ErrorResponseException(HttpStatus.NOT_FOUND,
					ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "There is no such document."), null));
	}

}
