package dev.backgroundjobs.adapter.sqs;

import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/**
 * Changes the clients of SQS before they are built: their credentials, HTTP client,
 * timeouts or interceptors. Declare it as a bean; several are called in the order of
 * {@code @Order}, after {@code jobs.sqs.region} and {@code jobs.sqs.endpoint} were set.
 */
@FunctionalInterface
public interface SqsJobCustomizer {

	/**
	 * Change the client that sends and receives.
	 * @param builder the builder
	 */
	void customize(SqsClientBuilder builder);

	/**
	 * Change the client that gathers single sends, which there is only with
	 * {@code jobs.sqs.batch.enabled=true}. Whoever sets credentials above sets them here
	 * too.
	 * @param builder the builder
	 */
	default void customize(SqsAsyncClientBuilder builder) {
	}

}
