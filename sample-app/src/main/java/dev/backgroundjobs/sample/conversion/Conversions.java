package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.sample.document.Document;
import dev.backgroundjobs.sample.document.DocumentStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Service;

/**
 * Takes in uploads and sends the jobs that convert them.
 */
@Service
public class Conversions implements ApplicationRunner {

	private static final Log logger = LogFactory.getLog(Conversions.class);

	private final DocumentStore documents;

	private final JobDispatcher jobs;

	private final List<Document> unfinished;

	Conversions(DocumentStore documents, JobDispatcher jobs) {
		this.documents = documents;
		this.jobs = jobs;
		this.unfinished = documents.findAll()
			.stream()
			.filter((document) -> !document.state().isFinal())
			.sorted(Comparator.comparing(Document::createdAt))
			.toList();
	}

	/**
	 * Store an upload and have it converted. The file is stored before the job is sent: a
	 * job never looks for a file that is not there yet, and what a crash leaves between
	 * the two is sent at the next start.
	 * @param name the file's name
	 * @param content the file
	 * @return the document, which waits to be converted
	 * @throws IOException when the upload cannot be stored
	 * @throws JobException when the job cannot be sent; the upload is gone then
	 */
	public Document submit(String name, InputStream content) throws IOException {
		Document document = this.documents.create(name, content);
		try {
			send(document.id());
			return document;
		}
		catch (RuntimeException ex) {
			this.documents.delete(document.id());
			throw ex;
		}
	}

	/**
	 * Send anew the jobs of documents that a former run of the application left
	 * unfinished: the {@code local} backend keeps its jobs in memory. With a backend that
	 * still has them they run twice, which does no harm.
	 */
	@Override
	public void run(ApplicationArguments arguments) {
		if (!this.unfinished.isEmpty()) {
			logger.info("Converting " + this.unfinished.size() + " documents that the last run left unfinished");
		}
		for (Document document : this.unfinished) {
			try {
				this.documents.update(document.id(), (current) -> current.queuedAgain(current.error()));
				send(document.id());
			}
			catch (JobException ex) {
				logger.warn("Document " + document.id() + " stays unfinished until the next start", ex);
			}
		}
	}

	private void send(UUID id) {
		this.jobs.enqueue(DocumentJobs::convert, new ConvertDocument(id.toString()));
	}

}
