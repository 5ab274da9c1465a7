package dev.backgroundjobs.adapter.cloudrun;

import java.io.IOException;
import java.time.Duration;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.rpc.ClientSettings;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.cloud.run.v2.ExecutionsClient;
import com.google.cloud.run.v2.ExecutionsSettings;
import com.google.cloud.run.v2.JobsClient;
import com.google.cloud.run.v2.JobsSettings;
import dev.backgroundjobs.JobException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * Creates the clients when they are first needed, and closes them with the application.
 * Safe for use by several threads.
 */
final class CloudRunClientFactory implements DisposableBean {

	static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final @Nullable String endpoint;

	private @Nullable JobsClient jobs;

	private @Nullable ExecutionsClient executions;

	CloudRunClientFactory(@Nullable String endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Return the client that starts executions.
	 */
	synchronized JobsClient jobs() {
		if (this.jobs == null) {
			JobsSettings.Builder settings = JobsSettings.newBuilder();
			// An execution cannot be named, so that starting it again would start
			// another.
			once(settings.runJobSettings());
			this.jobs = create(settings, JobsSettings.defaultGrpcTransportProviderBuilder(),
					() -> JobsClient.create(settings.build()));
		}
		return this.jobs;
	}

	/**
	 * Return the client that asks for executions and cancels them.
	 */
	synchronized ExecutionsClient executions() {
		if (this.executions == null) {
			ExecutionsSettings.Builder settings = ExecutionsSettings.newBuilder();
			once(settings.getExecutionSettings());
			once(settings.cancelExecutionSettings());
			this.executions = create(settings, ExecutionsSettings.defaultGrpcTransportProviderBuilder(),
					() -> ExecutionsClient.create(settings.build()));
		}
		return this.executions;
	}

	private static void once(UnaryCallSettings.Builder<?, ?> call) {
		call.setSimpleTimeoutNoRetriesDuration(TIMEOUT);
	}

	private <C> C create(ClientSettings.Builder<?, ?> settings, InstantiatingGrpcChannelProvider.Builder channels,
			Creation<C> creation) {
		if (this.endpoint != null) {
			settings.setEndpoint(this.endpoint)
				.setCredentialsProvider(NoCredentialsProvider.create())
				.setTransportChannelProvider(channels.setEndpoint(this.endpoint)
					.setChannelConfigurator((channel) -> channel.usePlaintext())
					.build());
		}
		try {
			return creation.create();
		}
		catch (IOException ex) {
			throw new JobException("Backend 'cloud-run' has no credentials: give the application a service account, or "
					+ "run 'gcloud auth application-default login' where a person does (" + ex.getMessage() + ")", ex);
		}
	}

	@Override
	public synchronized void destroy() {
		if (this.jobs != null) {
			this.jobs.close();
		}
		if (this.executions != null) {
			this.executions.close();
		}
	}

	@FunctionalInterface
	private interface Creation<C> {

		C create() throws IOException;

	}

}
