package dev.backgroundjobs.adapter.scheduler;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.SchedulerClientBuilder;

import org.springframework.beans.factory.DisposableBean;

/**
 * Creates the client when it is first needed, and closes it with the application. Safe
 * for use by several threads.
 */
final class SchedulerClientFactory implements Supplier<SchedulerClient>, DisposableBean {

	private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);

	static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(10);

	private final SchedulerJobProperties properties;

	private final List<SchedulerJobCustomizer> customizers;

	private @Nullable SchedulerClient client;

	SchedulerClientFactory(SchedulerJobProperties properties, List<SchedulerJobCustomizer> customizers) {
		this.properties = properties;
		this.customizers = List.copyOf(customizers);
	}

	@Override
	public synchronized SchedulerClient get() {
		if (this.client == null) {
			SchedulerClientBuilder builder = SchedulerClient.builder()
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

	private SchedulerClient build(SchedulerClientBuilder builder) {
		try {
			return builder.build();
		}
		catch (SdkClientException ex) {
			if (this.properties.region() == null && !hasDefaultRegion()) {
				throw new JobException("Backend 'eventbridge-scheduler' does not know the region of its schedules: set "
						+ "'jobs.eventbridge-scheduler.region', or AWS_REGION where the application runs", ex);
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
