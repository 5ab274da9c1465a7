package dev.backgroundjobs.adapter.google;

import java.net.MalformedURLException;
import java.net.URI;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;

/**
 * The keys that sign Google's tokens: kept, fetched again before they grow old, at most
 * every half minute, and kept longer while they cannot be fetched.
 */
final class GoogleKeys {

	private static final int TIMEOUT_MILLIS = 2_000;

	private static final int MAX_BYTES = 100_000;

	// Google's answers say about six hours, and new keys are published before they sign.
	private static final long KEEP_MILLIS = 60 * 60 * 1_000L;

	private static final long REFRESH_AHEAD_MILLIS = 5 * 60 * 1_000L;

	private static final long REFRESH_TIMEOUT_MILLIS = 10_000;

	private static final long MIN_INTERVAL_MILLIS = 30_000;

	private static final long OUTAGE_MILLIS = 6 * 60 * 60 * 1_000L;

	private GoogleKeys() {
	}

	static JWKSource<SecurityContext> from(URI uri) {
		try {
			return JWKSourceBuilder
				.create(uri.toURL(), new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_BYTES))
				.cache(KEEP_MILLIS, REFRESH_TIMEOUT_MILLIS)
				.refreshAheadCache(REFRESH_AHEAD_MILLIS, false)
				.rateLimited(MIN_INTERVAL_MILLIS)
				.outageTolerant(OUTAGE_MILLIS)
				.build();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException(
					"Property 'jobs.google-oidc.jwk-set-uri' is '" + uri + "': give an address", ex);
		}
	}

}
