package dev.backgroundjobs.adapter.google;

import java.net.URI;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Google's OIDC tokens, by which the endpoint knows Cloud Tasks, Pub/Sub and Eventarc.
 *
 * @param audience Audience that tokens are made for, the service's address for example.
 * Callers are accepted only where this and 'emails' are set.
 * @param emails Service accounts whose tokens are accepted.
 * @param jwkSetUri Address of the keys that sign tokens.
 */
@ConfigurationProperties("jobs.google-oidc")
public record GoogleOidcProperties(@Nullable String audience, @DefaultValue Set<String> emails,
		@DefaultValue("https://www.googleapis.com/oauth2/v3/certs") URI jwkSetUri) {
}
