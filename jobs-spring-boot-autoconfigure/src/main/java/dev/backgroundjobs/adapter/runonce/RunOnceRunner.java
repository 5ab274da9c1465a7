package dev.backgroundjobs.adapter.runonce;

import java.util.List;
import java.util.stream.Collectors;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.JobMessages;
import dev.backgroundjobs.message.JobMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * Does what this process was started for, and ends it.
 */
final class RunOnceRunner {

	static final String BEAN_NAME = "jobRunOnceRunner";

	private static final Logger logger = LoggerFactory.getLogger(RunOnceRunner.class);

	private final RunOnceWorker worker;

	private final JobMessages messages;

	private final BackendJobs jobs;

	private final List<ManifestPrinter> printers;

	private final RunOnceProcess process;

	RunOnceRunner(RunOnceWorker worker, JobMessages messages, BackendJobs jobs, List<ManifestPrinter> printers,
			RunOnceProcess process) {
		this.worker = worker;
		this.messages = messages;
		this.jobs = jobs;
		this.printers = List.copyOf(printers);
		this.process = process;
	}

	void run(RunOnceRequest request, ConfigurableApplicationContext context) {
		try {
			if (request instanceof RunOnceRequest.Manifest manifest) {
				this.process.settled(print(manifest));
			}
			else {
				this.worker.run(request);
			}
			context.close();
		}
		catch (RuntimeException ex) {
			logger.error("The application could not be closed", ex);
		}
		finally {
			// Not before everything is closed, and whatever threads are left.
			this.process.exit();
		}
	}

	private int print(RunOnceRequest.Manifest manifest) {
		try {
			JobMessage message = this.messages.of(manifest.job(), manifest.args());
			this.process.print(printer(message).manifest(message));
			return RunOnce.EXIT_DONE;
		}
		catch (JobException ex) {
			logger.error("No manifest: {}", ex.getMessage());
			return RunOnce.EXIT_NEVER;
		}
		catch (RuntimeException ex) {
			logger.error("No manifest", ex);
			return RunOnce.EXIT_RELEASED;
		}
	}

	private ManifestPrinter printer(JobMessage message) {
		String backend = this.jobs.backendOf(message.queue());
		return this.printers.stream()
			.filter((printer) -> printer.backend().equals(backend))
			.findFirst()
			.orElseThrow(() -> new JobException("Queue '" + message.queue() + "' of job '" + message.job()
					+ "' is on backend '" + backend + "', which sends no manifests"
					+ (this.printers.isEmpty() ? "" : ": those of " + names() + " can be shown")));
	}

	private String names() {
		return this.printers.stream()
			.map((printer) -> "'" + printer.backend() + "'")
			.collect(Collectors.joining(" and "));
	}

}
