package dev.backgroundjobs.adapter.cloudrun;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the {@code cloud-run} backend. Credentials are Google's application
 * default credentials.
 *
 * @param project Id of the project that has the Cloud Run jobs.
 * @param location Location of the Cloud Run jobs, such as europe-west1.
 * @param endpoint Host and port of an emulator, reached without credentials and without
 * TLS. Google's own by default.
 * @param concurrency Number of executions that are started at once when many jobs are
 * enqueued.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs.cloud-run")
public record CloudRunJobProperties(@Nullable String project, @Nullable String location, @Nullable String endpoint,
		@DefaultValue("20") int concurrency, @DefaultValue Map<String, Queue> queues) {

	/**
	 * Settings of one queue.
	 *
	 * @param job Name of the Cloud Run job that runs the queue's jobs.
	 * @param container Name of the container that gets the message. The only one by
	 * default.
	 * @param timeout Longest run of a task, for jobs that have no timeout of their own.
	 * That of the Cloud Run job by default.
	 * @param tasks Number of tasks that each message of a job is run in.
	 */
	public record Queue(@Nullable String job, @Nullable String container, @Nullable Duration timeout,
			@DefaultValue("1") int tasks) {
	}

}
