package dev.backgroundjobs.adapter.aws;

import java.util.List;

import dev.backgroundjobs.delivery.DeliveryResponder;
import dev.backgroundjobs.delivery.DeliveryResponse;
import dev.backgroundjobs.delivery.Settlement;

/**
 * Answers an invocation with one message or some events: it is done, or has failed as a
 * whole, so that Lambda invokes the function again.
 */
final class LambdaDeliveryResponder implements DeliveryResponder {

	@Override
	public DeliveryResponse respond(List<Settlement> settlements) {
		Settlement settlement = settlements.stream()
			.filter((each) -> !each.isAcknowledged())
			.findFirst()
			.orElse(settlements.get(0));
		return new DeliveryResponse(status(settlement), "{\"settlement\":\"" + settlement.tag() + "\"}", null);
	}

	private static int status(Settlement settlement) {
		if (settlement.isAcknowledged()) {
			return 200;
		}
		return switch (settlement) {
			case BUSY -> 409;
			case UNAVAILABLE -> 503;
			case UNREADABLE -> 400;
			case UNTRUSTED -> 401;
			default -> 500;
		};
	}

}
