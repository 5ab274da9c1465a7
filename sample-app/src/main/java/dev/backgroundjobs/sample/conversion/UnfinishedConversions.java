package dev.backgroundjobs.sample.conversion;

import java.util.Comparator;
import java.util.List;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.runonce.RunOnce;
import dev.backgroundjobs.sample.document.Document;
import dev.backgroundjobs.sample.document.DocumentStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Sends anew the jobs of documents that a former run of the application left unfinished:
 * the {@code local} backend keeps its jobs in memory. With a backend that still has them
 * they run twice, which does no harm. Not in a process that runs a single message, beside
 * which the application is alive.
 */
@Component
@Profile("!" + RunOnce.PROFILE)
class UnfinishedConversions implements ApplicationRunner {

	private static final Log logger = LogFactory.getLog(UnfinishedConversions.class);

	private final DocumentStore documents;

	private final Conversions conversions;

	private final List<Document> unfinished;

	UnfinishedConversions(DocumentStore documents, Conversions conversions) {
		this.documents = documents;
		this.conversions = conversions;
		this.unfinished = documents.findAll()
			.stream()
			.filter((document) -> !document.state().isFinal())
			.sorted(Comparator.comparing(Document::createdAt))
			.toList();
	}

	@Override
	public void run(ApplicationArguments arguments) {
		if (!this.unfinished.isEmpty()) {
			logger.info("Converting " + this.unfinished.size() + " documents that the last run left unfinished");
		}
		for (Document document : this.unfinished) {
			try {
				this.documents.update(document.id(), (current) -> current.queuedAgain(current.error()));
				this.conversions.send(document.id());
			}
			catch (JobException ex) {
				logger.warn("Document " + document.id() + " stays unfinished until the next start", ex);
			}
		}
	}

}
