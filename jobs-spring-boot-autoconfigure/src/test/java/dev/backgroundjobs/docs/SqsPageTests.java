package dev.backgroundjobs.docs;

import dev.backgroundjobs.adapter.sqs.SqsJobCustomizer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The blocks of {@code docs/sqs.md}.
 */
class SqsPageTests {

	@Test
	void setsTheCredentialsOfTheClient() {
		new ApplicationContextRunner().withUserConfiguration(Clients.class).run((context) -> {
			SqsClientBuilder builder = SqsClient.builder().region(Region.EU_WEST_1);
			context.getBean(SqsJobCustomizer.class).customize(builder);
			try (SqsClient client = builder.build()) {
				assertThat(client.serviceClientConfiguration().credentialsProvider())
					.isInstanceOf(ProfileCredentialsProvider.class);
			}
		});
	}

	@Test
	void leavesTheAsynchronousClientAlone() {
		new ApplicationContextRunner().withUserConfiguration(Clients.class).run((context) -> {
			SqsAsyncClientBuilder builder = SqsAsyncClient.builder().region(Region.EU_WEST_1);
			context.getBean(SqsJobCustomizer.class).customize(builder);
			try (SqsAsyncClient client = builder.build()) {
				assertThat(client.serviceClientConfiguration().credentialsProvider())
					.isNotInstanceOf(ProfileCredentialsProvider.class);
			}
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Clients {

		@Bean
		SqsJobCustomizer sqsProfile() {
			return (builder) -> builder.credentialsProvider(ProfileCredentialsProvider.create("paperwork"));
		}

	}

}
