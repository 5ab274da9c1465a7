package dev.backgroundjobs.adapter.lambda;

import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.message.JobMessageCodec;
import software.amazon.awssdk.services.lambda.LambdaClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the {@code lambda} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("lambda")
public final class LambdaJobAutoConfiguration {

	/**
	 * What needs the SDK. Whether it is there is asked only here, since asking loads a
	 * class of it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LambdaClient.class)
	@EnableConfigurationProperties(LambdaJobProperties.class)
	static class BackendConfiguration {

		@Bean
		LambdaClientFactory lambdaJobClientFactory(LambdaJobProperties properties,
				ObjectProvider<LambdaJobCustomizer> customizers) {
			return new LambdaClientFactory(properties, customizers.orderedStream().toList());
		}

		@Bean
		LambdaFunctions lambdaJobFunctions(LambdaJobProperties properties) {
			return new LambdaFunctions(properties);
		}

		@Bean
		LambdaFailures lambdaJobFailures(LambdaClientFactory client) {
			return new LambdaFailures(client::hasCredentials);
		}

		@Bean
		LambdaJobBackend lambdaJobBackend(LambdaClientFactory client, LambdaFunctions functions,
				LambdaFailures failures, JobMessageCodec codec, LambdaJobProperties properties,
				ObjectProvider<BackendRequests> requests) {
			return new LambdaJobBackend(client, functions, failures, codec,
					requests.getIfAvailable(() -> BackendRequests.NONE), properties.concurrency());
		}

		@Bean
		LambdaTarget lambdaJobTarget(LambdaClientFactory client, LambdaFunctions functions, LambdaFailures failures,
				ObjectProvider<BackendRequests> requests) {
			return new LambdaTarget(client, functions, failures, requests.getIfAvailable(() -> BackendRequests.NONE));
		}

		@Bean
		LambdaProblems lambdaJobProblems(LambdaJobProperties properties, LambdaFunctions functions, BackendJobs jobs) {
			return new LambdaProblems(properties, functions, jobs);
		}

	}

}
