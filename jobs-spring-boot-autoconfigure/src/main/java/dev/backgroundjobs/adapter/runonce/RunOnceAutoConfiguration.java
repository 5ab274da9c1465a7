package dev.backgroundjobs.adapter.runonce;

import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.JobMessages;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.delivery.DeliveryProcessor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of processes that are started for one message. Always there, since
 * Spring AOT decides when it processes an application what is.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
public final class RunOnceAutoConfiguration {

	@Bean
	RunOnceWorker jobRunOnceWorker(ObjectProvider<RunOnceRequest> request, DeliveryProcessor processor,
			JobMessages messages, ObjectProvider<RunOncePlatform> platforms) {
		return new RunOnceWorker(request.getIfAvailable(), processor, messages, platforms.orderedStream().toList());
	}

	@Bean
	RunOnceRunner jobRunOnceRunner(ObjectProvider<RunOnceRequest> request, RunOnceWorker worker, JobMessages messages,
			BackendJobs jobs, ObjectProvider<ManifestPrinter> printers, ObjectProvider<RunOnceProcess> process,
			ApplicationContext context) {
		return new RunOnceRunner(request.getIfAvailable(), worker, messages, jobs, printers.orderedStream().toList(),
				process.getIfAvailable(() -> RunOnceExit::exit), context);
	}

}
