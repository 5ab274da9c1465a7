package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.sample.document.Document;
import dev.backgroundjobs.sample.document.DocumentState;
import dev.backgroundjobs.sample.document.DocumentStore;
import org.docx4j.openpackaging.exceptions.Docx4JException;

import org.springframework.stereotype.Component;

/**
 * The background job of Paperwork.
 */
@Component
class DocumentJobs {

	private final DocumentStore documents;

	private final DocxConverter converter;

	DocumentJobs(DocumentStore documents, DocxConverter converter) {
		this.documents = documents;
		this.converter = converter;
	}

	/**
	 * Convert a document. May run twice, or twice at once: the PDF appears whole or not
	 * at all, and what is done stays as it is.
	 * @param command which document
	 * @throws Exception what stood in the way this time; the next attempt may succeed
	 */
	@BackgroundJob(name = "documents.convert", queue = "documents", timeout = "2m")
	void convert(ConvertDocument command) throws Exception {
		Document document = this.documents.find(command.documentId())
			.orElseThrow(() -> new DiscardJobException("Document " + command.documentId() + " is gone"));
		if (document.state() == DocumentState.DONE) {
			return;
		}
		JobContext job = JobContext.current();
		this.documents.update(document.id(), (current) -> current.running(job.attempt()));
		try {
			List<String> warnings = makePdf(document.id(), job);
			this.documents.update(document.id(), (current) -> current.done(warnings));
		}
		catch (UnreadableDocumentException ex) {
			String reason = String.valueOf(ex.getMessage());
			this.documents.update(document.id(), (current) -> current.failed(reason));
			throw new DiscardJobException(reason, ex);
		}
		catch (Exception | OutOfMemoryError ex) {
			attemptFailed(document.id(), job, ex);
			throw ex;
		}
	}

	private List<String> makePdf(UUID id, JobContext job)
			throws UnreadableDocumentException, IOException, Docx4JException {
		Path pdf = this.documents.temporaryPdf(id);
		try {
			List<String> warnings = this.converter.convert(this.documents.source(id), pdf,
					(step) -> progress(id, job, step));
			this.documents.publishPdf(id, pdf);
			return warnings;
		}
		finally {
			Files.deleteIfExists(pdf);
		}
	}

	private void progress(UUID id, JobContext job, int step) {
		job.progress(step, (long) DocxConverter.STEPS);
		this.documents.progress(id, 100 * step / DocxConverter.STEPS);
	}

	private void attemptFailed(UUID id, JobContext job, Throwable failure) {
		// An interrupted thread cannot write files.
		boolean interrupted = Thread.interrupted();
		boolean last = !job.stopRequested() && job.attempt() >= job.maxAttempts();
		String reason = reason(job, failure);
		this.documents.update(id, (current) -> last ? current.failed(reason) : current.queuedAgain(reason));
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private static String reason(JobContext job, Throwable failure) {
		Instant deadline = job.deadline();
		if (deadline != null && !Instant.now().isBefore(deadline)) {
			return "The conversion took too long.";
		}
		if (job.stopRequested()) {
			return "The conversion was interrupted.";
		}
		if (failure instanceof OutOfMemoryError) {
			return "The document needs more memory than there is at the moment.";
		}
		if (failure instanceof IOException) {
			return "A file could not be read or written.";
		}
		return "The document could not be laid out.";
	}

}
