package dev.backgroundjobs.adapter.google;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.autoconfigure.StartProblems;
import dev.backgroundjobs.delivery.JobDeliveryController;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
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
		GoogleDeliveryAuthenticator googleDeliveryAuthenticator(GoogleOidcProperties properties, JobsClock clock,
				Environment environment) {
			return new GoogleDeliveryAuthenticator(
					new GoogleTokenVerifier(Objects.requireNonNull(properties.audience()), properties.emails(),
							GoogleKeys.from(properties.jwkSetUri()), clock.get(),
							"platform".equalsIgnoreCase(environment.getProperty("jobs.endpoint.trust"))));
		}

	}

	/**
	 * Callers that the platform has checked: all of them, or those with a token that
	 * 'jobs.google-oidc' accepts.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "jobs.endpoint.trust", havingValue = "platform")
	static class PlatformTrustConfiguration {

		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		@Conditional(NoAudience.class)
		PlatformDeliveryAuthenticator platformDeliveryAuthenticator() {
			return new PlatformDeliveryAuthenticator();
		}

		// Only Cloud Run can refuse strangers before they get here.
		@Bean
		StartProblems platformTrustProblems(Environment environment, ObjectProvider<JobDeliveryController> endpoint) {
			return () -> {
				if (endpoint.getIfAvailable() == null) {
					// As in a process for one message, which nobody can call.
					return List.of();
				}
				if (environment.getProperty("K_SERVICE") == null) {
					return List.of("Property 'jobs.endpoint.trust' is 'platform', and this is no Cloud Run service "
							+ "(K_SERVICE is not set), so that nobody would check callers: remove it, and configure "
							+ "'jobs.google-oidc' or 'jobs.signing.keys'");
				}
				if (environment.getProperty("jobs.google-oidc.audience") != null) {
					logger.warn("Tokens are believed without a signature (jobs.endpoint.trust=platform): run.invoker "
							+ "must never be granted to allUsers");
				}
				else {
					logger.warn("Whoever reaches the endpoint is trusted (jobs.endpoint.trust=platform): run.invoker "
							+ "must be granted to the service accounts of queues and subscriptions only, never to "
							+ "allUsers");
				}
				return List.of();
			};
		}

	}

	static final class NoAudience extends NoneNestedConditions {

		NoAudience() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty("jobs.google-oidc.audience")
		static final class HasAudience {

		}

	}

}
