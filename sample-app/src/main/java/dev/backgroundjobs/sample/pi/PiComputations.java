package dev.backgroundjobs.sample.pi;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOperationNotSupportedException;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.JobOptions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.stereotype.Service;

/**
 * Sends the jobs that compute pi, and finds out what became of them. Where a job is a
 * container nobody but its backend knows, and only until it deletes it.
 */
@Service
class PiComputations {

	private static final Log logger = LogFactory.getLog(PiComputations.class);

	private final PiStore store;

	private final JobDispatcher jobs;

	private final JobOperations operations;

	PiComputations(PiStore store, JobDispatcher jobs, JobOperations operations) {
		this.store = store;
		this.jobs = jobs;
		this.operations = operations;
	}

	/**
	 * Have pi computed. Not in a transaction: what the backend calls the job is known
	 * once it is sent, and is kept to ask with.
	 * @param digits how many digits
	 * @return the computation, which waits for its job
	 * @throws JobException when the job cannot be sent; nothing is left then
	 */
	Pi submit(int digits) {
		UUID id = UUID.randomUUID();
		this.store.create(id, digits);
		EnqueuedJob job;
		try {
			job = this.jobs.with(JobOptions.none().id(id.toString())).enqueue(PiJobs::compute, digits);
		}
		catch (RuntimeException ex) {
			this.store.delete(id);
			throw ex;
		}
		this.store.sent(id, job);
		return new Pi(id, digits, PiState.QUEUED, null, null, job);
	}

	/**
	 * Find a computation, as it is now.
	 * @param id its id
	 * @return the computation
	 */
	Optional<Pi> find(UUID id) {
		return this.store.find(id).flatMap((known) -> {
			if (!known.state().isFinal() && known.job() != null) {
				ask(id, known.job());
			}
			return this.store.find(id);
		});
	}

	private void ask(UUID id, EnqueuedJob job) {
		try {
			switch (this.operations.status(job)) {
				case RUNNING -> this.store.running(id);
				case SUCCEEDED -> printed(id, this.operations.logs(job));
				case FAILED -> this.store.failed(id, "The container has failed.");
				case SCHEDULED, QUEUED, UNKNOWN -> {
					// Nothing new.
				}
			}
		}
		catch (JobOperationNotSupportedException ex) {
			// Not a container: the job itself writes down what becomes of it.
		}
		catch (JobException ex) {
			logger.warn("The state of computation " + id + " is not known at the moment", ex);
		}
	}

	// Its warnings are among the lines.
	private void printed(UUID id, List<String> lines) {
		lines.stream()
			.map(String::strip)
			.filter((line) -> line.matches("3(\\.\\d+)?"))
			.findFirst()
			.ifPresentOrElse((number) -> this.store.done(id, number),
					() -> this.store.failed(id, "The container has printed no number."));
	}

}
