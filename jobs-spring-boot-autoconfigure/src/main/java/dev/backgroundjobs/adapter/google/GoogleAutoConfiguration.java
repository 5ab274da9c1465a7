package dev.backgroundjobs.adapter.google;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.autoconfigure.StartProblems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of Google's callers.
 */
@AutoConfiguration(before = JobsAutoConfiguration.class)
@EnableConfigurationProperties(GoogleOidcProperties.class)
public final class GoogleAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(GoogleAutoConfiguration.class);

	// Pub/Sub's own where a subscription does not say.
	private static final Duration ACK_DEADLINE = Duration.ofSeconds(10);

	@Bean
	CloudTasksDeliveryDecoder cloudTasksDeliveryDecoder(JobsClock clock) {
		return new CloudTasksDeliveryDecoder(clock.get());
	}

	// The property belongs to the backend, whose classes need not be there to be
	// delivered to.
	@Bean
	PubSubDeliveryDecoder pubSubDeliveryDecoder(Environment environment, JobsClock clock) {
		Duration ackDeadline = Binder.get(environment)
			.bind("jobs.pubsub.ack-deadline", Duration.class)
			.orElse(ACK_DEADLINE);
		return new PubSubDeliveryDecoder(ackDeadline, clock.get());
	}

	@Bean
	GooglePlatformEvents googlePlatformEvents() {
		return new GooglePlatformEvents();
	}

	@Bean
	StartProblems googleOidcProblems(GoogleOidcProperties properties) {
		return () -> {
			boolean hasAudience = properties.audience() != null && !properties.audience().isBlank();
			if (hasAudience == !properties.emails().isEmpty()) {
				return List.of();
			}
			return List.of(hasAudience
					? "Property 'jobs.google-oidc.emails' is empty, and an audience alone proves nothing: list the "
							+ "service accounts that may deliver jobs"
					: "Property 'jobs.google-oidc.audience' is not set: give the audience that tokens are made for, "
							+ "such as the service's address");
		};
	}

	/**
	 * Callers with Google's tokens, where it is said which of them are accepted.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty({ "jobs.google-oidc.audience" })
	static class OidcConfiguration {

		@Bean
		GoogleDeliveryAuthenticator googleDeliveryAuthenticator(GoogleOidcProperties properties, JobsClock clock) {
			return new GoogleDeliveryAuthenticator(
					new GoogleTokenVerifier(Objects.requireNonNull(properties.audience()), properties.emails(),
							GoogleKeys.from(properties.jwkSetUri()), clock.get()));
		}

	}

	/**
	 * Callers that the platform has checked.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "jobs.endpoint.trust", havingValue = "platform")
	static class PlatformTrustConfiguration {

		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		PlatformDeliveryAuthenticator platformDeliveryAuthenticator() {
			return new PlatformDeliveryAuthenticator();
		}

		// Only Cloud Run can refuse strangers before they get here.
		@Bean
		StartProblems platformTrustProblems(Environment environment) {
			return () -> {
				if (environment.getProperty("K_SERVICE") == null) {
					return List.of("Property 'jobs.endpoint.trust' is 'platform', and this is no Cloud Run service "
							+ "(K_SERVICE is not set), so that nobody would check callers: remove it, and configure "
							+ "'jobs.google-oidc' or 'jobs.signing.keys'");
				}
				logger.warn("Whoever reaches the endpoint is trusted (jobs.endpoint.trust=platform): run.invoker must "
						+ "be granted to the service accounts of queues and subscriptions only, never to allUsers");
				return List.of();
			};
		}

	}

}
