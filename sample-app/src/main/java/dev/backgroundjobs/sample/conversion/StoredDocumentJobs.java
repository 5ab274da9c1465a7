package dev.backgroundjobs.sample.conversion;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.StorageObject;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.docx4j.openpackaging.exceptions.Docx4JException;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.StreamUtils;
import org.springframework.util.unit.DataSize;

/**
 * The background job that nobody enqueues: a bucket has a new document.
 */
@Component
@ConditionalOnProperty("paperwork.output")
class StoredDocumentJobs {

	// As large as an upload may be.
	static final DataSize MAX_SIZE = DataSize.ofMegabytes(20);

	private static final Log logger = LogFactory.getLog(StoredDocumentJobs.class);

	private final StoredDocuments documents;

	private final DocxConverter converter;

	StoredDocumentJobs(StoredDocuments documents, DocxConverter converter) {
		this.documents = documents;
		this.converter = converter;
	}

	/**
	 * Convert the document that a bucket holds now, whichever event tells of it. May run
	 * twice, or twice at once: the PDF appears whole or not at all.
	 * @param object which document
	 * @throws Exception what stood in the way this time; the next attempt may succeed
	 */
	@BackgroundJob(name = "documents.convertStored", queue = "documents", timeout = "2m")
	@OnEvent(type = "${paperwork.object-events:google.cloud.storage.object.v1.finalized}", subject = "**/*.docx")
	void convert(StorageObject object) throws Exception {
		Resource source = find(object);
		Path directory = Files.createTempDirectory("paperwork");
		try {
			Path pdf = directory.resolve("document.pdf");
			List<String> warnings = makePdf(object, source, directory.resolve("source.docx"), pdf);
			this.documents.publish(object, pdf);
			logger.info("Converted '" + object.name() + "' of bucket " + object.bucket() + ": "
					+ (warnings.isEmpty() ? "nothing is missing" : String.join("; ", warnings)));
		}
		catch (UnreadableDocumentException ex) {
			throw new DiscardJobException(String.valueOf(ex.getMessage()), ex);
		}
		finally {
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	private Resource find(StorageObject object) {
		try {
			return this.documents.find(object);
		}
		catch (IllegalArgumentException ex) {
			throw new DiscardJobException(String.valueOf(ex.getMessage()), ex);
		}
	}

	private List<String> makePdf(StorageObject object, Resource source, Path docx, Path pdf)
			throws UnreadableDocumentException, IOException, Docx4JException {
		JobContext job = JobContext.current();
		long changed = lastModified(object, source);
		read(object, source, docx);
		List<String> warnings = this.converter.convert(docx, pdf,
				(step) -> job.progress(step, (long) DocxConverter.STEPS));
		// Else an old document could replace the PDF of a new one. What is left is the
		// time that writing takes.
		if (lastModified(object, source) != changed) {
			throw new IOException("Object '" + object.name() + "' changed while it was converted");
		}
		return warnings;
	}

	private static long lastModified(StorageObject object, Resource source) throws IOException {
		try {
			return source.lastModified();
		}
		catch (FileNotFoundException ex) {
			throw new DiscardJobException("Object '" + object.name() + "' is gone", ex);
		}
	}

	private static void read(StorageObject object, Resource source, Path docx)
			throws UnreadableDocumentException, IOException {
		try (InputStream in = source.getInputStream(); OutputStream out = Files.newOutputStream(docx)) {
			if (StreamUtils.copyRange(in, out, 0, MAX_SIZE.toBytes()) > MAX_SIZE.toBytes()) {
				throw new UnreadableDocumentException(
						"Object '" + object.name() + "' is larger than " + MAX_SIZE.toMegabytes() + " MB.");
			}
		}
	}

}
