package dev.backgroundjobs.docs;

import java.nio.file.Path;
import java.time.Duration;

import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessageCodec;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnJobBackend("directory")
class DirectoryJobConfiguration {

	@Bean
	JobDirectory jobDirectory(@Value("${app.jobs-directory}") Path path) {
		return new JobDirectory(path);
	}

	@Bean
	DirectoryJobBackend directoryJobBackend(JobDirectory directory, JobMessageCodec codec) {
		return new DirectoryJobBackend(directory, codec);
	}

	@Bean
	DirectoryJobWorker directoryJobWorker(JobDirectory directory, DeliveryProcessor processor, JobsClock clock,
			@Value("${app.jobs-lease:10m}") Duration lease) {
		return new DirectoryJobWorker(directory, processor, clock.get(), lease);
	}

}
