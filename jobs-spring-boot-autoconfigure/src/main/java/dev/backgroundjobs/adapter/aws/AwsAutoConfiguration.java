package dev.backgroundjobs.adapter.aws;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.autoconfigure.StartProblems;

/**
 * Auto-configuration of Amazon's callers.
 */
@AutoConfiguration(before = JobsAutoConfiguration.class)
public final class AwsAutoConfiguration {

	@Bean
	LambdaEvents lambdaEvents(ObjectProvider<SqsVisibility> visibility) {
		return new LambdaEvents(visibility.getIfAvailable());
	}

	@Bean
	LambdaDeliveryDecoder lambdaDeliveryDecoder(LambdaEvents events, JobsClock clock) {
		return new LambdaDeliveryDecoder(events, clock.get());
	}

	@Bean
	AwsPlatformEvents awsPlatformEvents() {
		return new AwsPlatformEvents();
	}

	@Bean
	SqsdDeliveryDecoder sqsdDeliveryDecoder() {
		return new SqsdDeliveryDecoder();
	}

	// Whether this is Lambda is asked at the start: an image may have been built
	// elsewhere.
	@Bean
	StartProblems lambdaProblems(Environment environment, BeanFactory beans,
			ObjectProvider<LambdaDeliveryAuthenticator> authenticator) {
		// By name, since its type is not to be loaded where there is no web server.
		return new LambdaProblems(environment, () -> beans.containsBean("jobDeliveryController"),
				() -> authenticator.getIfAvailable() != null);
	}

	/**
	 * What is there on Lambda only.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("AWS_LAMBDA_FUNCTION_NAME")
	static class LambdaConfiguration {

		@Bean
		LambdaDeliveryAuthenticator lambdaDeliveryAuthenticator() {
			return new LambdaDeliveryAuthenticator();
		}

	}

	/**
	 * The daemon of Elastic Beanstalk, where it is said that there is one.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("jobs.sqsd.enabled")
	static class SqsdConfiguration {

		@Bean
		SqsdDeliveryAuthenticator sqsdDeliveryAuthenticator() {
			return new SqsdDeliveryAuthenticator();
		}

	}

}
