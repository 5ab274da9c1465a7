package dev.backgroundjobs.adapter.google;

import java.util.List;

import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryRequest;

/**
 * Accepts callers with an OIDC token of one of the configured service accounts. Says
 * nothing of callers without one.
 */
final class GoogleDeliveryAuthenticator implements DeliveryAuthenticator {

	private static final String BEARER = "bearer ";

	private final GoogleTokenVerifier tokens;

	GoogleDeliveryAuthenticator(GoogleTokenVerifier tokens) {
		this.tokens = tokens;
	}

	@Override
	public Decision authenticate(DeliveryRequest request) {
		List<String> values = request.headers("Authorization");
		if (values.isEmpty()) {
			return Decision.ABSTAIN;
		}
		String value = values.get(0);
		if (values.size() > 1 || !value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
			return Decision.REFUSE;
		}
		return this.tokens.verify(value.substring(BEARER.length()).strip());
	}

}
