package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.sample.document.Document;
import dev.backgroundjobs.sample.document.DocumentStore;

import org.springframework.stereotype.Service;

/**
 * Takes in uploads and sends the jobs that convert them.
 */
@Service
public class Conversions {

	private final DocumentStore documents;

	private final JobDispatcher jobs;

	Conversions(DocumentStore documents, JobDispatcher jobs) {
		this.documents = documents;
		this.jobs = jobs;
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

	void send(UUID id) {
		this.jobs.enqueue(DocumentJobs::convert, new ConvertDocument(id.toString()));
	}

}
