package dev.backgroundjobs.adapter.cloudtasks;

import java.net.URI;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the {@code cloud-tasks} backend.
 *
 * @param project Id of the project that has the queues.
 * @param location Location of the queues, such as europe-west1.
 * @param url Address that tasks are delivered to, with the path of the endpoint.
 * @param serviceAccountEmail Service account whose OIDC token tasks are delivered with.
 * @param audience Audience of that token. That of 'jobs.google-oidc.audience' by default.
 * @param endpoint Host and port of an emulator, reached without credentials and without
 * TLS. Google's own by default.
 * @param concurrency Number of tasks that are created at once when many are enqueued.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs.cloud-tasks")
public record CloudTasksJobProperties(@Nullable String project, @Nullable String location, @Nullable URI url,
		@Nullable String serviceAccountEmail, @Nullable String audience, @Nullable String endpoint,
		@DefaultValue("50") int concurrency, @DefaultValue Map<String, Queue> queues) {

	/**
	 * Settings of one queue.
	 *
	 * @param name Name of the queue in Cloud Tasks. That of the queue by default.
	 */
	public record Queue(@Nullable String name) {
	}

}
