package dev.backgroundjobs.test;

import java.time.Clock;
import java.util.function.Supplier;

import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.dispatch.AfterCommitOutbox;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.message.ArgumentCodec;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of {@link JobsTester}, imported by {@link AutoConfigureJobsTester}
 * only.
 */
@AutoConfiguration(before = JobsAutoConfiguration.class)
public final class JobsTesterAutoConfiguration {

	@Bean
	TestTime jobsTestTime(ObjectProvider<Clock> clock) {
		return new TestTime(clock.getIfUnique(Clock::systemUTC));
	}

	@Bean
	JobsClock jobsClock(TestTime time) {
		return new JobsClock(time.asClock());
	}

	@Bean
	PlannedRuns jobsPlannedRuns(ObjectProvider<DeliveryProcessor> processor) {
		return new PlannedRuns(processor);
	}

	@Bean
	JobReader jobsTestReader(ArgumentCodec arguments, Supplier<JobDefinitions> definitions) {
		return new JobReader(arguments, definitions);
	}

	@Bean
	TestRuns jobsTestRuns(TestJobBackend backend, DeliveryProcessor processor, PlannedRuns planned, JobReader reader) {
		return new TestRuns(backend, processor, planned, reader);
	}

	@Bean
	JobsTester jobsTester(TestJobBackend backend, TestRuns runs, PlannedRuns planned, TestTime time, JobReader reader,
			EventMessages events, ObjectProvider<AfterCommitOutbox> outbox) {
		return new JobsTester(backend, runs, planned, time, reader, events, outbox.getIfAvailable());
	}

}
