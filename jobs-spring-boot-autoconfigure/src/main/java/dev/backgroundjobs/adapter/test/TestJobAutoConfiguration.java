package dev.backgroundjobs.adapter.test;

import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.test.TestJobBackend;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@code test} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("test")
public final class TestJobAutoConfiguration {

	@Bean
	TestJobBackend testJobBackend(JobMessageCodec codec, ObjectProvider<DeliveryProcessor> processor, JobsClock clock) {
		return new TestJobBackend(codec, processor, clock.get());
	}

}
