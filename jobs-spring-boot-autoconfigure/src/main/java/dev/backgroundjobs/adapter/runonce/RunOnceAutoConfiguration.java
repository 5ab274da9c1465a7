package dev.backgroundjobs.adapter.runonce;

import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.JobMessages;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.delivery.DeliveryProcessor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of processes that are started for one message. Always there, since
 * Spring AOT decides when it processes an application what is.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
public final class RunOnceAutoConfiguration {

	@Bean
	RunOnceWorker jobRunOnceWorker(ObjectProvider<RunOnceRequest> request, DeliveryProcessor processor,
			JobMessages messages, BackendJobs jobs, ObjectProvider<RunOncePlatform> platforms,
			ObjectProvider<RunOnceProcess> process, Environment environment) {
		return new RunOnceWorker(request.getIfAvailable() != null, processor, messages, jobs,
				() -> platforms.orderedStream().toList(), process::getObject, environment.getProperty(RunOnce.SENDER));
	}

	// Only in a process for one message.
	@Bean(RunOnceRunner.BEAN_NAME)
	@Lazy
	RunOnceRunner jobRunOnceRunner(RunOnceWorker worker, JobMessages messages, BackendJobs jobs,
			ObjectProvider<ManifestPrinter> printers, RunOnceProcess process) {
		return new RunOnceRunner(worker, messages, jobs, printers.orderedStream().toList(), process);
	}

}
