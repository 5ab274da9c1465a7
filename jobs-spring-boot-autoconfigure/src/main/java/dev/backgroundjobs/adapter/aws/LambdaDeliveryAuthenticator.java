package dev.backgroundjobs.adapter.aws;

import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryRequest;

/**
 * Accepts, on Lambda, the events that Lambda Web Adapter passes on. That a request comes
 * from this machine proves nothing there: those of a function URL take the same way, and
 * are told apart by what the adapter says of them.
 */
final class LambdaDeliveryAuthenticator implements DeliveryAuthenticator {

	@Override
	public Decision authenticate(DeliveryRequest request) {
		return (request.isLoopback() && LambdaContext.isEvent(request)) ? Decision.ACCEPT : Decision.ABSTAIN;
	}

}
