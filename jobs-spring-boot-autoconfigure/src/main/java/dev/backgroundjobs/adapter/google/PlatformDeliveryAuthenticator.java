package dev.backgroundjobs.adapter.google;

import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryRequest;

/**
 * Accepts every caller, since Cloud Run has checked them before: only as
 * {@code jobs.endpoint.trust=platform} says so.
 */
final class PlatformDeliveryAuthenticator implements DeliveryAuthenticator {

	@Override
	public Decision authenticate(DeliveryRequest request) {
		return Decision.ACCEPT;
	}

}
