package dev.backgroundjobs.adapter.aws;

import java.util.Locale;

import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryRequest;

/**
 * Accepts the daemon of Elastic Beanstalk's worker environments, which runs on the same
 * machine.
 */
final class SqsdDeliveryAuthenticator implements DeliveryAuthenticator {

	@Override
	public Decision authenticate(DeliveryRequest request) {
		String agent = request.header("User-Agent");
		if (agent == null || !agent.toLowerCase(Locale.ROOT).startsWith("aws-sqsd")) {
			return Decision.ABSTAIN;
		}
		return request.isLoopback() ? Decision.ACCEPT : Decision.ABSTAIN;
	}

}
