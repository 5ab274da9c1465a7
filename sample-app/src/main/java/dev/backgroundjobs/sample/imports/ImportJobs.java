package dev.backgroundjobs.sample.imports;

import java.time.Duration;
import java.util.UUID;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.iteration.CsvRow;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;

import org.springframework.core.io.Resource;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/**
 * The background job that inserts the rows of a file.
 */
@Component
class ImportJobs {

	static final String NAME = "imports.run";

	static final String QUEUE = "imports";

	static final int MAX_FAILED_ROWS = 1_000;

	private final ImportStore imports;

	private final ImportFiles files;

	private final ImportedRows rows;

	private final H2Checkpoint checkpoint;

	ImportJobs(ImportStore imports, ImportFiles files, ImportedRows rows, H2Checkpoint checkpoint) {
		this.imports = imports;
		this.files = files;
		this.rows = rows;
		this.checkpoint = checkpoint;
	}

	/**
	 * Insert the rows of a file, one at a time: a row is what the job can stop after,
	 * what is counted, and what may fail alone. Rows that were inserted before stay.
	 * @param command which import
	 * @return the walk over the file
	 */
	@BackgroundJob(name = NAME, queue = QUEUE, discardOn = MalformedRowException.class)
	Iteration<CsvRow> run(RunImport command) {
		JobContext job = JobContext.current();
		UUID jobId = UUID.fromString(job.id());
		Import found = this.imports.find(command.importId())
			.orElseThrow(() -> new DiscardJobException("Import " + command.importId() + " is gone"));
		if (found.state() == ImportState.DONE || !found.jobId().equals(jobId)) {
			// A late delivery: the work is done, or another job's by now.
			return Iteration.none();
		}
		Resource file = this.files.find(found.id());
		if (!file.exists()) {
			throw new DiscardJobException("The uploaded file is gone.");
		}
		return Iteration.over(Sources.csv(file).withTotal(found::total))
			.each((row) -> insert(found.id(), row))
			.continueOnItemFailure(MAX_FAILED_ROWS)
			.onStop(this.checkpoint::run)
			.onComplete(() -> this.imports.complete(jobId, job.progress()));
	}

	private void insert(UUID importId, CsvRow row) throws MalformedRowException {
		ImportedRow imported = ImportedRow.of(row);
		try {
			this.rows.insert(importId, imported);
		}
		catch (DuplicateKeyException ex) {
			this.imports.countRepeatedRow(importId);
		}
		catch (DataAccessException ex) {
			// Not the row's failure: it must not be skipped.
			throw new RetryJobException("The database does not take rows", Duration.ofSeconds(30), ex);
		}
	}

}
