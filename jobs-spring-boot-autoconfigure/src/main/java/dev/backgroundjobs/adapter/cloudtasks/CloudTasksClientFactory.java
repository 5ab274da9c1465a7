package dev.backgroundjobs.adapter.cloudtasks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.tasks.v2.CloudTasksClient;
import com.google.cloud.tasks.v2.CloudTasksSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * Creates the client when it is first needed, and closes it with the application. Safe
 * for use by several threads.
 */
final class CloudTasksClientFactory implements Supplier<CloudTasksClient>, DisposableBean {

	// A task has a name, so that creating it again is safe.
	private static final RetrySettings RETRY = RetrySettings.newBuilder()
		.setInitialRetryDelayDuration(Duration.ofMillis(100))
		.setRetryDelayMultiplier(2)
		.setMaxRetryDelayDuration(Duration.ofSeconds(2))
		.setInitialRpcTimeoutDuration(Duration.ofSeconds(5))
		.setRpcTimeoutMultiplier(1)
		.setMaxRpcTimeoutDuration(Duration.ofSeconds(5))
		.setTotalTimeoutDuration(Duration.ofSeconds(10))
		.build();

	private final @Nullable String endpoint;

	private @Nullable CloudTasksClient client;

	CloudTasksClientFactory(@Nullable String endpoint) {
		this.endpoint = endpoint;
	}

	@Override
	public synchronized CloudTasksClient get() {
		if (this.client == null) {
			try {
				this.client = CloudTasksClient.create(settings());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return this.client;
	}

	private CloudTasksSettings settings() throws IOException {
		CloudTasksSettings.Builder settings = CloudTasksSettings.newBuilder();
		settings.createTaskSettings().setRetryableCodes(StatusCode.Code.UNAVAILABLE).setRetrySettings(RETRY);
		if (this.endpoint != null) {
			settings.setEndpoint(this.endpoint)
				.setCredentialsProvider(NoCredentialsProvider.create())
				.setTransportChannelProvider(CloudTasksSettings.defaultGrpcTransportProviderBuilder()
					.setEndpoint(this.endpoint)
					.setChannelConfigurator((channel) -> channel.usePlaintext())
					.build());
		}
		return settings.build();
	}

	@Override
	public synchronized void destroy() {
		if (this.client != null) {
			this.client.close();
		}
	}

}
