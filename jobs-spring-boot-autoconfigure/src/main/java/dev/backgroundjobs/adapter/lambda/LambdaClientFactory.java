package dev.backgroundjobs.adapter.lambda;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.LambdaClientBuilder;

import org.springframework.beans.factory.DisposableBean;

/**
 * Creates the client when it is first needed, and closes it with the application. Safe
 * for use by several threads.
 */
final class LambdaClientFactory implements Supplier<LambdaClient>, DisposableBean {

	private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);

	static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(10);

	private final LambdaJobProperties properties;

	private final List<LambdaJobCustomizer> customizers;

	private @Nullable LambdaClient client;

	LambdaClientFactory(LambdaJobProperties properties, List<LambdaJobCustomizer> customizers) {
		this.properties = properties;
		this.customizers = List.copyOf(customizers);
	}

	@Override
	public synchronized LambdaClient get() {
		if (this.client == null) {
			LambdaClientBuilder builder = LambdaClient.builder()
				.overrideConfiguration(
						(override) -> override.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(TOTAL_TIMEOUT));
			if (this.properties.region() != null) {
				builder.region(Region.of(this.properties.region()));
			}
			if (this.properties.endpoint() != null) {
				builder.endpointOverride(this.properties.endpoint());
			}
			this.customizers.forEach((customizer) -> customizer.customize(builder));
			this.client = build(builder);
		}
		return this.client;
	}

	private LambdaClient build(LambdaClientBuilder builder) {
		try {
			return builder.build();
		}
		catch (SdkClientException ex) {
			if (this.properties.region() == null && !hasDefaultRegion()) {
				throw new JobException("Backend 'lambda' does not know the region of its functions: set "
						+ "'jobs.lambda.region', or AWS_REGION where the application runs", ex);
			}
			throw ex;
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

	@Override
	public synchronized void destroy() {
		if (this.client != null) {
			this.client.close();
		}
	}

}
