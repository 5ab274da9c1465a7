package dev.backgroundjobs.sample.imports;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.sample.document.PaperworkProperties;

import org.springframework.stereotype.Service;

/**
 * Takes in CSV files and sends the jobs that import them.
 */
@Service
public class Imports {

	private final ImportStore imports;

	private final ImportFiles files;

	private final JobDispatcher jobs;

	private final boolean durable;

	Imports(ImportStore imports, ImportFiles files, JobDispatcher jobs, QueueRouter queues,
			PaperworkProperties properties) {
		this.imports = imports;
		this.files = files;
		this.jobs = jobs;
		this.durable = queues.route(ImportJobs.QUEUE).isDurable() && !properties.queuesInMemory();
	}

	/**
	 * Store a file and have its rows imported.
	 * @param name the file's name
	 * @param content the file
	 * @return the import, which waits for its first slice
	 * @throws InvalidCsvException when the file is something else
	 * @throws IOException when the file cannot be stored
	 * @throws JobException when the job cannot be sent; the file is gone then
	 */
	public Import submit(String name, InputStream content) throws InvalidCsvException, IOException {
		UUID id = UUID.randomUUID();
		long rows = this.files.store(id, name, content);
		try {
			UUID jobId = UUID.randomUUID();
			this.imports.create(id, name, rows, jobId);
			Import created = this.imports.find(id).orElseThrow();
			send(created, jobId);
			return created;
		}
		catch (RuntimeException ex) {
			this.imports.delete(id);
			this.files.delete(id);
			throw ex;
		}
	}

	/**
	 * Go on with an import after the last row that it is known to have done.
	 * @param id the import's id
	 * @return whether it goes on; {@code false} when it is not interrupted or failed, or
	 * somebody else has just resumed it
	 * @throws JobException when the job cannot be sent; the import is as it was then
	 */
	public boolean resume(UUID id) {
		Import before = this.imports.find(id).orElseThrow();
		UUID jobId = UUID.randomUUID();
		if (!this.imports.resume(id, jobId)) {
			return false;
		}
		try {
			send(this.imports.find(id).orElseThrow(), jobId);
			return true;
		}
		catch (RuntimeException ex) {
			this.imports.resumeFailed(jobId, before);
			throw ex;
		}
	}

	// Not in a transaction: the job would be sent after the answer is decided.
	private void send(Import waiting, UUID jobId) {
		JobOptions options = JobOptions.none().id(jobId.toString());
		if (waiting.cursor() != null) {
			options = options.startCursor(waiting.cursor());
		}
		this.jobs.with(options).enqueue(ImportJobs::run, new RunImport(waiting.id()));
		if (this.durable) {
			this.imports.outlivesTheProcess(jobId);
		}
	}

	/**
	 * Find an import.
	 * @param id its id
	 * @return the import
	 */
	public Optional<Import> find(UUID id) {
		return this.imports.find(id);
	}

	/**
	 * Return all imports.
	 * @return the imports, newest first
	 */
	public List<Import> findAll() {
		return this.imports.findAll();
	}

}
