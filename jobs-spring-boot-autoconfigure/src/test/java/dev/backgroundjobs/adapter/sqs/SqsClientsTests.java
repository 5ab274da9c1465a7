package dev.backgroundjobs.adapter.sqs;

import java.net.URI;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.JobException;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SqsClientsTests {

	@Test
	void takesRegionAndEndpointOfTheProperties() {
		SqsClients clients = new SqsClients(properties("eu-west-1"), List.of());
		SqsServiceClientConfiguration configuration = clients.get().serviceClientConfiguration();
		assertThat(configuration.region().id()).isEqualTo("eu-west-1");
		assertThat(configuration.endpointOverride()).contains(URI.create("http://127.0.0.1:1"));
		clients.destroy();
	}

	@Test
	void createsAClientOnceAndClosesIt() {
		SqsClients clients = new SqsClients(properties("eu-west-1"), List.of(new TestSqs.Credentials()));
		SqsClient client = clients.get();
		assertThat(clients.get()).isSameAs(client);
		assertThat(clients.batchManager()).isSameAs(clients.batchManager());
		clients.destroy();
		assertThatIllegalStateException().isThrownBy(client::listQueues).withMessageContaining("shut down");
	}

	@Test
	void closesNothingThatWasNotCreated() {
		SqsClients clients = new SqsClients(properties("eu-west-1"), List.of((builder) -> {
			throw new AssertionError("created");
		}));
		clients.destroy();
	}

	@Test
	void namesThePropertyOfARegionThatNobodyKnows() {
		SqsClients clients = new SqsClients(properties(null), List.of(), () -> false);
		SdkClientException cause = SdkClientException.create("no region");
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> clients.build(() -> {
			throw cause;
		})).withMessageContainingAll("'jobs.sqs.region'", "AWS_REGION").withCause(cause);
	}

	@Test
	void tellsWhatElseKeepsAClientFromBeingMade() {
		SqsClients clients = new SqsClients(properties(null), List.of(), () -> true);
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> clients.build(() -> {
			throw SdkClientException.create("no HTTP client");
		})).withMessage("No client of SQS can be made: no HTTP client");
	}

	@Test
	void namesTheDefaultChainWhereThereAreNoCredentials() {
		SqsClients clients = new SqsClients(properties("eu-west-1"),
				List.of((builder) -> builder.credentialsProvider(() -> {
					throw SdkClientException.create("Unable to load credentials");
				})));
		assertThat(clients.hasCredentials()).isFalse();
		SqsFailures failures = new SqsFailures(clients::hasCredentials, SqsEntry.PATIENCE);
		try {
			clients.get().listQueues();
			throw new AssertionError("answered");
		}
		catch (SdkClientException ex) {
			assertThat(failures.of("reports", "https://q", "sqs:SendMessage", ex)).hasMessageContainingAll(
					"No credentials were found for SQS queue 'https://q' of queue 'reports' by the default chain",
					"AWS_ACCESS_KEY_ID", "SqsJobCustomizer");
		}
		finally {
			clients.destroy();
		}
	}

	@Test
	void namesThePropertiesWhereThereIsNoWay() {
		SqsClients clients = new SqsClients(properties("eu-west-1"), List.of(new TestSqs.Credentials()));
		SqsFailures failures = new SqsFailures(clients::hasCredentials, SqsEntry.PATIENCE);
		assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> clients.get().listQueues())
			.satisfies((ex) -> assertThat(failures.of("reports", "https://q", "sqs:SendMessage", ex))
				.hasMessageContainingAll("SQS was not reached for sqs:SendMessage", "'jobs.sqs.region'",
						"'jobs.sqs.endpoint'"));
		clients.destroy();
	}

	@Test
	void findsTheCredentialsOfACustomizer() {
		SqsClients clients = new SqsClients(properties("eu-west-1"), List.of(new TestSqs.Credentials()));
		assertThat(clients.hasCredentials()).isTrue();
		clients.destroy();
	}

	private static SqsJobProperties properties(@Nullable String region) {
		return new SqsJobProperties(region, URI.create("http://127.0.0.1:1"), new SqsJobProperties.Batch(false),
				TestSqs.worker(false), Map.of());
	}

}
