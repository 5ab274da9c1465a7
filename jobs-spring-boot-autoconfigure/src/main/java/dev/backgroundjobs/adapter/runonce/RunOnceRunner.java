package dev.backgroundjobs.adapter.runonce;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.JobMessages;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Does what this process was started for once the application is ready, and ends it.
 */
final class RunOnceRunner implements ApplicationListener<ApplicationReadyEvent>, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(RunOnceRunner.class);

	private final @Nullable RunOnceRequest request;

	private final RunOnceWorker worker;

	private final JobMessages messages;

	private final BackendJobs jobs;

	private final List<ManifestPrinter> printers;

	private final RunOnceProcess process;

	private final ApplicationContext context;

	RunOnceRunner(@Nullable RunOnceRequest request, RunOnceWorker worker, JobMessages messages, BackendJobs jobs,
			List<ManifestPrinter> printers, RunOnceProcess process, ApplicationContext context) {
		this.request = request;
		this.worker = worker;
		this.messages = messages;
		this.jobs = jobs;
		this.printers = List.copyOf(printers);
		this.process = process;
		this.context = context;
	}

	// What else is done when the application is ready comes before.
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (this.request == null || event.getApplicationContext() != this.context) {
			return;
		}
		int code = (this.request instanceof RunOnceRequest.Manifest manifest) ? print(manifest)
				: this.worker.run(this.request);
		SpringApplication.exit(this.context, () -> code);
		this.process.exit(code);
	}

	private int print(RunOnceRequest.Manifest manifest) {
		try {
			JobMessage message = this.messages.of(manifest.job(), manifest.args());
			String backend = this.jobs.backendOf(message.queue());
			ManifestPrinter printer = this.printers.stream()
				.filter((each) -> each.backend().equals(backend))
				.findFirst()
				.orElseThrow(() -> new JobException(
						"Queue '" + message.queue() + "' of job '" + message.job() + "' is on backend '" + backend
								+ "', which has no manifests: those of 'kubernetes' can be " + "shown"));
			write(printer.manifest(message));
			return RunOnce.EXIT_DONE;
		}
		catch (JobException ex) {
			logger.error("No manifest: {}", ex.getMessage());
			return RunOnce.EXIT_NEVER;
		}
	}

	// Not by the log, so that it can be piped.
	private static void write(String manifest) {
		try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
			out.write(manifest.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new JobException("The manifest could not be written: " + ex.getMessage(), ex);
		}
	}

}
