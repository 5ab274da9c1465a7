package dev.backgroundjobs.adapter.sqs;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.batchmanager.SqsAsyncBatchManager;

import org.springframework.beans.factory.DisposableBean;

/**
 * Creates the clients when they are first needed, and closes them with the application.
 * Safe for use by several threads.
 */
final class SqsClients implements Supplier<SqsClient>, DisposableBean {

	private final SqsJobProperties properties;

	private final List<SqsJobCustomizer> customizers;

	private final BooleanSupplier hasDefaultRegion;

	private volatile @Nullable SqsClient client;

	private @Nullable SqsAsyncClient asyncClient;

	private volatile @Nullable SqsAsyncBatchManager batchManager;

	SqsClients(SqsJobProperties properties, List<SqsJobCustomizer> customizers) {
		this(properties, customizers, SqsClients::hasDefaultRegion);
	}

	SqsClients(SqsJobProperties properties, List<SqsJobCustomizer> customizers, BooleanSupplier hasDefaultRegion) {
		this.properties = properties;
		this.customizers = List.copyOf(customizers);
		this.hasDefaultRegion = hasDefaultRegion;
	}

	@Override
	public SqsClient get() {
		SqsClient client = this.client;
		return (client != null) ? client : create();
	}

	private synchronized SqsClient create() {
		SqsClient client = this.client;
		if (client == null) {
			SqsClientBuilder builder = configure(SqsClient.builder());
			this.customizers.forEach((customizer) -> customizer.customize(builder));
			client = build(builder::build);
			this.client = client;
		}
		return client;
	}

	/**
	 * Return what gathers single sends.
	 */
	SqsAsyncBatchManager batchManager() {
		SqsAsyncBatchManager batchManager = this.batchManager;
		return (batchManager != null) ? batchManager : createBatchManager();
	}

	private synchronized SqsAsyncBatchManager createBatchManager() {
		SqsAsyncBatchManager batchManager = this.batchManager;
		if (batchManager == null) {
			SqsAsyncClientBuilder builder = configure(SqsAsyncClient.builder())
				.overrideConfiguration((overrides) -> overrides.apiCallTimeout(SqsEntry.PATIENCE)
					.apiCallAttemptTimeout(SqsEntry.ATTEMPT_PATIENCE));
			this.customizers.forEach((customizer) -> customizer.customize(builder));
			SqsAsyncClient asyncClient = build(builder::build);
			batchManager = asyncClient.batchManager();
			this.asyncClient = asyncClient;
			this.batchManager = batchManager;
		}
		return batchManager;
	}

	/**
	 * Return whether the client finds credentials, for whoever asks why a call failed.
	 */
	boolean hasCredentials() {
		try {
			get().serviceClientConfiguration().credentialsProvider().resolveIdentity().join();
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	private <B extends AwsClientBuilder<B, ?>> B configure(B builder) {
		if (this.properties.region() != null) {
			builder.region(Region.of(this.properties.region()));
		}
		if (this.properties.endpoint() != null) {
			builder.endpointOverride(this.properties.endpoint());
		}
		return builder;
	}

	<C> C build(Supplier<C> builder) {
		try {
			return builder.get();
		}
		catch (SdkClientException ex) {
			if (this.properties.region() == null && !this.hasDefaultRegion.getAsBoolean()) {
				throw new JobException(
						"Backend 'sqs' does not know the region of its queues: set 'jobs.sqs.region', "
								+ "or AWS_REGION where the application runs. A local SQS takes any, such as us-east-1",
						ex);
			}
			throw new JobException("No client of SQS can be made: " + ex.getMessage(), ex);
		}
	}

	private static boolean hasDefaultRegion() {
		try {
			return DefaultAwsRegionProviderChain.builder().build().getRegion() != null;
		}
		catch (SdkClientException ex) {
			return false;
		}
	}

	@Override
	public synchronized void destroy() {
		if (this.batchManager != null) {
			this.batchManager.close();
		}
		if (this.asyncClient != null) {
			this.asyncClient.close();
		}
		if (this.client != null) {
			this.client.close();
		}
	}

}
